//! Which mentions do two sides share?

use rayon::prelude::*;
use serde::Serialize;

use super::{Corpus, Counts, Item, Paired};

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

/// Walks through the union of two sorted sides in order; mentions are the same when span and label are.
pub(crate) fn merge<'a>(gold: &'a [Item], predicted: &'a [Item]) -> impl Iterator<Item = Shared> + 'a {
    let (mut left, mut right) = (0, 0);
    std::iter::from_fn(move || {
        let order = match (gold.get(left), predicted.get(right)) {
            (Some(gold), Some(predicted)) => gold.key().cmp(&predicted.key()),
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (None, None) => return None,
        };
        let place = (left, right);
        left += usize::from(order.is_le());
        right += usize::from(order.is_ge());
        Some(match order {
            std::cmp::Ordering::Equal => Shared::Both(place.0, place.1),
            std::cmp::Ordering::Less => Shared::GoldOnly(place.0),
            std::cmp::Ordering::Greater => Shared::PredictedOnly(place.1),
        })
    })
}

/// The strict counts of two sorted sides: a prediction is correct when its span and label are those of a gold mention.
pub(crate) fn strict_counts(gold: &[Item], predicted: &[Item]) -> Counts {
    let correct = merge(gold, predicted).filter(|shared| matches!(shared, Shared::Both(..))).count();
    Counts { correct: correct as u64, predicted: predicted.len() as u64, gold: gold.len() as u64 }
}

/// The counts of two sorted sides when labels do not matter: of the distinct spans, so that a span that a side marks
/// with two labels is one.
pub(crate) fn boundary_counts(gold: &[Item], predicted: &[Item]) -> Counts {
    let mut counts = Counts::default();
    let mut gold = gold.chunk_by(|a, b| a.span == b.span).map(|same| same[0].span).peekable();
    let mut predicted = predicted.chunk_by(|a, b| a.span == b.span).map(|same| same[0].span).peekable();
    loop {
        let order = match (gold.peek(), predicted.peek()) {
            (Some(gold), Some(predicted)) => gold.cmp(predicted),
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
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
///
/// # Panics
/// When there is no such system.
pub fn document_counts(document: &Paired, system: usize) -> Counts {
    strict_counts(&document.gold, &document.systems[system])
}

/// The gold mentions that just one of two systems found, with span and label right: the index of the document in the
/// corpus, then that of the mention in the document's gold, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OnlyRight {
    /// Those that only the first system found.
    pub only_a: Vec<(usize, usize)>,
    /// Those that only the second system found.
    pub only_b: Vec<(usize, usize)>,
}

/// The gold mentions that only system `a` or only system `b` got right.
///
/// # Panics
/// When there is no such system.
pub fn only_right(corpus: &Corpus, a: usize, b: usize) -> OnlyRight {
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
    let mut right = vec![[false; 2]; document.gold.len()];
    for (side, system) in systems.into_iter().enumerate() {
        for shared in merge(&document.gold, &document.systems[system]) {
            if let Shared::Both(gold, _) = shared {
                right[gold][side] = true;
            }
        }
    }
    let only = |wanted: [bool; 2]| {
        let places = right.iter().enumerate().filter(|(_, found)| **found == wanted);
        places.map(|(gold, _)| (index, gold)).collect()
    };
    OnlyRight { only_a: only([true, false]), only_b: only([false, true]) }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
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
        Corpus { labels, documents, n_systems, ..Corpus::default() }
    }

    /// Any mentions within 60 bytes, nested and overlapping ones too.
    pub(crate) fn mentions(most: usize) -> impl Strategy<Value = Mentions> {
        prop::collection::vec((0usize..55, 0usize..6, 0u16..3), 0..=most)
            .prop_map(|list| list.into_iter().map(|(start, len, label)| (start, start + len, label)).collect())
    }

    /// Up to four documents with one system.
    pub(crate) fn documents() -> impl Strategy<Value = Vec<(Mentions, Vec<Mentions>)>> {
        prop::collection::vec((mentions(8), prop::collection::vec(mentions(8), 1)), 0..=4)
    }

    #[test]
    fn counts_what_is_the_same() {
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
    fn lists_what_only_one_found() {
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
    }
}
