//! How many mentions are right, half right and wrong, by the counts of MUC?

use derive_more::Add;
use rayon::prelude::*;
use serde::Serialize;

use super::counts::ratio;
use super::{Corpus, Paired, matched_pairs};
use crate::label::LabelId;

/// What became of the gold mentions and of the predictions in one scheme (Chinchor and Sundheim 1993, MUC-5).
///
/// A ratio whose denominator is zero is `None`: undefined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct MucCounts {
    /// Pairs that agree.
    pub correct: u64,
    /// Pairs that do not.
    pub incorrect: u64,
    /// Pairs that agree in part: only the partial scheme has them.
    pub partial: u64,
    /// Gold mentions without a prediction.
    pub missing: u64,
    /// Predictions without a gold mention.
    pub spurious: u64,
    /// Gold mentions: correct + incorrect + partial + missing.
    pub possible: u64,
    /// Predictions: correct + incorrect + partial + spurious.
    pub actual: u64,
    /// (correct + partial / 2) / actual, from 0 to 1.
    pub precision: Option<f64>,
    /// (correct + partial / 2) / possible, from 0 to 1.
    pub recall: Option<f64>,
    /// The harmonic mean of precision and recall, from 0 to 1: (2 · correct + partial) / (actual + possible).
    pub f1: Option<f64>,
}

/// The four schemes of SemEval-2013 task 9 (Segura-Bedmar et al. 2013). All of them judge the same pairs: those of
/// [`matched_pairs`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Schemes {
    /// Correct is the same span with the same label.
    pub strict: MucCounts,
    /// Correct is the same span, whatever the label.
    pub exact: MucCounts,
    /// Correct is the same span, partial any other overlap, whatever the label.
    pub partial: MucCounts,
    /// Correct is any overlap with the same label.
    pub r#type: MucCounts,
}

/// The schemes for one label.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LabelSchemes {
    /// The label.
    pub label: String,
    /// Its counts: a pair, right or wrong, counts for the label of its gold mention, a spurious prediction for its own.
    #[serde(flatten)]
    pub schemes: Schemes,
}

/// The MUC counts of a system.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Muc {
    /// The counts of all labels.
    pub overall: Schemes,
    /// The counts of each label that gold or system use, by name. They add up to the overall counts.
    pub labels: Vec<LabelSchemes>,
}

/// Counts as MUC and SemEval-2013 do, on the matching of [`matched_pairs`] in every document: independent of the order
/// of mentions, and the best there is, where a greedy matching may pair a mention with an overlap and miss its exact
/// counterpart.
///
/// # Panics
/// When there is no such system.
pub fn muc(corpus: &Corpus, system: usize) -> Muc {
    let add = |mut tallies: Vec<Tally>, document: &Paired| {
        count(document, system, &mut tallies);
        tallies
    };
    let join = |left: Vec<Tally>, right: Vec<Tally>| left.into_iter().zip(right).map(|(a, b)| a + b).collect();
    let empty = || vec![Tally::default(); corpus.labels.len()];
    let tallies: Vec<Tally> = corpus.documents.par_iter().fold(empty, add).reduce(empty, join);
    let overall = tallies.iter().copied().fold(Tally::default(), std::ops::Add::add).schemes();
    let used = corpus.labels.iter().zip(&tallies).filter(|(_, tally)| **tally != Tally::default());
    let mut labels: Vec<LabelSchemes> = used
        .map(|(label, tally)| LabelSchemes { label: label.as_str().to_owned(), schemes: tally.schemes() })
        .collect();
    labels.sort_by(|a, b| a.label.cmp(&b.label));
    Muc { overall, labels }
}

/// The pairs by what agrees, and what has no pair: all four schemes follow from it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Add)]
struct Tally {
    same: u64,
    same_span: u64,
    same_label: u64,
    other: u64,
    missing: u64,
    spurious: u64,
}

impl Tally {
    fn schemes(self) -> Schemes {
        let Self { same, same_span, same_label, other, .. } = self;
        Schemes {
            strict: self.counts([same, same_span + same_label + other, 0]),
            exact: self.counts([same + same_span, same_label + other, 0]),
            partial: self.counts([same + same_span, 0, same_label + other]),
            r#type: self.counts([same + same_label, same_span + other, 0]),
        }
    }

    fn counts(self, [correct, incorrect, partial]: [u64; 3]) -> MucCounts {
        let pairs = correct + incorrect + partial;
        let (possible, actual) = (pairs + self.missing, pairs + self.spurious);
        let twice = 2 * correct + partial;
        MucCounts {
            correct,
            incorrect,
            partial,
            missing: self.missing,
            spurious: self.spurious,
            possible,
            actual,
            precision: ratio(twice, 2 * actual),
            recall: ratio(twice, 2 * possible),
            f1: ratio(twice, actual + possible),
        }
    }
}

fn count(document: &Paired, system: usize, tallies: &mut [Tally]) {
    let (gold, predicted) = (&document.gold, &document.systems[system]);
    let of = |label: LabelId| usize::from(label.0);
    let mut is_paired = vec![[false; 2]; gold.len().max(predicted.len())];
    for (left, right) in matched_pairs(gold, predicted) {
        (is_paired[left][0], is_paired[right][1]) = (true, true);
        let (gold, predicted) = (gold[left], predicted[right]);
        let tally = &mut tallies[of(gold.label)];
        match (gold.span == predicted.span, gold.label == predicted.label) {
            (true, true) => tally.same += 1,
            (true, false) => tally.same_span += 1,
            (false, true) => tally.same_label += 1,
            (false, false) => tally.other += 1,
        }
    }
    for (item, _) in gold.iter().zip(&is_paired).filter(|(_, paired)| !paired[0]) {
        tallies[of(item.label)].missing += 1;
    }
    for (item, _) in predicted.iter().zip(&is_paired).filter(|(_, paired)| !paired[1]) {
        tallies[of(item.label)].spurious += 1;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::paired::tests::{Mentions, corpus, documents};
    use super::super::score;
    use super::*;

    /// Correct, incorrect, partial, missing, spurious.
    fn five(counts: MucCounts) -> [u64; 5] {
        [counts.correct, counts.incorrect, counts.partial, counts.missing, counts.spurious]
    }

    fn schemes(gold: &Mentions, predicted: &Mentions) -> [[u64; 5]; 4] {
        let found = muc(&corpus(&[(gold.clone(), vec![predicted.clone()])]), 0).overall;
        [five(found.strict), five(found.exact), five(found.partial), five(found.r#type)]
    }

    /// The first three are cases in which nervaluate 1.1.0 depends on the order or misses an exact prediction.
    #[test]
    fn counts_by_scheme() {
        let cases: [(&str, Mentions, Mentions, [[u64; 5]; 4]); 8] = [
            (
                "one prediction over two gold",
                vec![(0, 13, 0), (14, 18, 1)],
                vec![(0, 18, 0)],
                [[0, 1, 0, 1, 0], [0, 1, 0, 1, 0], [0, 0, 1, 1, 0], [1, 0, 0, 1, 0]],
            ),
            (
                "the same with the gold swapped",
                vec![(14, 18, 1), (0, 13, 0)],
                vec![(0, 18, 0)],
                [[0, 1, 0, 1, 0], [0, 1, 0, 1, 0], [0, 0, 1, 1, 0], [1, 0, 0, 1, 0]],
            ),
            (
                "the second prediction is exact",
                vec![(5, 10, 0)],
                vec![(4, 6, 0), (5, 10, 0)],
                [[1, 0, 0, 0, 1], [1, 0, 0, 0, 1], [1, 0, 0, 0, 1], [1, 0, 0, 0, 1]],
            ),
            (
                "wrong label",
                vec![(0, 4, 0)],
                vec![(0, 4, 1)],
                [[0, 1, 0, 0, 0], [1, 0, 0, 0, 0], [1, 0, 0, 0, 0], [0, 1, 0, 0, 0]],
            ),
            (
                "wrong span",
                vec![(0, 4, 0)],
                vec![(1, 4, 0)],
                [[0, 1, 0, 0, 0], [0, 1, 0, 0, 0], [0, 0, 1, 0, 0], [1, 0, 0, 0, 0]],
            ),
            (
                "both wrong",
                vec![(0, 4, 0)],
                vec![(1, 4, 1)],
                [[0, 1, 0, 0, 0], [0, 1, 0, 0, 0], [0, 0, 1, 0, 0], [0, 1, 0, 0, 0]],
            ),
            ("missing", vec![(0, 4, 0)], vec![], [[0, 0, 0, 1, 0]; 4]),
            ("spurious", vec![], vec![(0, 4, 0)], [[0, 0, 0, 0, 1]; 4]),
        ];
        for (name, gold, predicted, want) in cases {
            assert_eq!(schemes(&gold, &predicted), want, "{name}");
        }
    }

    #[test]
    fn partial_counts_half() {
        // One right, one half right, one missing; two spurious.
        let gold = vec![(0, 2, 0), (4, 8, 0), (10, 12, 1)];
        let predicted = vec![(0, 2, 0), (5, 8, 0), (20, 22, 2), (30, 32, 2)];
        let found = muc(&corpus(&[(gold, vec![predicted])]), 0);
        let partial = found.overall.partial;
        assert_eq!((partial.possible, partial.actual), (3, 4));
        assert_eq!((partial.precision, partial.recall, partial.f1), (Some(1.5 / 4.0), Some(0.5), Some(3.0 / 7.0)));
        let labels: Vec<_> = found.labels.iter().map(|label| (&label.label[..], five(label.schemes.partial))).collect();
        assert_eq!(labels, [("X", [0, 0, 0, 0, 2]), ("Y", [0, 0, 0, 1, 0]), ("Z", [1, 0, 1, 0, 0])]);
        let x = found.labels[0].schemes.strict;
        assert_eq!((x.precision, x.recall, x.f1), (Some(0.0), None, Some(0.0)));
        assert_eq!(muc(&corpus(&[]), 0), Muc::default());
    }

    proptest! {
        #[test]
        fn counts_agree(documents in documents()) {
            let corpus = corpus(&documents);
            let (found, scores) = (muc(&corpus, 0), score(&corpus, 0));
            let all = |schemes: Schemes| [schemes.strict, schemes.exact, schemes.partial, schemes.r#type];
            for counts in all(found.overall) {
                let pairs = counts.correct + counts.incorrect + counts.partial;
                prop_assert_eq!(pairs + counts.missing, scores.micro.counts.gold);
                prop_assert_eq!(pairs + counts.spurious, scores.micro.counts.predicted);
                prop_assert_eq!((counts.possible, counts.actual), (pairs + counts.missing, pairs + counts.spurious));
            }
            prop_assert_eq!(found.overall.strict.correct, scores.micro.counts.correct);
            prop_assert_eq!(found.overall.strict.f1, scores.micro.f1);
            for scheme in 0..4 {
                let sum = found.labels.iter().map(|label| five(all(label.schemes)[scheme]));
                let sum = sum.fold([0; 5], |sum, counts| std::array::from_fn(|index| sum[index] + counts[index]));
                prop_assert_eq!(sum, five(all(found.overall)[scheme]));
            }
            for label in &found.labels {
                let same = scores.labels.iter().find(|scores| scores.label == label.label);
                let strict = same.expect("both list every label");
                prop_assert_eq!(label.schemes.strict.possible, strict.figures.counts.gold);
                prop_assert_eq!(label.schemes.strict.correct, strict.figures.counts.correct);
            }
        }
    }
}
