//! Do scores mean what they say? Of the predictions with a score of 0.8, 80% should be right.

use rayon::prelude::*;
use serde::Serialize;

use super::strict::strict;
use super::{Corpus, Side};

/// The number of bins of a reliability table.
const BINS: usize = 10;

/// The highest number of points of a precision-coverage curve.
const POINTS: usize = 50;

/// How well a system's scores predict how often it is right. Predictions without a score are left out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Calibration {
    /// Predictions with a score.
    pub scored: u64,
    /// Predictions without one.
    pub unscored: u64,
    /// The reliability table in ten bins of equal width, ascending. A bin includes its lower edge, the last one 1 too.
    pub equal_width: Vec<ReliabilityBin>,
    /// The reliability table in up to ten bins with equal numbers of predictions, as far as ties allow; `lower` and `upper`
    /// are the lowest and the highest score in the bin.
    pub equal_mass: Vec<ReliabilityBin>,
    /// The expected calibration error over `equal_width`: the mean of |precision − mean score| weighted by count, from 0 to
    /// 1 (Guo et al. 2017, "On Calibration of Modern Neural Networks").
    pub expected_calibration_error: f64,
    /// The expected calibration error over `equal_mass`, from 0 to 1.
    pub expected_calibration_error_equal_mass: f64,
    /// The mean squared difference between the score and the outcome (1 if right, 0 if wrong), from 0 to 1 (Brier 1950).
    pub brier_score: f64,
    /// Precision if only the most confident predictions are kept, from few to all, in up to 50 points.
    pub curve: Vec<CoveragePoint>,
    /// The threshold with the best F1 on this gold.
    pub best_threshold: TunedThreshold,
}

/// Predictions with similar scores.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct ReliabilityBin {
    /// The lower edge, from 0 to 1.
    pub lower: f64,
    /// The upper edge, from 0 to 1.
    pub upper: f64,
    /// The number of predictions.
    pub count: u64,
    /// How many of them are right.
    pub correct: u64,
    /// The mean of their scores; `None` if the bin is empty.
    pub mean_score: Option<f64>,
    /// Correct over count; `None` if the bin is empty.
    pub precision: Option<f64>,
}

/// Precision at a threshold.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CoveragePoint {
    /// The lowest score that is kept.
    pub threshold: f64,
    /// The share of the scored predictions that are kept, from 0 to 1.
    pub coverage: f64,
    /// The number of predictions that are kept.
    pub kept: u64,
    /// How many of them are right.
    pub correct: u64,
    /// Correct over kept, from 0 to 1.
    pub precision: f64,
}

/// The threshold that maximises micro F1 on the gold that it is measured on. That F1 is an upper bound, not a result to
/// report: to use a threshold, choose it on other documents.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct TunedThreshold {
    /// The lowest score that is kept; the lowest such threshold on a tie.
    pub threshold: f64,
    /// The number of predictions that are kept.
    pub kept: u64,
    /// How many of them are right.
    pub correct: u64,
    /// All gold mentions.
    pub gold: u64,
    /// Strict micro F1 of what is kept, from 0 to 1.
    pub f1: f64,
    /// Always true, as a warning to readers of the JSON: threshold and F1 come from the same gold.
    pub tuned_on_gold: bool,
}

/// A prediction with a score.
#[derive(Clone, Copy)]
struct Scored {
    /// From 0 to 1.
    score: f64,
    is_right: bool,
}

/// Compares the scores of a system with how often it is right; `None` if no prediction has a score.
///
/// It runs on the rayon pool that it is called in.
///
/// ```
/// use allonym::eval::{Input, PairingOptions, calibration, pair};
/// use allonym::{Document, Label, Mention, Span};
///
/// let mention = |start, end, score| Mention { score, ..Mention::new(Span::new(start, end), Label::new("PER")) };
/// let document = |mentions| Document { mentions, ..Document::new("a", "Ann met Lee and Bo") };
/// let gold = document(vec![mention(0, 3, None), mention(8, 11, None)]);
/// let predicted = document(vec![mention(0, 3, Some(0.9)), mention(8, 11, Some(0.7)), mention(16, 18, Some(0.2))]);
///
/// let systems = vec![Input::new("system", vec![predicted])];
/// let pairing = pair(Input::new("gold", vec![gold]), systems, &PairingOptions::default())?;
/// let calibration = calibration(&pairing.corpus, 0).expect("the predictions have scores");
/// assert!((calibration.expected_calibration_error - 0.2).abs() < 1e-6);
/// assert!((calibration.best_threshold.threshold - 0.7).abs() < 1e-6);
/// # Ok::<(), allonym::eval::PairingError>(())
/// ```
///
/// # Panics
/// If there is no such system.
pub fn calibration(corpus: &Corpus, system: usize) -> Option<Calibration> {
    let documents: Vec<(Vec<Scored>, u64)> = corpus
        .documents
        .par_iter()
        .map(|document| {
            let predicted = document.items(Side::System(system));
            let right = strict(document.items(Side::Gold), predicted).predicted;
            let scored = predicted.iter().zip(right).filter_map(|(item, is_right)| {
                let score = item.score.filter(|score| !score.is_nan())?;
                Some(Scored { score: f64::from(score).clamp(0.0, 1.0), is_right })
            });
            let scored: Vec<Scored> = scored.collect();
            let unscored = (predicted.len() - scored.len()) as u64;
            (scored, unscored)
        })
        .collect();
    let unscored = documents.iter().map(|document| document.1).sum();
    let mut scored: Vec<Scored> = documents.into_iter().flat_map(|document| document.0).collect();
    if scored.is_empty() {
        return None;
    }
    scored.par_sort_unstable_by(|a, b| b.score.total_cmp(&a.score).then(b.is_right.cmp(&a.is_right)));
    let gold = corpus.documents.iter().map(|document| document.gold.len() as u64).sum();
    let equal_width = equal_width(&scored);
    let equal_mass = equal_mass(&scored);
    let squares = scored.iter().map(|one| (one.score - f64::from(u8::from(one.is_right))).powi(2));
    Some(Calibration {
        scored: scored.len() as u64,
        unscored,
        expected_calibration_error: expected_error(&equal_width),
        expected_calibration_error_equal_mass: expected_error(&equal_mass),
        equal_width,
        equal_mass,
        brier_score: squares.sum::<f64>() / scored.len() as f64,
        curve: curve(&scored),
        best_threshold: best_threshold(&scored, gold),
    })
}

fn bin(lower: f64, upper: f64, scored: &[Scored]) -> ReliabilityBin {
    let count = scored.len() as u64;
    let correct = correct(scored);
    let mean = |sum: f64| (count > 0).then(|| sum / count as f64);
    let mean_score = mean(scored.iter().map(|one| one.score).sum());
    ReliabilityBin { lower, upper, count, correct, mean_score, precision: mean(correct as f64) }
}

fn correct(scored: &[Scored]) -> u64 {
    scored.iter().filter(|one| one.is_right).count() as u64
}

/// Runs of equal scores, highest first.
fn ties(scored: &[Scored]) -> impl Iterator<Item = &[Scored]> {
    scored.chunk_by(|one, other| one.score == other.score)
}

/// `scored` is in descending order, here and below.
fn equal_width(scored: &[Scored]) -> Vec<ReliabilityBin> {
    let mut rest = scored;
    let edge = |index: usize| index as f64 / BINS as f64;
    let mut bins: Vec<ReliabilityBin> = (0..BINS)
        .rev()
        .map(|index| {
            // Scores come in single precision: 0.7f32 belongs to the bin that begins at 0.7.
            let (inside, below) = rest.split_at(rest.partition_point(|one| one.score as f32 >= edge(index) as f32));
            rest = below;
            bin(edge(index), edge(index + 1), inside)
        })
        .collect();
    bins.reverse();
    bins
}

fn equal_mass(scored: &[Scored]) -> Vec<ReliabilityBin> {
    let mut bins: Vec<Vec<Scored>> = vec![Vec::new(); BINS];
    let mut rank = 0;
    for tie in ties(scored) {
        bins[BINS * rank / scored.len()].extend(tie);
        rank += tie.len();
    }
    let range = |bin: &[Scored]| Some((bin.last()?.score, bin.first()?.score));
    let filled = bins.iter().rev().filter_map(|scored| range(scored).map(|(lower, upper)| bin(lower, upper, scored)));
    filled.collect()
}

fn expected_error(bins: &[ReliabilityBin]) -> f64 {
    let total: u64 = bins.iter().map(|bin| bin.count).sum();
    let gap = |bin: &ReliabilityBin| Some((bin.precision? - bin.mean_score?).abs() * bin.count as f64);
    bins.iter().filter_map(gap).sum::<f64>() / total as f64
}

fn curve(scored: &[Scored]) -> Vec<CoveragePoint> {
    let mut points: Vec<CoveragePoint> = Vec::new();
    let (mut kept, mut right) = (0, 0);
    for tie in ties(scored) {
        // A point wherever another fiftieth of all predictions is kept.
        let passed = POINTS * (kept + tie.len()) / scored.len() > POINTS * kept / scored.len();
        kept += tie.len();
        right += correct(tie);
        if passed {
            points.push(CoveragePoint {
                threshold: tie[0].score,
                coverage: kept as f64 / scored.len() as f64,
                kept: kept as u64,
                correct: right,
                precision: right as f64 / kept as f64,
            });
        }
    }
    points
}

fn best_threshold(scored: &[Scored], gold: u64) -> TunedThreshold {
    let (mut kept, mut right) = (0, 0);
    let mut best = TunedThreshold { threshold: 1.0, kept: 0, correct: 0, gold, f1: 0.0, tuned_on_gold: true };
    for tie in ties(scored) {
        kept += tie.len() as u64;
        right += correct(tie);
        // F1 = 2 · correct / (kept + gold), compared without rounding.
        if u128::from(right) * u128::from(best.kept + gold) >= u128::from(best.correct) * u128::from(kept + gold) {
            let f1 = 2.0 * right as f64 / (kept + gold) as f64;
            best = TunedThreshold { threshold: tie[0].score, kept, correct: right, f1, ..best };
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::eval::fixture::{TEXT, corpus, items, paired, random_items};

    fn close(got: f64, want: f64) -> bool {
        (got - want).abs() < 1e-6
    }

    #[test]
    fn a_table_by_hand() {
        let row = |at: usize, score| (at, at + 1, 0, score);
        let predicted = [row(0, Some(0.95)), row(1, Some(0.95)), row(2, Some(0.7)), row(3, Some(0.2)), row(4, None)];
        let gold = [row(0, None), row(2, None), row(4, None), row(5, None)];
        let got = calibration(&corpus(vec![paired(TEXT, &gold, &predicted)]), 0).expect("there are scores");
        assert_eq!((got.scored, got.unscored), (4, 1));
        let counts: Vec<(u64, u64)> = got.equal_width.iter().map(|bin| (bin.count, bin.correct)).collect();
        let mut want = vec![(0, 0); 10];
        (want[2], want[7], want[9]) = ((1, 0), (1, 1), (2, 1));
        assert_eq!(counts, want);
        assert_eq!((got.equal_width[9].lower, got.equal_width[9].upper), (0.9, 1.0));
        assert_eq!((got.equal_width[0].mean_score, got.equal_width[0].precision), (None, None));
        // (2 · |0.5 - 0.95| + |1 - 0.7| + |0 - 0.2|) / 4
        assert!(close(got.expected_calibration_error, 0.35));
        assert!(close(got.expected_calibration_error_equal_mass, 0.35));
        let counts: Vec<(u64, u64)> = got.equal_mass.iter().map(|bin| (bin.count, bin.correct)).collect();
        assert_eq!(counts, [(1, 0), (1, 1), (2, 1)]);
        // (0.05² + 0.95² + 0.3² + 0.2²) / 4
        assert!(close(got.brier_score, 0.25875));
        let curve: Vec<(u64, u64, f64)> =
            got.curve.iter().map(|point| (point.kept, point.correct, point.coverage)).collect();
        assert_eq!(curve, [(2, 1, 0.5), (3, 2, 0.75), (4, 2, 1.0)]);
        // F1: 2/6, 4/7, 4/8
        let best = got.best_threshold;
        assert!(close(best.threshold, 0.7) && close(best.f1, 4.0 / 7.0) && best.tuned_on_gold);
        assert_eq!((best.kept, best.correct, best.gold), (3, 2, 4));
    }

    #[test]
    fn without_scores_there_is_no_calibration() {
        assert_eq!(calibration(&corpus(vec![paired(TEXT, &[], &[(0, 3, 0, None)])]), 0), None);
        assert_eq!(calibration(&corpus(vec![]), 0), None);
    }

    #[test]
    fn the_lowest_of_equally_good_thresholds_is_reported() {
        let got = calibration(&corpus(vec![paired(TEXT, &[], &[(0, 1, 0, Some(0.9)), (1, 2, 0, Some(0.4))])]), 0);
        let best = got.expect("there are scores").best_threshold;
        assert!(close(best.threshold, 0.4) && best.f1 == 0.0);
    }

    #[test]
    fn the_curve_has_fifty_points_at_most_and_ends_with_all() {
        let rows: Vec<_> =
            (0..997u16).map(|i| (usize::from(i), usize::from(i) + 1, 0, Some(f32::from(i) / 1000.0))).collect();
        let got = calibration(&corpus(vec![paired(TEXT, &rows[500..], &rows)]), 0).expect("there are scores");
        assert_eq!(got.curve.len(), 50);
        assert!(got.curve.is_sorted_by_key(|point| point.coverage));
        assert_eq!(got.curve[49].coverage, 1.0);
        assert_eq!(
            got.equal_width.iter().map(|bin| bin.count).collect::<Vec<_>>(),
            [100, 100, 100, 100, 100, 100, 100, 100, 100, 97]
        );
        assert!(close(got.best_threshold.threshold, 0.5) && got.best_threshold.f1 == 1.0);
    }

    proptest! {
        #[test]
        fn no_threshold_is_better(gold in random_items(), predicted in random_items()) {
            let (g, p) = (items(&gold), items(&predicted));
            let scored: Vec<_> = p.iter().filter(|item| item.score.is_some()).collect();
            let Some(got) = calibration(&corpus(vec![paired(TEXT, &gold, &predicted)]), 0) else {
                prop_assert!(scored.is_empty());
                return Ok(());
            };
            let f1 = |threshold: f64| {
                let kept: Vec<_> = scored.iter().filter(|item| item.score.is_some_and(|score| f64::from(score) >= threshold)).collect();
                let right = kept.iter().filter(|item| g.iter().any(|other| other.key() == item.key())).count();
                2.0 * right as f64 / (kept.len() + g.len()) as f64
            };
            prop_assert!(close(got.best_threshold.f1, f1(got.best_threshold.threshold)));
            for item in &scored {
                prop_assert!(f1(f64::from(item.score.unwrap_or(0.0))) <= got.best_threshold.f1 + 1e-12);
            }
            for bins in [&got.equal_width, &got.equal_mass] {
                prop_assert_eq!(bins.iter().map(|bin| bin.count).sum::<u64>(), scored.len() as u64);
                for bin in bins {
                    let inside = bin.mean_score.is_none_or(|mean| bin.lower - 1e-6 <= mean && mean <= bin.upper + 1e-6);
                    prop_assert!(inside);
                }
            }
        }
    }
}
