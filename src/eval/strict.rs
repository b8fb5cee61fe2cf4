//! Strict matching: which mentions of two sides have the same span and the same label?

use std::cmp::Ordering;

use rayon::prelude::*;

use super::{Corpus, Counts, Item, Paired, Side};

/// A mention in the union of two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shared {
    /// On both sides: its index in the gold, then in the prediction.
    Both(usize, usize),
    /// Only in the gold, at this index.
    GoldOnly(usize),
    /// Only in the prediction, at this index.
    PredictedOnly(usize),
}

/// Walks through the union of two sorted sides, in order.
pub(crate) fn merge<'a>(gold: &'a [Item], predicted: &'a [Item]) -> impl Iterator<Item = Shared> + 'a {
    let (mut left, mut right) = (0, 0);
    std::iter::from_fn(move || {
        let order = match (gold.get(left), predicted.get(right)) {
            (Some(gold), Some(predicted)) => gold.key().cmp(&predicted.key()),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => return None,
        };
        let place = (left, right);
        left += usize::from(order.is_le());
        right += usize::from(order.is_ge());
        Some(match order {
            Ordering::Equal => Shared::Both(place.0, place.1),
            Ordering::Less => Shared::GoldOnly(place.0),
            Ordering::Greater => Shared::PredictedOnly(place.1),
        })
    })
}

/// Which mentions of a document are right.
pub(crate) struct Strict {
    /// Whether each gold mention was predicted.
    pub(crate) gold: Vec<bool>,
    /// Whether each predicted mention is in the gold.
    pub(crate) predicted: Vec<bool>,
}

impl Strict {
    /// The number of mentions that are right.
    pub(crate) fn correct(&self) -> u64 {
        self.gold.iter().filter(|right| **right).count() as u64
    }

    /// The gold mentions that were not predicted, in order.
    pub(crate) fn wrong_gold(&self) -> Vec<usize> {
        wrong(&self.gold)
    }

    /// The predicted mentions that are not in the gold, in order.
    pub(crate) fn wrong_predicted(&self) -> Vec<usize> {
        wrong(&self.predicted)
    }
}

fn wrong(right: &[bool]) -> Vec<usize> {
    (0..right.len()).filter(|&index| !right[index]).collect()
}

/// Matches two sorted sides.
pub(crate) fn strict(gold: &[Item], predicted: &[Item]) -> Strict {
    let mut result = Strict { gold: vec![false; gold.len()], predicted: vec![false; predicted.len()] };
    for shared in merge(gold, predicted) {
        if let Shared::Both(gold, predicted) = shared {
            result.gold[gold] = true;
            result.predicted[predicted] = true;
        }
    }
    result
}

/// The strict counts of two sorted sides.
pub(crate) fn strict_counts(gold: &[Item], predicted: &[Item]) -> Counts {
    let correct = merge(gold, predicted).filter(|shared| matches!(shared, Shared::Both(..))).count();
    Counts { correct: correct as u64, predicted: predicted.len() as u64, gold: gold.len() as u64 }
}

/// The counts of two sorted sides if labels do not matter. It counts distinct spans: a span with two labels counts once.
pub(crate) fn boundary_counts(gold: &[Item], predicted: &[Item]) -> Counts {
    let mut counts = Counts::default();
    let mut gold = gold.chunk_by(|a, b| a.span == b.span).map(|same| same[0].span).peekable();
    let mut predicted = predicted.chunk_by(|a, b| a.span == b.span).map(|same| same[0].span).peekable();
    loop {
        let order = match (gold.peek(), predicted.peek()) {
            (Some(gold), Some(predicted)) => gold.cmp(predicted),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => return counts,
        };
        if order.is_le() {
            gold.next();
            counts.gold += 1;
        }
        if order.is_ge() {
            predicted.next();
            counts.predicted += 1;
        }
        counts.correct += u64::from(order.is_eq());
    }
}

/// The strict counts of a system in one document.
pub(crate) fn document_counts(document: &Paired, system: usize) -> Counts {
    strict_counts(&document.gold, document.items(Side::System(system)))
}

/// The gold mentions that exactly one of two systems found: the index of the document, then that of the mention in its
/// gold, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct OnlyRight {
    pub(crate) only_a: Vec<(usize, usize)>,
    pub(crate) only_b: Vec<(usize, usize)>,
}

/// The gold mentions that only system `a` or only system `b` got right.
pub(crate) fn only_right(corpus: &Corpus, a: usize, b: usize) -> OnlyRight {
    let found: Vec<OnlyRight> = corpus
        .documents
        .par_iter()
        .enumerate()
        .map(|(index, document)| only_right_in(document, index, [a, b]))
        .collect();
    let mut all = OnlyRight::default();
    for document in found {
        all.only_a.extend(document.only_a);
        all.only_b.extend(document.only_b);
    }
    all
}

fn only_right_in(document: &Paired, index: usize, systems: [usize; 2]) -> OnlyRight {
    let [a, b] = systems.map(|system| strict(&document.gold, document.items(Side::System(system))).gold);
    let only = |one: &[bool], other: &[bool]| {
        let places = one.iter().zip(other).enumerate().filter(|(_, found)| *found.0 && !*found.1);
        places.map(|(gold, _)| (index, gold)).collect()
    };
    OnlyRight { only_a: only(&a, &b), only_b: only(&b, &a) }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::eval::{EntityTable, EntityTables};
    use crate::label::{LabelId, LabelSet};
    use crate::text::Span;

    /// Sorted, distinct mentions from (start, end, label).
    pub(crate) fn items(list: &[(usize, usize, u16)]) -> Vec<Item> {
        let keys: BTreeSet<_> =
            list.iter().map(|&(start, end, label)| (Span::new(start, end), LabelId(label))).collect();
        keys.into_iter().map(|(span, label)| Item { span, label, score: None, entity: None }).collect()
    }

    pub(crate) type Mentions = Vec<(usize, usize, u16)>;

    /// A corpus with the labels `Z`, `Y`, `X` (ids 0, 1, 2: not in the order of their names), from the gold and the
    /// systems of each document.
    pub(crate) fn corpus(documents: &[(Mentions, Vec<Mentions>)]) -> Corpus {
        let mut labels = LabelSet::new();
        for name in ["Z", "Y", "X"] {
            labels.add(name);
        }
        let n_systems = documents.first().map_or(1, |document| document.1.len());
        let documents = documents
            .iter()
            .enumerate()
            .map(|(index, (gold, systems))| Paired {
                id: index.to_string(),
                text: "x".repeat(60),
                tokens: Some((0..6).map(|line| vec![Span::new(line * 10, line * 10 + 9)]).collect()),
                gold: items(gold),
                systems: systems.iter().map(|system| items(system)).collect(),
            })
            .collect();
        let tables = EntityTables { systems: vec![EntityTable::default(); n_systems], ..EntityTables::default() };
        Corpus::new(labels, documents, tables).expect("the mentions are sorted and have known labels")
    }

    /// Any mentions within 60 bytes; they may nest and overlap.
    pub(crate) fn mentions(most: usize) -> impl Strategy<Value = Mentions> {
        prop::collection::vec((0usize..55, 0usize..6, 0u16..3), 0..=most)
            .prop_map(|list| list.into_iter().map(|(start, len, label)| (start, start + len, label)).collect())
    }

    /// Up to four documents with one system.
    pub(crate) fn documents() -> impl Strategy<Value = Vec<(Mentions, Vec<Mentions>)>> {
        prop::collection::vec((mentions(8), prop::collection::vec(mentions(8), 1)), 0..=4)
    }

    #[test]
    fn counts_by_hand() {
        type Case<'a> = (&'a str, Mentions, Mentions, [u64; 3], [u64; 3]);
        let cases: [Case<'_>; 9] = [
            ("both empty", vec![], vec![], [0, 0, 0], [0, 0, 0]),
            ("no gold", vec![], vec![(0, 1, 0)], [0, 1, 0], [0, 1, 0]),
            ("no prediction", vec![(0, 1, 0)], vec![], [0, 0, 1], [0, 0, 1]),
            ("right", vec![(0, 4, 1), (6, 9, 0)], vec![(0, 4, 1), (6, 9, 0)], [2, 2, 2], [2, 2, 2]),
            ("wrong label", vec![(0, 4, 1)], vec![(0, 4, 0)], [0, 1, 1], [1, 1, 1]),
            ("one byte off", vec![(0, 4, 1)], vec![(0, 5, 1)], [0, 1, 1], [0, 1, 1]),
            ("two labels of one gold span", vec![(0, 4, 0), (0, 4, 1)], vec![(0, 4, 1)], [1, 1, 2], [1, 1, 1]),
            ("two labels on both sides", vec![(0, 4, 0), (0, 4, 1)], vec![(0, 4, 1), (0, 4, 2)], [1, 2, 2], [1, 1, 1]),
            ("nested", vec![(0, 9, 0), (0, 4, 1), (5, 9, 1)], vec![(0, 9, 0), (5, 9, 0)], [1, 2, 3], [2, 2, 3]),
        ];
        for (name, gold, predicted, strict, boundary) in cases {
            let (gold, predicted) = (items(&gold), items(&predicted));
            let of = |counts: Counts| [counts.correct, counts.predicted, counts.gold];
            assert_eq!(of(strict_counts(&gold, &predicted)), strict, "{name}");
            assert_eq!(of(boundary_counts(&gold, &predicted)), boundary, "{name}");
        }
    }

    #[test]
    fn lists_what_only_one_system_found() {
        let corpus = corpus(&[
            (vec![(0, 2, 0)], vec![vec![(0, 2, 0)], vec![(0, 2, 0)]]),
            (vec![(0, 2, 0), (3, 5, 1), (7, 9, 2)], vec![vec![(3, 5, 1), (7, 9, 1)], vec![(0, 2, 0), (7, 9, 2)]]),
            (vec![(4, 5, 0)], vec![vec![], vec![(4, 5, 1)]]),
            (vec![(4, 5, 0)], vec![vec![(4, 5, 0)], vec![(4, 6, 0)]]),
        ]);
        let want = OnlyRight { only_a: vec![(1, 1), (3, 0)], only_b: vec![(1, 0), (1, 2)] };
        assert_eq!(only_right(&corpus, 0, 1), want);
        assert_eq!(only_right(&corpus, 1, 0), OnlyRight { only_a: want.only_b, only_b: want.only_a });
        assert_eq!(only_right(&corpus, 1, 1), OnlyRight::default());
    }

    proptest! {
        #[test]
        fn counts_are_those_of_sets(gold in mentions(12), predicted in mentions(12)) {
            let of = |list: &Mentions| list.iter().copied().collect::<BTreeSet<_>>();
            let spans = |list: &Mentions| list.iter().map(|&(start, end, _)| (start, end)).collect::<BTreeSet<_>>();
            let strict = strict_counts(&items(&gold), &items(&predicted));
            prop_assert_eq!(strict.correct as usize, of(&gold).intersection(&of(&predicted)).count());
            prop_assert_eq!((strict.gold as usize, strict.predicted as usize), (of(&gold).len(), of(&predicted).len()));
            let boundary = boundary_counts(&items(&gold), &items(&predicted));
            prop_assert_eq!(boundary.correct as usize, spans(&gold).intersection(&spans(&predicted)).count());
            let sizes = (spans(&gold).len(), spans(&predicted).len());
            prop_assert_eq!((boundary.gold as usize, boundary.predicted as usize), sizes);
        }

        #[test]
        fn a_mention_is_right_if_the_other_side_has_it(gold in mentions(12), predicted in mentions(12)) {
            let (gold, predicted) = (items(&gold), items(&predicted));
            let found = strict(&gold, &predicted);
            for (index, item) in gold.iter().enumerate() {
                prop_assert_eq!(found.gold[index], predicted.iter().any(|other| other.key() == item.key()));
            }
            for (index, item) in predicted.iter().enumerate() {
                prop_assert_eq!(found.predicted[index], gold.iter().any(|other| other.key() == item.key()));
            }
            prop_assert_eq!(found.correct(), strict_counts(&gold, &predicted).correct);
        }
    }
}
