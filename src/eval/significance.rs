//! How much would another sample change the scores, and do two systems differ by more than chance?

use fastrand::Rng;
use rayon::prelude::*;
use serde::Serialize;

use super::random::{Purpose, generator};
use super::scores::macro_f1;
use super::strict::{Shared, boundary_counts, merge};
use super::unit::{Unit, UnitItems, unit_counts};
use super::{Corpus, Counts};

/// How to draw random samples. Results depend on these numbers alone: they are the same on every platform and for any
/// number of threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Resampling {
    /// The number of samples or trials; 1,000 by default, which is enough for intervals. A p-value with a few digits takes
    /// 10,000.
    pub samples: u32,
    /// The seed of the random numbers; 1 by default.
    pub seed: u64,
    /// What to draw; by default [`Unit::of`] the corpus: documents, or sentences if there is just one document.
    pub unit: Option<Unit>,
}

impl Default for Resampling {
    fn default() -> Self {
        Self { samples: 1000, seed: 1, unit: None }
    }
}

impl Resampling {
    /// Sets [`samples`](Self::samples).
    pub fn samples(mut self, samples: u32) -> Self {
        self.samples = samples;
        self
    }

    /// Sets [`seed`](Self::seed).
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Sets [`unit`](Self::unit).
    pub fn unit(mut self, unit: Unit) -> Self {
        self.unit = Some(unit);
        self
    }
}

/// The middle 95 % of the samples: from their 2.5th to their 97.5th percentile, interpolated linearly.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// The 95 % percentile bootstrap intervals of a system's scores (Efron 1979).
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

/// The difference between two systems on the same gold.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// The micro F1 of the first system minus that of the second, from −1 to 1; `None` if either is undefined.
    pub delta_f1: Option<f64>,
    /// The 95 % interval of that difference, from the paired percentile bootstrap: every sample scores both systems on the
    /// same units. Samples in which either F1 is undefined are left out.
    pub interval: Option<Interval>,
    /// How likely two equally good systems would be to differ this much or more, by two-sided paired approximate
    /// randomisation (Noreen 1989). A trial swaps the two systems in about half of the units. The p-value is
    /// (c + 1) / (n + 1) if c of n trials reach the difference seen, so it is at least 1 / (n + 1). An F1 that is undefined
    /// in a trial counts as 0. `None` if the difference is undefined.
    pub p_value: Option<f64>,
    /// The number of units compared. With fewer than about 30, neither the interval nor the p-value means much.
    pub units: u64,
    /// In how many units the counts of the two systems differ.
    pub differing_units: u64,
    /// The number of samples for the interval, and of trials for the p-value.
    pub samples: u32,
}

/// Compares the micro F1 of two systems, `a` and `b`. It runs on the rayon pool that it is called in.
///
/// ```
/// use allonym::eval::{Input, PairingOptions, Resampling, compare, pair};
/// use allonym::{Document, Label, Mention, Span};
///
/// let document = |id: usize, mentions| Document { mentions, ..Document::new(id.to_string(), "Rain in Beirut") };
/// let beirut = || vec![Mention::new(Span::new(8, 14), Label::new("LOC"))];
/// let every = |nth| (0..100).map(|id| document(id, if id % nth == 0 { beirut() } else { vec![] })).collect();
///
/// let systems = vec![Input::new("a", every(1)), Input::new("b", every(2))];
/// let pairing = pair(Input::new("gold", every(1)), systems, &PairingOptions::default())?;
/// let difference = compare(&pairing.corpus, 0, 1, Resampling::default().samples(10_000));
/// assert!(difference.delta_f1 > Some(0.3) && difference.p_value < Some(0.001));
/// # Ok::<(), allonym::eval::PairingError>(())
/// ```
///
/// # Panics
/// If there is no such system.
pub fn compare(corpus: &Corpus, a: usize, b: usize, resampling: Resampling) -> Difference {
    let unit = resampling.unit.unwrap_or_else(|| Unit::of(corpus));
    compare_counts(&unit_counts(corpus, a, unit), &unit_counts(corpus, b, unit), resampling)
}

/// Compares two systems by their strict counts in each unit.
pub(crate) fn compare_counts(a: &[Counts], b: &[Counts], resampling: Resampling) -> Difference {
    assert_eq!(a.len(), b.len(), "both systems must have the same units");
    let pairs: Vec<PairedUnit> = a.iter().zip(b).map(|(&a, &b)| [UnitF1::of(a), UnitF1::of(b)]).collect();
    let seen = pairs.iter().fold(Totals::default(), Totals::plus);
    let deltas: Vec<Option<f64>> = (0..resampling.samples)
        .into_par_iter()
        .map(|index| resampled(&pairs, &mut generator(resampling.seed, Purpose::Bootstrap, index)).delta())
        .collect();
    let differing: Vec<PairedUnit> = pairs.iter().copied().filter(|[a, b]| a != b).collect();
    let p_value = seen.delta().map(|_| {
        let reached = (0..resampling.samples)
            .into_par_iter()
            .filter(|&index| {
                let mut random = generator(resampling.seed, Purpose::Randomisation, index);
                swapped(&differing, seen, &mut random).is_at_least(seen)
            })
            .count();
        (reached as f64 + 1.0) / (f64::from(resampling.samples) + 1.0)
    });
    Difference {
        delta_f1: seen.delta(),
        interval: interval(deltas.into_iter().flatten().collect()),
        p_value,
        units: pairs.len() as u64,
        differing_units: differing.len() as u64,
        samples: resampling.samples,
    }
}

/// What the F1 of a system depends on, in one unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct UnitF1 {
    correct: u32,
    /// Predicted plus gold mentions.
    all: u32,
}

impl UnitF1 {
    fn of(counts: Counts) -> Self {
        Self { correct: small(counts.correct), all: small(counts.predicted + counts.gold) }
    }
}

/// One unit of both systems.
type PairedUnit = [UnitF1; 2];

fn small(count: u64) -> u32 {
    u32::try_from(count).expect("a unit has fewer than 2^32 mentions")
}

/// The sums of both systems.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Totals {
    correct: [i64; 2],
    all: [i64; 2],
}

impl Totals {
    fn plus(mut self, pair: &PairedUnit) -> Self {
        for (side, unit) in pair.iter().enumerate() {
            self.correct[side] += i64::from(unit.correct);
            self.all[side] += i64::from(unit.all);
        }
        self
    }

    fn delta(self) -> Option<f64> {
        let f1 = |side: usize| (self.all[side] > 0).then(|| 2.0 * self.correct[side] as f64 / self.all[side] as f64);
        Some(f1(0)? - f1(1)?)
    }

    /// Whether the difference is at least as large as another one, in either direction. In integers, so that rounding
    /// cannot lose a trial that swaps nothing or everything.
    fn is_at_least(self, other: Self) -> bool {
        let (part, whole) = self.fraction();
        let (other_part, other_whole) = other.fraction();
        part * other_whole >= other_part * whole
    }

    /// Half the size of the difference, as numerator and denominator.
    fn fraction(self) -> (u128, u128) {
        let [all_a, all_b] = self.all.map(|all| i128::from(all.max(1)));
        let [correct_a, correct_b] = self.correct.map(i128::from);
        ((correct_a * all_b - correct_b * all_a).unsigned_abs(), (all_a * all_b).unsigned_abs())
    }
}

/// Draws a sample of the same size.
fn resampled(pairs: &[PairedUnit], random: &mut Rng) -> Totals {
    let n = n_units(pairs.len());
    (0..n).fold(Totals::default(), |totals, _| totals.plus(&pairs[random.u32(0..n) as usize]))
}

/// Swaps the systems in each unit with probability 1/2.
fn swapped(differing: &[PairedUnit], seen: Totals, random: &mut Rng) -> Totals {
    let (mut correct, mut all) = (0_i64, 0_i64);
    for pairs in differing.chunks(64) {
        let bits = random.u64(..);
        for (bit, [a, b]) in pairs.iter().enumerate() {
            let mask = -((bits >> bit & 1) as i64);
            correct += (i64::from(a.correct) - i64::from(b.correct)) & mask;
            all += (i64::from(a.all) - i64::from(b.all)) & mask;
        }
    }
    Totals {
        correct: [seen.correct[0] - correct, seen.correct[1] + correct],
        all: [seen.all[0] - all, seen.all[1] + all],
    }
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

fn n_units(n: usize) -> u32 {
    u32::try_from(n).expect("a corpus has fewer than 2^32 units")
}

/// The middle 95 % of the values; `None` if there are none.
fn interval(mut values: Vec<f64>) -> Option<Interval> {
    values.sort_unstable_by(f64::total_cmp);
    Some(Interval { low: percentile(&values, 0.025)?, high: percentile(&values, 0.975)? })
}

/// The value at a share (from 0 to 1) of the way through sorted values, interpolated linearly.
fn percentile(sorted: &[f64], share: f64) -> Option<f64> {
    let place = sorted.len().checked_sub(1)? as f64 * share;
    let (below, above) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    Some(below + (above - below) * place.fract())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::strict::tests::{corpus, documents};
    use super::super::{Scores, score_mentions};
    use super::*;

    fn counts(units: &[[u64; 3]]) -> Vec<Counts> {
        units.iter().map(|&[correct, predicted, gold]| Counts { correct, predicted, gold }).collect()
    }

    const MANY: Resampling = Resampling { samples: 20_000, seed: 7, unit: None };

    #[test]
    fn percentiles_lie_between_neighbours() {
        // 2.5 % of the way through 0, 1, ..., 40 is at 1, through 0, 10, 20 at 0.5.
        let forty = (0..41).rev().map(f64::from).collect();
        assert_eq!(interval(forty), Some(Interval { low: 1.0, high: 39.0 }));
        assert_eq!(interval(vec![10.0, 0.0, 20.0]), Some(Interval { low: 0.5, high: 19.5 }));
        assert_eq!(interval(vec![3.0]), Some(Interval { low: 3.0, high: 3.0 }));
        assert_eq!(interval(vec![]), None);
    }

    /// Over all 2^n ways to swap, which are equally likely.
    fn exact_p_value(a: &[Counts], b: &[Counts]) -> f64 {
        let difference = |swapped: usize| {
            let side = |own: &[Counts], other: &[Counts]| -> Counts {
                (0..own.len()).map(|unit| if swapped >> unit & 1 == 1 { other[unit] } else { own[unit] }).sum()
            };
            (side(a, b).f1().unwrap_or(0.0) - side(b, a).f1().unwrap_or(0.0)).abs()
        };
        let ways = 1_usize << a.len();
        let reached = (0..ways).filter(|&way| difference(way) >= difference(0) - 1e-12).count();
        reached as f64 / ways as f64
    }

    #[test]
    fn p_values_are_those_of_all_swaps() {
        type Case<'a> = (&'a str, &'a [[u64; 3]], &'a [[u64; 3]], f64);
        let cases: [Case<'_>; 5] = [
            ("all or none of eight", &[[1, 1, 1]; 8], &[[0, 1, 1]; 8], 2.0 / 256.0),
            ("one unit", &[[3, 3, 3]], &[[0, 3, 3]], 1.0),
            ("one unit differs", &[[1, 1, 1], [2, 2, 2]], &[[1, 1, 1], [0, 2, 2]], 1.0),
            ("against each other", &[[1, 1, 1], [0, 1, 1]], &[[0, 1, 1], [1, 1, 1]], 1.0),
            (
                "mixed",
                &[[3, 4, 5], [2, 2, 3], [0, 1, 2], [4, 4, 4], [1, 3, 2], [5, 6, 7]],
                &[[2, 5, 5], [2, 3, 3], [1, 1, 2], [1, 1, 4], [0, 3, 2], [5, 6, 7]],
                f64::NAN,
            ),
        ];
        for (name, a, b, by_hand) in cases {
            let (a, b) = (counts(a), counts(b));
            let want = exact_p_value(&a, &b);
            assert!(by_hand.is_nan() || (want - by_hand).abs() < 1e-12, "{name}: {want}");
            let got = compare_counts(&a, &b, MANY).p_value.expect("both F1s are defined");
            // Four standard errors.
            assert!(
                (got - want).abs() < 4.0 * (want * (1.0 - want) / 20_000.0).sqrt() + 1e-4,
                "{name}: {got} for {want}"
            );
        }
    }

    /// Over all n^n resamples, which are equally likely.
    #[test]
    fn intervals_are_those_of_all_resamples() {
        let a = counts(&[[3, 4, 5], [2, 2, 3], [0, 1, 2], [4, 4, 4], [1, 3, 2]]);
        let b = counts(&[[2, 5, 5], [2, 3, 3], [1, 1, 2], [1, 1, 4], [0, 3, 2]]);
        let resample = |units: &[Counts], way: u32| -> Option<f64> {
            (0..5).map(|place| units[(way / 5_u32.pow(place) % 5) as usize]).sum::<Counts>().f1()
        };
        let deltas =
            (0..5_u32.pow(5)).map(|way| resample(&a, way).expect("defined") - resample(&b, way).expect("defined"));
        let want = interval(deltas.collect()).expect("there are resamples");
        let got = compare_counts(&a, &b, MANY).interval.expect("there are samples");
        assert!((got.low - want.low).abs() < 0.01 && (got.high - want.high).abs() < 0.01, "{got:?} for {want:?}");
        assert!(want.high - want.low > 0.3, "the case has spread: {want:?}");
    }

    #[test]
    fn compares_edge_cases() {
        let some = counts(&[[1, 2, 3], [2, 2, 2]]);
        let empty = counts(&[[0, 0, 0]; 2]);
        let few = Resampling::default().samples(99);
        let equal = compare_counts(&some, &some, few);
        let zero = Some(Interval { low: 0.0, high: 0.0 });
        assert_eq!((equal.delta_f1, equal.interval, equal.p_value), (Some(0.0), zero, Some(1.0)));
        assert_eq!((equal.units, equal.differing_units, equal.samples), (2, 0, 99));
        for (name, a, b) in [("empty", &empty, &empty), ("no units", &vec![], &vec![])] {
            let got = compare_counts(a, b, few);
            assert_eq!((got.delta_f1, got.interval, got.p_value), (None, None, None), "{name}");
        }
        // 3 of 4 mentions on both sides against 1 of 4: every trial but the two extremes falls short.
        let constant = compare_counts(&counts(&[[3, 4, 4]; 20]), &counts(&[[1, 4, 4]; 20]), few);
        let half = Some(Interval { low: 0.5, high: 0.5 });
        assert_eq!((constant.delta_f1, constant.interval, constant.p_value), (Some(0.5), half, Some(0.01)));
        let swapped = compare_counts(&counts(&[[1, 4, 4]; 20]), &counts(&[[3, 4, 4]; 20]), few);
        assert_eq!((swapped.delta_f1, swapped.p_value), (Some(-0.5), Some(0.01)));
    }

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
