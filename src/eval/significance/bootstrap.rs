//! Bootstrap intervals.

use fastrand::Rng;
use rayon::prelude::*;
use serde::Serialize;

use super::resampling::{Interval, Resampling, interval, n_units, small};
use crate::eval::random::{Purpose, generator};
use crate::eval::scores::macro_f1;
use crate::eval::strict::{Shared, boundary_counts, merge};
use crate::eval::unit::{Unit, UnitItems};
use crate::eval::{Corpus, Counts};

/// The 95% percentile bootstrap intervals of a system's scores (Efron 1979).
///
/// Each sample draws as many units as there are, with replacement. Macro F1 is over the labels in the sample. Samples in
/// which a score is undefined are left out; an interval is `None` if no sample defines the score.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Intervals {
    /// What was drawn.
    pub unit: Unit,
    /// The number of units in the corpus. With fewer than about 30 the intervals are too narrow.
    pub units: u64,
    /// The number of samples.
    pub samples: u32,
    /// Of micro precision, from 0 to 1.
    pub precision: Option<Interval>,
    /// Of micro recall, from 0 to 1.
    pub recall: Option<Interval>,
    /// Of micro F1, from 0 to 1.
    pub f1: Option<Interval>,
    /// Of macro F1 over the labels of either side, from 0 to 1.
    pub macro_f1: Option<Interval>,
    /// Of the F1 of spans alone, from 0 to 1.
    pub boundary_f1: Option<Interval>,
}

/// Computes the bootstrap intervals of a system. It runs on the rayon pool that it is called in.
///
/// ```
/// use allonym::eval::{Input, PairingOptions, Resampling, intervals, pair};
/// use allonym::{Document, Label, Mention, Span};
///
/// let document = |id: usize, mentions| Document { mentions, ..Document::new(id.to_string(), "Rain in Beirut") };
/// let beirut = || Mention::new(Span::new(8, 14), Label::new("LOC"));
/// // A system that finds three of four mentions, in a hundred documents.
/// let gold = (0..100).map(|id| document(id, vec![beirut()])).collect();
/// let predicted = (0..100).map(|id| document(id, if id % 4 > 0 { vec![beirut()] } else { vec![] })).collect();
///
/// let systems = vec![Input::new("system", predicted)];
/// let pairing = pair(Input::new("gold", gold), systems, &PairingOptions::default())?;
/// let recall = intervals(&pairing.corpus, 0, Resampling::default()).recall.expect("there is gold");
/// assert!(recall.low > 0.6 && recall.low < 0.75 && recall.high > 0.75 && recall.high < 0.9);
/// # Ok::<(), allonym::eval::PairingError>(())
/// ```
///
/// # Panics
/// If there is no such system.
pub fn intervals(corpus: &Corpus, system: usize, resampling: Resampling) -> Intervals {
    let unit = resampling.unit.unwrap_or_else(|| Unit::of(corpus));
    let statistics = Statistics::new(corpus, system, unit);
    let samples: Vec<[Option<f64>; 5]> = (0..resampling.samples)
        .into_par_iter()
        .map_init(Vec::new, |weights, index| {
            let mut random = generator(resampling.seed, Purpose::Bootstrap, index);
            statistics.draw(&mut random, weights);
            statistics.figures(weights)
        })
        .collect();
    let [precision, recall, f1, macro_f1, boundary_f1] =
        std::array::from_fn(|figure| interval(samples.iter().filter_map(|sample| sample[figure]).collect()));
    let units = statistics.boundary.len() as u64;
    Intervals { unit, units, samples: resampling.samples, precision, recall, f1, macro_f1, boundary_f1 }
}

/// The counts of each unit, in a compact form: a sample is a weighted sum of them.
struct Statistics {
    /// The boundary counts of each unit.
    boundary: Vec<[u32; 3]>,
    /// For each label, the units in which it occurs, with their strict counts.
    labels: Vec<Vec<(u32, [u32; 3])>>,
}

impl Statistics {
    fn new(corpus: &Corpus, system: usize, unit: Unit) -> Self {
        let of_document = |document| -> Vec<UnitStatistics> {
            unit.split(document, system).into_iter().map(UnitStatistics::new).collect()
        };
        let documents: Vec<Vec<UnitStatistics>> = corpus.documents.par_iter().map(of_document).collect();
        let mut statistics = Self { boundary: Vec::new(), labels: vec![Vec::new(); corpus.labels.len()] };
        for (index, unit) in (0..).zip(documents.into_iter().flatten()) {
            statistics.boundary.push(unit.boundary);
            for (label, counts) in unit.labels {
                statistics.labels[usize::from(label)].push((index, counts));
            }
        }
        statistics
    }

    /// Draws a sample: how often each unit is in it.
    fn draw(&self, random: &mut Rng, weights: &mut Vec<u32>) {
        let n = n_units(self.boundary.len());
        weights.clear();
        weights.resize(self.boundary.len(), 0);
        for _ in 0..n {
            weights[random.u32(0..n) as usize] += 1;
        }
    }

    /// Precision, recall, F1, macro F1 and boundary F1 of a sample.
    fn figures(&self, weights: &[u32]) -> [Option<f64>; 5] {
        let labels: Vec<Counts> = self
            .labels
            .iter()
            .map(|units| weighted(units.iter().map(|&(unit, counts)| (weights[unit as usize], counts))))
            .collect();
        let micro: Counts = labels.iter().copied().sum();
        let boundary = weighted(weights.iter().copied().zip(self.boundary.iter().copied()));
        [micro.precision(), micro.recall(), micro.f1(), macro_f1(&labels), boundary.f1()]
    }
}

fn weighted(units: impl Iterator<Item = (u32, [u32; 3])>) -> Counts {
    let mut sums = [0_u64; 3];
    for (weight, counts) in units {
        for (sum, count) in sums.iter_mut().zip(counts) {
            *sum += u64::from(weight) * u64::from(count);
        }
    }
    let [correct, predicted, gold] = sums;
    Counts { correct, predicted, gold }
}

/// The counts of one unit: correct, predicted, gold.
struct UnitStatistics {
    boundary: [u32; 3],
    /// By label, sorted.
    labels: Vec<(u16, [u32; 3])>,
}

impl UnitStatistics {
    fn new(UnitItems { gold, predicted }: UnitItems<'_>) -> Self {
        let Counts { correct, predicted: n_predicted, gold: n_gold } = boundary_counts(gold, predicted);
        let mut mentions: Vec<(u16, [u32; 3])> = merge(gold, predicted)
            .map(|shared| match shared {
                Shared::Both(index, _) => (gold[index].label.0, [1, 1, 1]),
                Shared::GoldOnly(index) => (gold[index].label.0, [0, 0, 1]),
                Shared::PredictedOnly(index) => (predicted[index].label.0, [0, 1, 0]),
            })
            .collect();
        mentions.sort_unstable_by_key(|mention| mention.0);
        let labels = mentions.chunk_by(|a, b| a.0 == b.0).map(|same| {
            let sum =
                same.iter().fold([0; 3], |sum, mention| std::array::from_fn(|index| sum[index] + mention.1[index]));
            (same[0].0, sum)
        });
        Self { boundary: [correct, n_predicted, n_gold].map(small), labels: labels.collect() }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::eval::strict::tests::{corpus, documents};
    use crate::eval::{Scores, compare, score_mentions};

    const MANY: Resampling = Resampling { samples: 20_000, seed: 7, unit: None };

    #[test]
    fn intervals_of_edge_cases() {
        let perfect = corpus(&vec![(vec![(0, 1, 0)], vec![vec![(0, 1, 0)]]); 3]);
        let got = intervals(&perfect, 0, Resampling::default().unit(Unit::Document));
        let one = Some(Interval { low: 1.0, high: 1.0 });
        assert_eq!((got.units, got.samples), (3, 1000));
        assert_eq!([got.precision, got.recall, got.f1, got.macro_f1, got.boundary_f1], [one; 5]);
        let silent = corpus(&vec![(vec![(0, 1, 0)], vec![vec![]]); 3]);
        let got = intervals(&silent, 0, Resampling::default().unit(Unit::Document));
        let zero = Some(Interval { low: 0.0, high: 0.0 });
        assert_eq!([got.precision, got.recall, got.f1, got.macro_f1, got.boundary_f1], [None, zero, zero, zero, zero]);
        let got = intervals(&corpus(&[]), 0, Resampling::default().unit(Unit::Document));
        assert_eq!([got.precision, got.recall, got.f1, got.macro_f1, got.boundary_f1], [None; 5]);
    }

    /// Of 400 mentions, each in its own document, 3 in 4 are found. The interval is that of a proportion, 0.75 ± 1.96 ·
    /// sqrt(0.75 · 0.25 / 400).
    #[test]
    fn the_interval_is_that_of_a_proportion() {
        let found = |index| if index % 4 == 0 { vec![] } else { vec![(0, 1, 0)] };
        let corpus = corpus(&(0..400).map(|index| (vec![(0, 1, 0)], vec![found(index)])).collect::<Vec<_>>());
        let got = intervals(&corpus, 0, MANY).recall.expect("there is gold");
        let want = 1.96 * (0.75_f64 * 0.25 / 400.0).sqrt();
        assert!((got.low - (0.75 - want)).abs() < 0.004 && (got.high - (0.75 + want)).abs() < 0.004, "{got:?}");
    }

    #[test]
    fn threads_do_not_matter() {
        let documents: Vec<_> = (0..50)
            .map(|index| {
                (
                    vec![(index, index + 3, 0), (55, 57, 1)],
                    vec![vec![(index, index + 2 + index % 2, 0), (55, 57, 1)], vec![(55, 57, 1)]],
                )
            })
            .collect();
        let corpus = corpus(&documents);
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can start");
            pool.install(|| {
                let resampling = Resampling::default().samples(200).seed(3);
                (intervals(&corpus, 0, resampling), compare(&corpus, 0, 1, resampling))
            })
        };
        assert_eq!(run(1), run(5));
    }

    proptest! {
        /// The weighted sum has the scores of the drawn documents.
        #[test]
        fn a_sample_is_scored_as_a_corpus(
            documents in documents(),
            seed in any::<u64>(),
        ) {
            let statistics = Statistics::new(&corpus(&documents), 0, Unit::Document);
            let mut weights = Vec::new();
            statistics.draw(&mut generator(seed, Purpose::Bootstrap, 0), &mut weights);
            prop_assert_eq!(weights.iter().sum::<u32>() as usize, documents.len());
            let drawn: Vec<_> = documents
                .iter()
                .zip(&weights)
                .flat_map(|(document, &weight)| vec![document.clone(); weight as usize])
                .collect();
            let want = score_mentions(&corpus(&drawn), 0);
            let Scores { micro, macro_average, boundary, .. } = want;
            let want = [micro.precision, micro.recall, micro.f1, macro_average.f1, boundary.f1];
            for (got, want) in statistics.figures(&weights).into_iter().zip(want) {
                prop_assert_eq!(got.map(|ratio| (ratio * 1e9).round()), want.map(|ratio| (ratio * 1e9).round()));
            }
        }
    }
}
