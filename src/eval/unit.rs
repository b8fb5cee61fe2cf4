//! What is resampled: documents or sentences?

use rayon::prelude::*;
use serde::Serialize;

use super::strict::strict_counts;
use super::{Corpus, Counts, Item, Paired, Side};

/// What a corpus is a sample of, for intervals and significance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// A sample of documents.
    Document,
    /// A sample of sentences.
    Sentence,
}

/// The mentions of a unit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UnitItems<'d> {
    pub(crate) gold: &'d [Item],
    pub(crate) predicted: &'d [Item],
}

impl Unit {
    /// Documents, or sentences if there is just one document.
    pub fn of(corpus: &Corpus) -> Self {
        if corpus.documents.len() == 1 { Self::Sentence } else { Self::Document }
    }

    /// The mentions of a document, unit by unit, including units without mentions.
    ///
    /// A mention belongs to the sentence in which it starts. One that starts between two sentences belongs to the first of
    /// them; one that starts before the first sentence belongs to that one. Sentences without words do not count. A document
    /// has at least one unit.
    pub(crate) fn split(self, document: &Paired, system: usize) -> Vec<UnitItems<'_>> {
        let (mut gold, mut predicted) = (document.items(Side::Gold), document.items(Side::System(system)));
        let mut units = Vec::new();
        if self == Self::Sentence {
            for start in document.words().iter().filter_map(|words| words.first()).map(|word| word.start()).skip(1) {
                let before = |items: &[Item]| items.partition_point(|item| item.span.start() < start);
                let (gold_here, gold_after) = gold.split_at(before(gold));
                let (predicted_here, predicted_after) = predicted.split_at(before(predicted));
                units.push(UnitItems { gold: gold_here, predicted: predicted_here });
                (gold, predicted) = (gold_after, predicted_after);
            }
        }
        units.push(UnitItems { gold, predicted });
        units
    }
}

/// The strict counts of a system in each unit, in the order of the corpus.
pub(crate) fn unit_counts(corpus: &Corpus, system: usize, unit: Unit) -> Vec<Counts> {
    let counts = |document| -> Vec<Counts> {
        unit.split(document, system).iter().map(|items| strict_counts(items.gold, items.predicted)).collect()
    };
    let documents: Vec<Vec<Counts>> = corpus.documents.par_iter().map(counts).collect();
    documents.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::strict::tests::{corpus, items, mentions};
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
    fn mentions_belong_to_the_sentence_they_start_in() {
        let words = |spans: &[(usize, usize)]| spans.iter().map(|&(start, end)| Span::new(start, end)).collect();
        let document = Paired {
            tokens: Some(vec![words(&[(2, 4), (5, 8)]), words(&[]), words(&[(10, 12)]), words(&[(20, 22)])]),
            gold: items(&[(0, 2, 0), (5, 12, 0), (8, 9, 0), (10, 12, 1)]),
            systems: vec![items(&[(8, 9, 0), (10, 12, 1), (30, 31, 0)])],
            ..Paired::default()
        };
        let sizes = |unit: Unit| {
            unit.split(&document, 0).iter().map(|items| (items.gold.len(), items.predicted.len())).collect::<Vec<_>>()
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
