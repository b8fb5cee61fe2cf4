//! What kind of error is it?

use std::cmp::Reverse;

use rayon::prelude::*;
use serde::Serialize;

use super::{overlaps, same_spans, shared, strict, take_out};
use crate::eval::{Corpus, Item, Side};
use crate::text::Span;

/// The kinds of errors; every error is of exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorClass {
    /// A gold mention that nothing was predicted for.
    Missed,
    /// A prediction where the gold has nothing (or only mentions that other predictions got right).
    Spurious,
    /// The right span with another label.
    WrongType,
    /// The right label; the prediction contains the gold mention and more.
    BoundaryLonger,
    /// The right label; the gold mention contains the prediction and more.
    BoundaryShorter,
    /// The right label; each has bytes that the other lacks.
    BoundaryOverlap,
    /// An overlapping span with another label.
    BoundaryAndType,
    /// One gold mention, two or more predictions that each overlap it, of any label.
    Split,
    /// Two or more gold mentions, of any label, that one prediction overlaps.
    Merge,
}

impl ErrorClass {
    /// Every class, in the order of reports.
    pub const ALL: [Self; 9] = [
        Self::Missed,
        Self::Spurious,
        Self::WrongType,
        Self::BoundaryLonger,
        Self::BoundaryShorter,
        Self::BoundaryOverlap,
        Self::BoundaryAndType,
        Self::Split,
        Self::Merge,
    ];

    /// What the class is, in a few words.
    pub fn explained(self) -> &'static str {
        match self {
            Self::Missed => "a gold mention without prediction",
            Self::Spurious => "a prediction without gold mention",
            Self::WrongType => "right boundaries, other label",
            Self::BoundaryLonger => "right label, reaches too far",
            Self::BoundaryShorter => "right label, not far enough",
            Self::BoundaryOverlap => "right label, shifted",
            Self::BoundaryAndType => "other boundaries, other label",
            Self::Split => "one gold mention, several predictions",
            Self::Merge => "several gold mentions, one prediction",
        }
    }

    /// The class as reports and JSON write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missed => "missed",
            Self::Spurious => "spurious",
            Self::WrongType => "wrong_type",
            Self::BoundaryLonger => "boundary_longer",
            Self::BoundaryShorter => "boundary_shorter",
            Self::BoundaryOverlap => "boundary_overlap",
            Self::BoundaryAndType => "boundary_and_type",
            Self::Split => "split",
            Self::Merge => "merge",
        }
    }
}

/// One error: the mentions that it concerns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MentionError {
    /// The document, by its place in [`Corpus::documents`].
    pub document: usize,
    /// What kind of error it is.
    pub class: ErrorClass,
    /// The gold mentions, by their place in the document's list, rising: none when spurious, two or more when merged, else one.
    pub gold: Vec<usize>,
    /// The predicted mentions, by their place in the system's list, rising: none when missed, two or more when split, else one.
    pub predicted: Vec<usize>,
}

impl MentionError {
    /// From the first byte of its mentions to their last.
    ///
    /// # Panics
    /// When the error is of another corpus or system.
    pub fn span(&self, corpus: &Corpus, system: usize) -> Span {
        let document = &corpus.documents[self.document];
        span(self, document.items(Side::Gold), document.items(Side::System(system)))
    }
}

fn span(error: &MentionError, gold: &[Item], predicted: &[Item]) -> Span {
    let spans = || error.gold.iter().map(|&g| gold[g].span).chain(error.predicted.iter().map(|&p| predicted[p].span));
    let start = spans().map(Span::start).min().expect("an error has a mention");
    let end = spans().map(Span::end).max().expect("an error has a mention");
    Span::new(start, end)
}

/// How many errors of each class there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ErrorCounts {
    /// Of [`ErrorClass::Missed`].
    pub missed: u64,
    /// Of [`ErrorClass::Spurious`].
    pub spurious: u64,
    /// Of [`ErrorClass::WrongType`].
    pub wrong_type: u64,
    /// Of [`ErrorClass::BoundaryLonger`].
    pub boundary_longer: u64,
    /// Of [`ErrorClass::BoundaryShorter`].
    pub boundary_shorter: u64,
    /// Of [`ErrorClass::BoundaryOverlap`].
    pub boundary_overlap: u64,
    /// Of [`ErrorClass::BoundaryAndType`].
    pub boundary_and_type: u64,
    /// Of [`ErrorClass::Split`].
    pub split: u64,
    /// Of [`ErrorClass::Merge`].
    pub merge: u64,
}

impl ErrorCounts {
    /// Counts errors by class.
    pub fn new(errors: &[MentionError]) -> Self {
        let mut counts = Self::default();
        for error in errors {
            *counts.of_mut(error.class) += 1;
        }
        counts
    }

    /// How many errors there are.
    pub fn total(&self) -> u64 {
        self.missed
            + self.spurious
            + self.wrong_type
            + self.boundary_longer
            + self.boundary_shorter
            + self.boundary_overlap
            + self.boundary_and_type
            + self.split
            + self.merge
    }

    /// How many errors there are of a class.
    pub fn of(&self, class: ErrorClass) -> u64 {
        *self.clone().of_mut(class)
    }

    fn of_mut(&mut self, class: ErrorClass) -> &mut u64 {
        match class {
            ErrorClass::Missed => &mut self.missed,
            ErrorClass::Spurious => &mut self.spurious,
            ErrorClass::WrongType => &mut self.wrong_type,
            ErrorClass::BoundaryLonger => &mut self.boundary_longer,
            ErrorClass::BoundaryShorter => &mut self.boundary_shorter,
            ErrorClass::BoundaryOverlap => &mut self.boundary_overlap,
            ErrorClass::BoundaryAndType => &mut self.boundary_and_type,
            ErrorClass::Split => &mut self.split,
            ErrorClass::Merge => &mut self.merge,
        }
    }
}

/// The errors of a system, in the order of the text.
///
/// Mentions that are strictly right are in no error; every other one, gold or predicted, is in exactly one. Equal spans pair
/// first, then overlapping ones, those of the same label before others and the larger overlap (in bytes) before the smaller.
/// What is left over joins the pair that it overlaps most: a second prediction over a gold mention makes it a split, a second
/// gold mention under a prediction a merge. Only what nothing can take is missed or spurious.
///
/// # Panics
/// When there is no such system.
pub fn errors(corpus: &Corpus, system: usize) -> Vec<MentionError> {
    let by_document: Vec<Vec<MentionError>> = corpus
        .documents
        .par_iter()
        .enumerate()
        .map(|(index, document)| errors_of(index, document.items(Side::Gold), document.items(Side::System(system))))
        .collect();
    by_document.into_iter().flatten().collect()
}

fn errors_of(document: usize, gold: &[Item], predicted: &[Item]) -> Vec<MentionError> {
    let found = strict(gold, predicted);
    let mut groups = Groups::new(found.wrong_gold(), found.wrong_predicted());
    groups.pair_same_spans(gold, predicted);
    groups.pair_overlapping(gold, predicted);
    let mut errors: Vec<MentionError> = groups
        .finish()
        .into_iter()
        .map(|(gold_in, predicted_in)| {
            let class = class(&gold_in, &predicted_in, gold, predicted);
            MentionError { document, class, gold: gold_in, predicted: predicted_in }
        })
        .collect();
    errors.sort_by_cached_key(|error| (span(error, gold, predicted), error.gold.clone(), error.predicted.clone()));
    errors
}

fn class(gold_in: &[usize], predicted_in: &[usize], gold: &[Item], predicted: &[Item]) -> ErrorClass {
    let (g, p) = match (gold_in, predicted_in) {
        ([_], []) => return ErrorClass::Missed,
        ([], [_]) => return ErrorClass::Spurious,
        ([g], [p]) => (gold[*g], predicted[*p]),
        ([_], _) => return ErrorClass::Split,
        _ => return ErrorClass::Merge,
    };
    match (g.label == p.label, g.span == p.span) {
        (_, true) => ErrorClass::WrongType,
        (false, _) => ErrorClass::BoundaryAndType,
        _ if p.span.contains(g.span) => ErrorClass::BoundaryLonger,
        _ if g.span.contains(p.span) => ErrorClass::BoundaryShorter,
        _ => ErrorClass::BoundaryOverlap,
    }
}

/// Groups of which one side has at most one mention, while they grow.
struct Groups {
    /// The wrong mentions of each side that no group of equal spans took.
    gold: Vec<usize>,
    predicted: Vec<usize>,
    done: Vec<(Vec<usize>, Vec<usize>)>,
}

impl Groups {
    fn new(gold: Vec<usize>, predicted: Vec<usize>) -> Self {
        Self { gold, predicted, done: Vec::new() }
    }

    fn pair_same_spans(&mut self, gold: &[Item], predicted: &[Item]) {
        let pairs = same_spans(&spans(&self.gold, gold), &spans(&self.predicted, predicted));
        self.done.extend(pairs.iter().map(|&(g, p)| (vec![self.gold[g]], vec![self.predicted[p]])));
        take_out(&mut self.gold, pairs.iter().map(|pair| pair.0));
        take_out(&mut self.predicted, pairs.iter().map(|pair| pair.1));
    }

    fn pair_overlapping(&mut self, gold: &[Item], predicted: &[Item]) {
        let mut edges = overlaps(&spans(&self.gold, gold), &spans(&self.predicted, predicted));
        edges.sort_by_cached_key(|&(g, p)| {
            let (one, other) = (&gold[self.gold[g]], &predicted[self.predicted[p]]);
            let common = shared(one.span, other.span);
            let together = one.span.len() + other.span.len() - common;
            let spans = (one.span.min(other.span), one.span.max(other.span));
            (one.label != other.label, Reverse(common), together, spans, g, p)
        });
        let mut groups: Vec<(Vec<usize>, Vec<usize>)> = Vec::new();
        let mut group_of_gold = vec![None; self.gold.len()];
        let mut group_of_predicted = vec![None; self.predicted.len()];
        for &(g, p) in &edges {
            if group_of_gold[g].is_none() && group_of_predicted[p].is_none() {
                group_of_gold[g] = Some(groups.len());
                group_of_predicted[p] = Some(groups.len());
                groups.push((vec![self.gold[g]], vec![self.predicted[p]]));
            }
        }
        for &(g, p) in &edges {
            match (group_of_gold[g], group_of_predicted[p]) {
                (Some(group), None) if groups[group].0.len() == 1 => {
                    groups[group].1.push(self.predicted[p]);
                    group_of_predicted[p] = Some(group);
                }
                (None, Some(group)) if groups[group].1.len() == 1 => {
                    groups[group].0.push(self.gold[g]);
                    group_of_gold[g] = Some(group);
                }
                _ => {}
            }
        }
        for (gold, predicted) in &mut groups {
            gold.sort_unstable();
            predicted.sort_unstable();
        }
        self.done.append(&mut groups);
        let alone = |list: &[usize], groups: &[Option<usize>]| -> Vec<usize> {
            list.iter().zip(groups).filter(|(_, group)| group.is_none()).map(|(&index, _)| index).collect()
        };
        self.gold = alone(&self.gold, &group_of_gold);
        self.predicted = alone(&self.predicted, &group_of_predicted);
    }

    fn finish(self) -> Vec<(Vec<usize>, Vec<usize>)> {
        let mut groups = self.done;
        groups.extend(self.gold.into_iter().map(|index| (vec![index], Vec::new())));
        groups.extend(self.predicted.into_iter().map(|index| (Vec::new(), vec![index])));
        groups
    }
}

fn spans(places: &[usize], items: &[Item]) -> Vec<Span> {
    places.iter().map(|&index| items[index].span).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::eval::errors::fixture::{Row, TEXT, corpus, items, paired, random_items};

    fn row(start: usize, end: usize, label: u16) -> Row {
        (start, end, label, None)
    }

    #[test]
    fn every_class_has_its_case() {
        use ErrorClass::*;
        type Want = Vec<(ErrorClass, Vec<usize>, Vec<usize>)>;
        let cases: Vec<(&str, Vec<Row>, Vec<Row>, Want)> = vec![
            ("right", vec![row(0, 7, 0)], vec![row(0, 7, 0)], vec![]),
            ("missed", vec![row(0, 7, 0)], vec![], vec![(Missed, vec![0], vec![])]),
            ("spurious", vec![], vec![row(0, 7, 0)], vec![(Spurious, vec![], vec![0])]),
            (
                "touching",
                vec![row(0, 3, 0)],
                vec![row(3, 7, 0)],
                vec![(Missed, vec![0], vec![]), (Spurious, vec![], vec![0])],
            ),
            ("wrong type", vec![row(0, 7, 0)], vec![row(0, 7, 1)], vec![(WrongType, vec![0], vec![0])]),
            ("longer", vec![row(4, 7, 0)], vec![row(0, 7, 0)], vec![(BoundaryLonger, vec![0], vec![0])]),
            ("shorter", vec![row(0, 7, 0)], vec![row(0, 3, 0)], vec![(BoundaryShorter, vec![0], vec![0])]),
            ("overlap", vec![row(0, 7, 0)], vec![row(4, 11, 0)], vec![(BoundaryOverlap, vec![0], vec![0])]),
            ("both", vec![row(0, 7, 0)], vec![row(4, 7, 2)], vec![(BoundaryAndType, vec![0], vec![0])]),
            ("split", vec![row(0, 7, 0)], vec![row(0, 3, 0), row(4, 7, 1)], vec![(Split, vec![0], vec![0, 1])]),
            ("merge", vec![row(0, 3, 0), row(4, 7, 1)], vec![row(0, 7, 0)], vec![(Merge, vec![0, 1], vec![0])]),
            (
                "a right one beside it stays out",
                vec![row(0, 7, 0)],
                vec![row(0, 7, 0), row(4, 7, 0)],
                vec![(Spurious, vec![], vec![1])],
            ),
            (
                "a nested right one",
                vec![row(0, 7, 0), row(0, 3, 2)],
                vec![row(0, 3, 2)],
                vec![(Missed, vec![1], vec![])],
            ),
            (
                "equal spans pair before larger overlaps",
                vec![row(0, 3, 0)],
                vec![row(0, 3, 1), row(0, 7, 0)],
                vec![(WrongType, vec![0], vec![0]), (Spurious, vec![], vec![1])],
            ),
            (
                "two labels on one span",
                vec![row(0, 3, 0), row(0, 3, 1)],
                vec![row(0, 3, 1), row(0, 3, 2)],
                vec![(WrongType, vec![0], vec![1])],
            ),
            // A chain: the middle pair is the best, its ends find no group that may grow both ways.
            (
                "a chain",
                vec![row(0, 5, 0), row(5, 15, 0)],
                vec![row(4, 12, 0), row(14, 20, 0)],
                vec![(Merge, vec![0, 1], vec![0]), (Spurious, vec![], vec![1])],
            ),
        ];
        for (name, gold, predicted, want) in cases {
            let got = errors(&corpus(vec![paired(TEXT, &gold, &predicted)]), 0);
            let got: Want = got.into_iter().map(|error| (error.class, error.gold, error.predicted)).collect();
            assert_eq!(got, want, "{name}");
        }
    }

    #[test]
    fn errors_come_in_the_order_of_the_text_and_are_counted() {
        let first = paired(TEXT, &[row(12, 15, 0)], &[row(0, 3, 0), row(12, 15, 1)]);
        let second = paired(TEXT, &[row(0, 7, 0)], &[]);
        let corpus = corpus(vec![first, second]);
        let got = errors(&corpus, 0);
        let places: Vec<(usize, ErrorClass)> = got.iter().map(|error| (error.document, error.class)).collect();
        assert_eq!(places, [(0, ErrorClass::Spurious), (0, ErrorClass::WrongType), (1, ErrorClass::Missed)]);
        assert_eq!(got[1].span(&corpus, 0), Span::new(12, 15));
        let counts = ErrorCounts::new(&got);
        assert_eq!(counts, ErrorCounts { missed: 1, spurious: 1, wrong_type: 1, ..ErrorCounts::default() });
        assert_eq!(counts.total(), 3);
    }

    /// Whether the mentions of an error are what its class says.
    fn fits(error: &MentionError, gold: &[Item], predicted: &[Item]) -> bool {
        let g: Vec<Item> = error.gold.iter().map(|&index| gold[index]).collect();
        let p: Vec<Item> = error.predicted.iter().map(|&index| predicted[index]).collect();
        let bytes = |item: &Item| item.span.range().collect::<std::collections::BTreeSet<_>>();
        let meet = |one: &Item, other: &Item| !bytes(one).is_disjoint(&bytes(other));
        match error.class {
            ErrorClass::Missed => g.len() == 1 && p.is_empty(),
            ErrorClass::Spurious => g.is_empty() && p.len() == 1,
            ErrorClass::Split => g.len() == 1 && p.len() > 1 && p.iter().all(|part| meet(part, &g[0])),
            ErrorClass::Merge => p.len() == 1 && g.len() > 1 && g.iter().all(|part| meet(part, &p[0])),
            _ if g.len() != 1 || p.len() != 1 || !meet(&g[0], &p[0]) => false,
            ErrorClass::WrongType => g[0].span == p[0].span && g[0].label != p[0].label,
            ErrorClass::BoundaryAndType => g[0].span != p[0].span && g[0].label != p[0].label,
            _ if g[0].label != p[0].label || g[0].span == p[0].span => false,
            ErrorClass::BoundaryLonger => bytes(&p[0]).is_superset(&bytes(&g[0])),
            ErrorClass::BoundaryShorter => bytes(&g[0]).is_superset(&bytes(&p[0])),
            ErrorClass::BoundaryOverlap => {
                !bytes(&p[0]).is_superset(&bytes(&g[0])) && !bytes(&g[0]).is_superset(&bytes(&p[0]))
            }
        }
    }

    /// The class when gold and prediction change places.
    fn turned(class: ErrorClass) -> ErrorClass {
        match class {
            ErrorClass::Missed => ErrorClass::Spurious,
            ErrorClass::Spurious => ErrorClass::Missed,
            ErrorClass::BoundaryLonger => ErrorClass::BoundaryShorter,
            ErrorClass::BoundaryShorter => ErrorClass::BoundaryLonger,
            ErrorClass::Split => ErrorClass::Merge,
            ErrorClass::Merge => ErrorClass::Split,
            same => same,
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn every_wrong_mention_is_in_one_error(gold in random_items(), predicted in random_items()) {
            let (g, p) = (items(&gold), items(&predicted));
            let found = errors(&corpus(vec![paired(TEXT, &gold, &predicted)]), 0);
            let mut in_gold = vec![0; g.len()];
            let mut in_predicted = vec![0; p.len()];
            for error in &found {
                prop_assert!(fits(error, &g, &p), "{:?}", error);
                error.gold.iter().for_each(|&index| in_gold[index] += 1);
                error.predicted.iter().for_each(|&index| in_predicted[index] += 1);
            }
            for (index, item) in g.iter().enumerate() {
                let right = p.iter().any(|other| other.key() == item.key());
                prop_assert_eq!(in_gold[index], i32::from(!right));
            }
            for (index, item) in p.iter().enumerate() {
                let right = g.iter().any(|other| other.key() == item.key());
                prop_assert_eq!(in_predicted[index], i32::from(!right));
            }
            let of = |class| found.iter().filter(move |error| error.class == class);
            for missed in of(ErrorClass::Missed) {
                for spurious in of(ErrorClass::Spurious) {
                    prop_assert!(!g[missed.gold[0]].span.overlaps(p[spurious.predicted[0]].span));
                }
            }
        }

        #[test]
        fn the_sides_are_treated_alike(gold in random_items(), predicted in random_items()) {
            let list = |gold: &[Row], predicted: &[Row]| errors(&corpus(vec![paired(TEXT, gold, predicted)]), 0);
            let mut there: Vec<_> =
                list(&gold, &predicted).into_iter().map(|e| (e.class, e.gold, e.predicted)).collect();
            let mut back: Vec<_> =
                list(&predicted, &gold).into_iter().map(|e| (turned(e.class), e.predicted, e.gold)).collect();
            there.sort();
            back.sort();
            prop_assert_eq!(there, back);
        }
    }
}
