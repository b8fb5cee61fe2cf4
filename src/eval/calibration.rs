//! Do the scores mean what they say?

use rayon::prelude::*;
use serde::Serialize;

use super::errors::strict;
use super::{Corpus, Side};

/// How many bins the reliability tables have.
const BINS: usize = 10;

/// How many points the precision-coverage curve has at most.
const POINTS: usize = 50;

/// How well a system's scores say how often its predictions are right. Predictions without a score are left out of everything.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Calibration {
    /// Predictions with a score.
    pub scored: u64,
    /// Predictions without one.
    pub unscored: u64,
    /// The reliability table in ten bins of equal width, rising; a bin holds its lower edge, the last one 1 too.
    pub equal_width: Vec<ReliabilityBin>,
    /// The reliability table in at most ten bins of equally many predictions, as far as equal scores, which stay together, allow;
    /// `lower` and `upper` are the lowest and the highest score in the bin.
    pub equal_mass: Vec<ReliabilityBin>,
    /// Expected calibration error over `equal_width`: the mean of |precision - mean score|, weighted by count, from 0 to 1
    /// (Guo et al. 2017, "On Calibration of Modern Neural Networks").
    pub expected_calibration_error: f64,
    /// The same over `equal_mass`.
    pub expected_calibration_error_equal_mass: f64,
    /// The mean squared difference of the score and 1 where right, 0 where wrong, from 0 to 1 (Brier 1950).
    pub brier_score: f64,
    /// Precision when only the surest predictions are kept, from few to all, at most 50 points.
    pub curve: Vec<CoveragePoint>,
    /// The threshold that would have been best here.
    pub best_threshold: TunedThreshold,
}

/// Predictions of similar score.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct ReliabilityBin {
    /// Where the bin begins, from 0 to 1.
    pub lower: f64,
    /// Where the bin ends, from 0 to 1.
    pub upper: f64,
    /// Predictions in the bin.
    pub count: u64,
    /// Those of them that are in the gold.
    pub correct: u64,
    /// The mean of their scores; `None` in an empty bin.
    pub mean_score: Option<f64>,
    /// Correct over count; `None` in an empty bin.
    pub precision: Option<f64>,
}

/// What is left at a threshold.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CoveragePoint {
    /// Predictions with this score or a higher one are kept.
    pub threshold: f64,
    /// The share of scored predictions that are kept, from 0 to 1.
    pub coverage: f64,
    /// Predictions kept.
    pub kept: u64,
    /// Those of them that are in the gold.
    pub correct: u64,
    /// Correct over kept, from 0 to 1.
    pub precision: f64,
}

/// The threshold that maximises micro F1 on the very gold that it is shown with: an upper bound, not a figure to report. To use
/// a threshold, choose it on other documents.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct TunedThreshold {
    /// Predictions with this score or a higher one are kept; the lowest of those that are equally good.
    pub threshold: f64,
    /// Predictions kept.
    pub kept: u64,
    /// Those of them that are in the gold.
    pub correct: u64,
    /// All gold mentions.
    pub gold: u64,
    /// Strict micro F1 of what is kept, from 0 to 1.
    pub f1: f64,
    /// Always true: the threshold was chosen with the gold that its F1 is measured on.
    pub tuned_on_gold: bool,
}

/// Compares the scores of a system with how often it is right; `None` where no prediction has a score.
///
/// # Panics
/// When there is no such system.
pub fn calibration(corpus: &Corpus, system: usize) -> Option<Calibration> {
    let documents: Vec<(Vec<(f64, bool)>, u64)> = corpus
        .documents
        .par_iter()
        .map(|document| {
            let predicted = document.items(Side::System(system));
            let right = strict(document.items(Side::Gold), predicted).predicted;
            let scores = predicted.iter().zip(right).filter_map(|(item, right)| {
                let score = item.score.filter(|score| !score.is_nan())?;
                Some((f64::from(score).clamp(0.0, 1.0), right))
            });
            let scores: Vec<(f64, bool)> = scores.collect();
            let unscored = (predicted.len() - scores.len()) as u64;
            (scores, unscored)
        })
        .collect();
    let unscored = documents.iter().map(|document| document.1).sum();
    let mut scores: Vec<(f64, bool)> = documents.into_iter().flat_map(|document| document.0).collect();
    if scores.is_empty() {
        return None;
    }
    scores.par_sort_unstable_by(|one, other| other.0.total_cmp(&one.0).then(other.1.cmp(&one.1)));
    let gold = corpus.documents.iter().map(|document| document.gold.len() as u64).sum();
    let equal_width = equal_width(&scores);
    let equal_mass = equal_mass(&scores);
    let squares = scores.iter().map(|&(score, right)| (score - f64::from(u8::from(right))).powi(2));
    Some(Calibration {
        scored: scores.len() as u64,
        unscored,
        expected_calibration_error: expected_error(&equal_width),
        expected_calibration_error_equal_mass: expected_error(&equal_mass),
        equal_width,
        equal_mass,
        brier_score: squares.sum::<f64>() / scores.len() as f64,
        curve: curve(&scores),
        best_threshold: best_threshold(&scores, gold),
    })
}

fn bin(lower: f64, upper: f64, scores: &[(f64, bool)]) -> ReliabilityBin {
    let count = scores.len() as u64;
    let correct = correct(scores);
    let mean = |sum: f64| (count > 0).then(|| sum / count as f64);
    let mean_score = mean(scores.iter().map(|prediction| prediction.0).sum());
    ReliabilityBin { lower, upper, count, correct, mean_score, precision: mean(correct as f64) }
}

fn correct(scores: &[(f64, bool)]) -> u64 {
    scores.iter().filter(|prediction| prediction.1).count() as u64
}

/// `scores` fall.
fn equal_width(scores: &[(f64, bool)]) -> Vec<ReliabilityBin> {
    let mut rest = scores;
    let edge = |index: usize| index as f64 / BINS as f64;
    let mut bins: Vec<ReliabilityBin> = (0..BINS)
        .rev()
        .map(|index| {
            // The scores are single precision: 0.7f32 must stand in the bin that begins at 0.7.
            let (inside, below) = rest.split_at(rest.partition_point(|score| score.0 as f32 >= edge(index) as f32));
            rest = below;
            bin(edge(index), edge(index + 1), inside)
        })
        .collect();
    bins.reverse();
    bins
}

/// `scores` fall.
fn equal_mass(scores: &[(f64, bool)]) -> Vec<ReliabilityBin> {
    let mut bins: Vec<Vec<(f64, bool)>> = vec![Vec::new(); BINS];
    let mut rank = 0;
    for same in scores.chunk_by(|one, other| one.0 == other.0) {
        bins[BINS * rank / scores.len()].extend(same);
        rank += same.len();
    }
    let range = |bin: &[(f64, bool)]| Some((bin.last()?.0, bin.first()?.0));
    let filled = bins.iter().rev().filter_map(|scores| range(scores).map(|(lower, upper)| bin(lower, upper, scores)));
    filled.collect()
}

fn expected_error(bins: &[ReliabilityBin]) -> f64 {
    let total: u64 = bins.iter().map(|bin| bin.count).sum();
    let gap = |bin: &ReliabilityBin| Some((bin.precision? - bin.mean_score?).abs() * bin.count as f64);
    bins.iter().filter_map(gap).sum::<f64>() / total as f64
}

/// `scores` fall.
fn curve(scores: &[(f64, bool)]) -> Vec<CoveragePoint> {
    let mut points: Vec<CoveragePoint> = Vec::new();
    let (mut kept, mut right) = (0, 0);
    for same in scores.chunk_by(|one, other| one.0 == other.0) {
        // A point where the predictions kept pass the next fiftieth of all.
        let passed = POINTS * (kept + same.len()) / scores.len() > POINTS * kept / scores.len();
        kept += same.len();
        right += correct(same);
        if passed {
            points.push(CoveragePoint {
                threshold: same[0].0,
                coverage: kept as f64 / scores.len() as f64,
                kept: kept as u64,
                correct: right,
                precision: right as f64 / kept as f64,
            });
        }
    }
    points
}

/// `scores` fall.
fn best_threshold(scores: &[(f64, bool)], gold: u64) -> TunedThreshold {
    let (mut kept, mut right) = (0, 0);
    let mut best = TunedThreshold { threshold: 1.0, kept: 0, correct: 0, gold, f1: 0.0, tuned_on_gold: true };
    for same in scores.chunk_by(|one, other| one.0 == other.0) {
        kept += same.len() as u64;
        right += correct(same);
        // F1 = 2 · correct / (kept + gold), compared without rounding.
        if u128::from(right) * u128::from(best.kept + gold) >= u128::from(best.correct) * u128::from(kept + gold) {
            let f1 = 2.0 * right as f64 / (kept + gold) as f64;
            best = TunedThreshold { threshold: same[0].0, kept, correct: right, f1, ..best };
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::eval::errors::fixture::{TEXT, corpus, items, paired, random_items};

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
    fn without_scores_there_is_none() {
        assert_eq!(calibration(&corpus(vec![paired(TEXT, &[], &[(0, 3, 0, None)])]), 0), None);
        assert_eq!(calibration(&corpus(vec![]), 0), None);
    }

    #[test]
    fn of_equally_good_thresholds_the_lowest_is_told() {
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
