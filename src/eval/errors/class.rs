//! Errors and their classes.

use std::cmp::Reverse;

use rayon::prelude::*;
use serde::Serialize;

use crate::eval::overlaps::{overlaps, remove_at, same_spans, shared};
use crate::eval::strict::strict;
use crate::eval::{Corpus, Item, Side};
use crate::text::Span;

/// The kinds of errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorClass {
    /// A gold mention without a prediction.
    Missed,
    /// A prediction where the gold has nothing, or only mentions that other predictions got right.
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
    /// One gold mention that several predictions overlap, whatever their labels.
    Split,
    /// Several gold mentions that one prediction overlaps, whatever their labels.
    Merge,
}

impl ErrorClass {
    /// All classes, in the order of reports.
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

    /// An explanation in a few words.
    pub(crate) fn explained(self) -> &'static str {
        match self {
            Self::Missed => "gold mention without a prediction",
            Self::Spurious => "prediction without a gold mention",
            Self::WrongType => "right span, wrong label",
            Self::BoundaryLonger => "right label, span too long",
            Self::BoundaryShorter => "right label, span too short",
            Self::BoundaryOverlap => "right label, span shifted",
            Self::BoundaryAndType => "wrong span and wrong label",
            Self::Split => "one gold mention, several predictions",
            Self::Merge => "several gold mentions, one prediction",
        }
    }

    /// The name, as in reports and JSON.
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

/// An error: the gold and predicted mentions that it involves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MentionError {
    /// The document, as an index into [`Corpus::documents`].
    pub document: usize,
    /// The kind of error.
    pub class: ErrorClass,
    /// The gold mentions, as ascending indices into the document's list: none if spurious, several if merged, else one.
    pub gold: Vec<usize>,
    /// The predictions, as ascending indices into the system's list: none if missed, several if split, else one.
    pub predicted: Vec<usize>,
}

impl MentionError {
    /// The span from the first to the last byte of its mentions.
    ///
    /// # Panics
    /// If the error is of another corpus or system.
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

/// The number of errors of each class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ErrorCounts {
    /// The number of [`ErrorClass::Missed`].
    pub missed: u64,
    /// The number of [`ErrorClass::Spurious`].
    pub spurious: u64,
    /// The number of [`ErrorClass::WrongType`].
    pub wrong_type: u64,
    /// The number of [`ErrorClass::BoundaryLonger`].
    pub boundary_longer: u64,
    /// The number of [`ErrorClass::BoundaryShorter`].
    pub boundary_shorter: u64,
    /// The number of [`ErrorClass::BoundaryOverlap`].
    pub boundary_overlap: u64,
    /// The number of [`ErrorClass::BoundaryAndType`].
    pub boundary_and_type: u64,
    /// The number of [`ErrorClass::Split`].
    pub split: u64,
    /// The number of [`ErrorClass::Merge`].
    pub merge: u64,
}

impl ErrorCounts {
    /// Counts errors.
    pub fn new(errors: &[MentionError]) -> Self {
        let mut counts = Self::default();
        for error in errors {
            *counts.of_mut(error.class) += 1;
        }
        counts
    }

    /// The number of errors.
    pub fn total(&self) -> u64 {
        ErrorClass::ALL.into_iter().map(|class| self.of(class)).sum()
    }

    /// The number of errors of a class.
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

/// Lists the errors of a system, in the order of the text.
///
/// A mention that is strictly right is in no error; every other one, gold or predicted, is in exactly one. Equal spans are
/// paired first, then overlapping ones: those with the same label before others, and larger overlaps (in bytes) before
/// smaller ones. What is left joins the pair that it overlaps most: a second prediction over a gold mention makes it a
/// split, a second gold mention under a prediction a merge. What fits nowhere is missed or spurious. It runs on the rayon
/// pool that it is called in.
///
/// ```
/// use allonym::eval::{ErrorClass, ErrorCounts, Input, PairingOptions, errors, pair};
/// use allonym::{Document, Label, Mention, Span};
///
/// let document = |mentions: &[(usize, usize, &str)]| {
///     let mention = |&(start, end, label): &_| Mention::new(Span::new(start, end), Label::new(label));
///     Document { mentions: mentions.iter().map(mention).collect(), ..Document::new("a", "Ann Lee met Omar in Bonn.") }
/// };
/// let gold = Input::new("gold", vec![document(&[(0, 7, "PER"), (12, 16, "PER"), (20, 24, "LOC")])]);
/// let system = Input::new("system", vec![document(&[(4, 7, "PER"), (12, 16, "LOC")])]);
/// let pairing = pair(gold, vec![system], &PairingOptions::default())?;
///
/// let errors = errors(&pairing.corpus, 0);
/// let classes: Vec<_> = errors.iter().map(|error| error.class).collect();
/// assert_eq!(classes, [ErrorClass::BoundaryShorter, ErrorClass::WrongType, ErrorClass::Missed]);
/// assert_eq!(errors[0].span(&pairing.corpus, 0), Span::new(0, 7));
/// assert_eq!(ErrorCounts::new(&errors).missed, 1);
/// # Ok::<(), allonym::eval::PairingError>(())
/// ```
///
/// # Panics
/// If there is no such system.
pub fn errors(corpus: &Corpus, system: usize) -> Vec<MentionError> {
    let by_document: Vec<Vec<MentionError>> =
        (0..corpus.documents.len()).into_par_iter().map(|index| errors_in(corpus, index, system)).collect();
    by_document.into_iter().flatten().collect()
}

/// The errors of a system in one document.
pub(crate) fn errors_in(corpus: &Corpus, document: usize, system: usize) -> Vec<MentionError> {
    let paired = &corpus.documents[document];
    let (gold, predicted) = (paired.items(Side::Gold), paired.items(Side::System(system)));
    let found = strict(gold, predicted);
    let mut groups = Groups::new(found.wrong_gold(), found.wrong_predicted());
    groups.pair_same_spans(gold, predicted);
    groups.pair_overlapping(gold, predicted);
    let mut errors: Vec<MentionError> = groups
        .finish()
        .into_iter()
        .map(|group| {
            let class = group.class(gold, predicted);
            MentionError { document, class, gold: group.gold, predicted: group.predicted }
        })
        .collect();
    errors.sort_by_cached_key(|error| (span(error, gold, predicted), error.gold.clone(), error.predicted.clone()));
    errors
}

/// The mentions of an error: one side has one at most.
struct Group {
    gold: Vec<usize>,
    predicted: Vec<usize>,
}

impl Group {
    fn class(&self, gold: &[Item], predicted: &[Item]) -> ErrorClass {
        let (g, p) = match (&self.gold[..], &self.predicted[..]) {
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
}

/// Groups in the making.
struct Groups {
    /// Wrong gold mentions without a group.
    gold: Vec<usize>,
    /// Wrong predictions without a group.
    predicted: Vec<usize>,
    done: Vec<Group>,
}

impl Groups {
    fn new(gold: Vec<usize>, predicted: Vec<usize>) -> Self {
        Self { gold, predicted, done: Vec::new() }
    }

    fn pair_same_spans(&mut self, gold: &[Item], predicted: &[Item]) {
        let pairs = same_spans(&spans(&self.gold, gold), &spans(&self.predicted, predicted));
        let group = |&(g, p): &(usize, usize)| Group { gold: vec![self.gold[g]], predicted: vec![self.predicted[p]] };
        self.done.extend(pairs.iter().map(group));
        remove_at(&mut self.gold, pairs.iter().map(|pair| pair.0));
        remove_at(&mut self.predicted, pairs.iter().map(|pair| pair.1));
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
        let mut groups: Vec<Group> = Vec::new();
        let mut group_of_gold = vec![None; self.gold.len()];
        let mut group_of_predicted = vec![None; self.predicted.len()];
        for &(g, p) in &edges {
            if group_of_gold[g].is_none() && group_of_predicted[p].is_none() {
                group_of_gold[g] = Some(groups.len());
                group_of_predicted[p] = Some(groups.len());
                groups.push(Group { gold: vec![self.gold[g]], predicted: vec![self.predicted[p]] });
            }
        }
        for &(g, p) in &edges {
            match (group_of_gold[g], group_of_predicted[p]) {
                (Some(group), None) if groups[group].gold.len() == 1 => {
                    groups[group].predicted.push(self.predicted[p]);
                    group_of_predicted[p] = Some(group);
                }
                (None, Some(group)) if groups[group].predicted.len() == 1 => {
                    groups[group].gold.push(self.gold[g]);
                    group_of_gold[g] = Some(group);
                }
                _ => {}
            }
        }
        for group in &mut groups {
            group.gold.sort_unstable();
            group.predicted.sort_unstable();
        }
        self.done.append(&mut groups);
        let alone = |list: &[usize], groups: &[Option<usize>]| -> Vec<usize> {
            list.iter().zip(groups).filter(|(_, group)| group.is_none()).map(|(&index, _)| index).collect()
        };
        self.gold = alone(&self.gold, &group_of_gold);
        self.predicted = alone(&self.predicted, &group_of_predicted);
    }

    fn finish(self) -> Vec<Group> {
        let mut groups = self.done;
        groups.extend(self.gold.into_iter().map(|index| Group { gold: vec![index], predicted: Vec::new() }));
        groups.extend(self.predicted.into_iter().map(|index| Group { gold: Vec::new(), predicted: vec![index] }));
        groups
    }
}

fn spans(indices: &[usize], items: &[Item]) -> Vec<Span> {
    indices.iter().map(|&index| items[index].span).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::eval::fixture::{Row, TEXT, corpus, items, paired, random_items};

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
            // The pair in the middle of a chain is the best one, and no group may grow both ways.
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

    /// Whether the mentions of an error fit its class.
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

    /// The class if gold and prediction are swapped.
    fn swapped(class: ErrorClass) -> ErrorClass {
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
                list(&predicted, &gold).into_iter().map(|e| (swapped(e.class), e.predicted, e.gold)).collect();
            there.sort();
            back.sort();
            prop_assert_eq!(there, back);
        }
    }
}
