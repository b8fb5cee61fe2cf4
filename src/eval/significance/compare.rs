//! The difference between two systems.

use fastrand::Rng;
use rayon::prelude::*;
use serde::Serialize;

use super::resampling::{Interval, Resampling, interval, n_units, small};
use crate::eval::random::{Purpose, generator};
use crate::eval::unit::{Unit, unit_counts};
use crate::eval::{Corpus, Counts};

/// The difference between two systems on the same gold.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// The micro F1 of the first system minus that of the second, from −1 to 1; `None` if either is undefined.
    pub delta_f1: Option<f64>,
    /// The 95% interval of that difference, from the paired percentile bootstrap: every sample scores both systems on the
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

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(units: &[[u64; 3]]) -> Vec<Counts> {
        units.iter().map(|&[correct, predicted, gold]| Counts { correct, predicted, gold }).collect()
    }

    const MANY: Resampling = Resampling { samples: 20_000, seed: 7, unit: None };

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
}
