//! Partial credit: the counts of MUC-5 under the four schemes of SemEval-2013.

use derive_more::Add;
use rayon::prelude::*;
use serde::Serialize;

use super::counts::ratio;
use super::matching::matched_pairs;
use super::{Corpus, Paired, Side};
use crate::label::LabelId;

/// The counts of one scheme (Chinchor and Sundheim 1993, MUC-5).
///
/// A ratio whose denominator is zero is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct SemEvalCounts {
    /// Pairs that agree.
    pub correct: u64,
    /// Pairs that disagree.
    pub incorrect: u64,
    /// Pairs that agree in part; only the partial scheme has any.
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
    /// The harmonic mean of precision and recall, (2 · correct + partial) / (actual + possible), from 0 to 1.
    pub f1: Option<f64>,
}

/// The four schemes of SemEval-2013 task 9 (Segura-Bedmar et al. 2013), which judge the same pairs of mentions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct SemEvalSchemes {
    /// A pair is correct if span and label are the same.
    pub strict: SemEvalCounts,
    /// A pair is correct if the spans are the same.
    pub exact: SemEvalCounts,
    /// A pair is correct if the spans are the same, else partial.
    pub partial: SemEvalCounts,
    /// A pair is correct if the labels are the same.
    pub r#type: SemEvalCounts,
}

/// The schemes for one label.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SemEvalLabel {
    /// The label.
    pub label: String,
    /// Its counts. A pair belongs to the label of its gold mention, a spurious prediction to its own.
    #[serde(flatten)]
    pub schemes: SemEvalSchemes,
}

/// The counts of a system.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SemEval {
    /// Over all labels.
    pub overall: SemEvalSchemes,
    /// By label, for the labels of either side, sorted by name. They add up to the overall counts.
    pub labels: Vec<SemEvalLabel>,
}

/// Counts mentions as SemEval-2013 and nervaluate do, with credit for partial overlaps.
///
/// Each gold mention is paired with one overlapping prediction at most. Of all pairings the best one is taken: it has the
/// most pairs with the same span and label, then with the same span, then with the same label, then the most pairs, then
/// the largest overlap. So the result does not depend on the order of mentions, unlike nervaluate's, whose greedy matching
/// may give a mention to an overlap and miss the exact match. It runs on the rayon pool that it is called in.
///
/// ```
/// use allonym::eval::{Input, PairingOptions, pair, semeval};
/// use allonym::{Document, Label, Mention, Span};
///
/// let document = |start| {
///     let mention = Mention::new(Span::new(start, 7), Label::new("PER"));
///     Document { mentions: vec![mention], ..Document::new("a", "Ann Lee spoke") }
/// };
/// let systems = vec![Input::new("system", vec![document(4)])];
/// let pairing = pair(Input::new("gold", vec![document(0)]), systems, &PairingOptions::default())?;
/// let schemes = semeval(&pairing.corpus, 0).overall;
/// assert_eq!((schemes.strict.f1, schemes.partial.f1, schemes.r#type.f1), (Some(0.0), Some(0.5), Some(1.0)));
/// # Ok::<(), allonym::eval::PairingError>(())
/// ```
///
/// # Panics
/// If there is no such system.
pub fn semeval(corpus: &Corpus, system: usize) -> SemEval {
    let add = |mut labels: Vec<Pairs>, document: &Paired| {
        count(document, system, &mut labels);
        labels
    };
    let join = |left: Vec<Pairs>, right: Vec<Pairs>| left.into_iter().zip(right).map(|(a, b)| a + b).collect();
    let empty = || vec![Pairs::default(); corpus.labels.len()];
    let counted: Vec<Pairs> = corpus.documents.par_iter().fold(empty, add).reduce(empty, join);
    let overall = counted.iter().copied().fold(Pairs::default(), std::ops::Add::add).schemes();
    let used = corpus.labels.iter().zip(&counted).filter(|(_, pairs)| **pairs != Pairs::default());
    let mut labels: Vec<SemEvalLabel> = used
        .map(|(label, pairs)| SemEvalLabel { label: label.as_str().to_owned(), schemes: pairs.schemes() })
        .collect();
    labels.sort_by(|a, b| a.label.cmp(&b.label));
    SemEval { overall, labels }
}

/// Pairs by what agrees, and mentions without a pair. All four schemes follow from these.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Add)]
struct Pairs {
    same: u64,
    same_span: u64,
    same_label: u64,
    other: u64,
    missing: u64,
    spurious: u64,
}

impl Pairs {
    fn schemes(self) -> SemEvalSchemes {
        let Self { same, same_span, same_label, other, .. } = self;
        SemEvalSchemes {
            strict: self.counts(same, same_span + same_label + other, 0),
            exact: self.counts(same + same_span, same_label + other, 0),
            partial: self.counts(same + same_span, 0, same_label + other),
            r#type: self.counts(same + same_label, same_span + other, 0),
        }
    }

    fn counts(self, correct: u64, incorrect: u64, partial: u64) -> SemEvalCounts {
        let pairs = correct + incorrect + partial;
        let (possible, actual) = (pairs + self.missing, pairs + self.spurious);
        let twice = 2 * correct + partial;
        SemEvalCounts {
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

fn count(document: &Paired, system: usize, labels: &mut [Pairs]) {
    let (gold, predicted) = (document.items(Side::Gold), document.items(Side::System(system)));
    let of = |label: LabelId| usize::from(label.0);
    let (mut gold_paired, mut predicted_paired) = (vec![false; gold.len()], vec![false; predicted.len()]);
    for (left, right) in matched_pairs(gold, predicted) {
        (gold_paired[left], predicted_paired[right]) = (true, true);
        let (gold, predicted) = (gold[left], predicted[right]);
        let pairs = &mut labels[of(gold.label)];
        match (gold.span == predicted.span, gold.label == predicted.label) {
            (true, true) => pairs.same += 1,
            (true, false) => pairs.same_span += 1,
            (false, true) => pairs.same_label += 1,
            (false, false) => pairs.other += 1,
        }
    }
    for (item, _) in gold.iter().zip(gold_paired).filter(|(_, paired)| !paired) {
        labels[of(item.label)].missing += 1;
    }
    for (item, _) in predicted.iter().zip(predicted_paired).filter(|(_, paired)| !paired) {
        labels[of(item.label)].spurious += 1;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::score_mentions;
    use super::super::strict::tests::{Mentions, corpus, documents};
    use super::*;

    /// Correct, incorrect, partial, missing, spurious.
    fn five(counts: SemEvalCounts) -> [u64; 5] {
        [counts.correct, counts.incorrect, counts.partial, counts.missing, counts.spurious]
    }

    fn schemes(gold: &Mentions, predicted: &Mentions) -> [[u64; 5]; 4] {
        let found = semeval(&corpus(&[(gold.clone(), vec![predicted.clone()])]), 0).overall;
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
        let found = semeval(&corpus(&[(gold, vec![predicted])]), 0);
        let partial = found.overall.partial;
        assert_eq!((partial.possible, partial.actual), (3, 4));
        assert_eq!((partial.precision, partial.recall, partial.f1), (Some(1.5 / 4.0), Some(0.5), Some(3.0 / 7.0)));
        let labels: Vec<_> = found.labels.iter().map(|label| (&label.label[..], five(label.schemes.partial))).collect();
        assert_eq!(labels, [("X", [0, 0, 0, 0, 2]), ("Y", [0, 0, 0, 1, 0]), ("Z", [1, 0, 1, 0, 0])]);
        let x = found.labels[0].schemes.strict;
        assert_eq!((x.precision, x.recall, x.f1), (Some(0.0), None, Some(0.0)));
        assert_eq!(semeval(&corpus(&[]), 0), SemEval::default());
    }

    proptest! {
        #[test]
        fn counts_agree(documents in documents()) {
            let corpus = corpus(&documents);
            let (found, scores) = (semeval(&corpus, 0), score_mentions(&corpus, 0));
            let all = |schemes: SemEvalSchemes| [schemes.strict, schemes.exact, schemes.partial, schemes.r#type];
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
