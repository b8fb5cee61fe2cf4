//! What is resampled?

use rayon::prelude::*;
use serde::Serialize;

use super::paired::strict_counts;
use super::{Corpus, Counts, Item, Paired};

/// What a corpus is taken to be a sample of, when the question is how far another sample would score differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Documents.
    Document,
    /// Sentences: of a document that stands alone, which leaves nothing else to resample.
    Sentence,
}

impl Unit {
    /// Documents, or sentences where there is just one document.
    pub fn of(corpus: &Corpus) -> Self {
        if corpus.documents.len() == 1 { Self::Sentence } else { Self::Document }
    }

    /// The mentions of a document by unit, gold and predicted; units without mentions are there too.
    ///
    /// A mention belongs to the sentence in which it starts; what starts between two sentences belongs to the first of
    /// them, what starts before the first sentence to that one. A sentence without words is none, and a document has at
    /// least one unit.
    pub(crate) fn split(self, document: &Paired, system: usize) -> Vec<(&[Item], &[Item])> {
        let (mut gold, mut predicted) = (&document.gold[..], &document.systems[system][..]);
        let mut units = Vec::new();
        if self == Self::Sentence {
            for start in document.words().iter().filter_map(|words| words.first()).map(|word| word.start()).skip(1) {
                let before = |items: &[Item]| items.partition_point(|item| item.span.start() < start);
                let (gold_here, gold_behind) = gold.split_at(before(gold));
                let (predicted_here, predicted_behind) = predicted.split_at(before(predicted));
                units.push((gold_here, predicted_here));
                (gold, predicted) = (gold_behind, predicted_behind);
            }
        }
        units.push((gold, predicted));
        units
    }
}

/// The strict counts of a system in each unit: all units in the order of the corpus, those without mentions too.
///
/// # Panics
/// When there is no such system.
pub fn unit_counts(corpus: &Corpus, system: usize, unit: Unit) -> Vec<Counts> {
    let counts = |document| {
        let units: Vec<(&[Item], &[Item])> = unit.split(document, system);
        units.into_iter().map(|(gold, predicted)| strict_counts(gold, predicted)).collect::<Vec<_>>()
    };
    let documents: Vec<Vec<Counts>> = corpus.documents.par_iter().map(counts).collect();
    documents.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::paired::tests::{corpus, items, mentions};
    use super::*;
    use crate::text::Span;

    #[test]
    fn one_document_is_split_into_sentences() {
        let one = corpus(&[(vec![], vec![vec![]])]);
        assert_eq!(Unit::of(&one), Unit::Sentence);
        assert_eq!(unit_counts(&one, 0, Unit::Sentence).len(), 6);
        let two = corpus(&[(vec![], vec![vec![]]), (vec![], vec![vec![]])]);
        assert_eq!(Unit::of(&two), Unit::Document);
        assert_eq!(unit_counts(&two, 0, Unit::Document).len(), 2);
        assert_eq!(Unit::of(&corpus(&[])), Unit::Document);
    }

    #[test]
    fn mentions_belong_where_they_start() {
        let words = |spans: &[(usize, usize)]| spans.iter().map(|&(start, end)| Span::new(start, end)).collect();
        let document = Paired {
            tokens: Some(vec![words(&[(2, 4), (5, 8)]), words(&[]), words(&[(10, 12)]), words(&[(20, 22)])]),
            gold: items(&[(0, 2, 0), (5, 12, 0), (8, 9, 0), (10, 12, 1)]),
            systems: vec![items(&[(8, 9, 0), (10, 12, 1), (30, 31, 0)])],
            ..Paired::default()
        };
        let sizes = |unit: Unit| {
            unit.split(&document, 0).iter().map(|(gold, predicted)| (gold.len(), predicted.len())).collect::<Vec<_>>()
        };
        assert_eq!(sizes(Unit::Sentence), [(3, 1), (1, 1), (0, 1)]);
        assert_eq!(sizes(Unit::Document), [(4, 3)]);
        let empty = Paired { systems: vec![vec![]], ..Paired::default() };
        assert_eq!(Unit::Sentence.split(&empty, 0).len(), 1);
    }

    proptest! {
        #[test]
        fn units_add_up(gold in mentions(12), predicted in mentions(12)) {
            let corpus = corpus(&[(gold, vec![predicted])]);
            let sentences: Counts = unit_counts(&corpus, 0, Unit::Sentence).into_iter().sum();
            let documents: Counts = unit_counts(&corpus, 0, Unit::Document).into_iter().sum();
            prop_assert_eq!(sentences, documents);
        }
    }
}
