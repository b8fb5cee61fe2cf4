//! Samples, and the intervals that they give.

use serde::Serialize;

use crate::eval::unit::Unit;

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
    /// Sets [`samples`](Self#structfield.samples).
    #[must_use]
    pub fn samples(mut self, samples: u32) -> Self {
        self.samples = samples;
        self
    }

    /// Sets [`seed`](Self#structfield.seed).
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Sets [`unit`](Self#structfield.unit).
    #[must_use]
    pub fn unit(mut self, unit: Unit) -> Self {
        self.unit = Some(unit);
        self
    }
}

/// The middle 95% of the samples: from their 2.5th to their 97.5th percentile, interpolated linearly.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// The middle 95% of the values; `None` if there are none.
pub(super) fn interval(mut values: Vec<f64>) -> Option<Interval> {
    values.sort_unstable_by(f64::total_cmp);
    Some(Interval { low: percentile(&values, 0.025)?, high: percentile(&values, 0.975)? })
}

/// The value at a share (from 0 to 1) of the way through sorted values, interpolated linearly.
fn percentile(sorted: &[f64], share: f64) -> Option<f64> {
    let place = sorted.len().checked_sub(1)? as f64 * share;
    let (below, above) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    Some(below + (above - below) * place.fract())
}

/// The number of units, for the random number generator.
pub(super) fn n_units(n: usize) -> u32 {
    u32::try_from(n).expect("a corpus has fewer than 2^32 units")
}

/// A count in one unit.
pub(super) fn small(count: u64) -> u32 {
    u32::try_from(count).expect("a unit has fewer than 2^32 mentions")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_lie_between_neighbours() {
        // 2.5% of the way through 0, 1, ..., 40 is at 1, through 0, 10, 20 at 0.5.
        let forty = (0..41).rev().map(f64::from).collect();
        assert_eq!(interval(forty), Some(Interval { low: 1.0, high: 39.0 }));
        assert_eq!(interval(vec![10.0, 0.0, 20.0]), Some(Interval { low: 0.5, high: 19.5 }));
        assert_eq!(interval(vec![3.0]), Some(Interval { low: 3.0, high: 3.0 }));
        assert_eq!(interval(vec![]), None);
    }
}
