//! The axes of pictures.

use std::ops::Range;

use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint, Ranged};
use plotters::coord::types::RangedCoordf64;

/// A linear scale with given ticks.
#[derive(Clone)]
pub(super) struct Axis {
    scale: RangedCoordf64,
    ticks: Vec<f64>,
}

impl Axis {
    pub(super) fn new(range: Range<f64>, ticks: Vec<f64>) -> Self {
        Self { scale: range.into(), ticks }
    }

    /// From 0 to 100 percent.
    pub(super) fn percent() -> Self {
        Self::new(0.0..100.0, (0..=5).map(|tick| 20.0 * f64::from(tick)).collect())
    }

    /// The range of values between 0 and 100, from tick to tick.
    pub(super) fn around(values: impl Iterator<Item = f64>) -> Self {
        let (low, high) = values.fold((100.0_f64, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
        if low > high {
            return Self::percent();
        }
        let step = [0.5, 1.0, 2.0, 5.0, 10.0].into_iter().find(|step| high - low <= 5.0 * step).unwrap_or(20.0);
        // No figure is on the frame, except 0 and 100.
        let first = ((low / step - 0.25).floor() * step).max(0.0);
        let last = ((high / step + 0.25).ceil() * step).min(100.0);
        let n_ticks = ((last - first) / step).round() as u32;
        Self::new(first..last, (0..=n_ticks).map(|tick| first + step * f64::from(tick)).collect())
    }
}

impl Ranged for Axis {
    type FormatOption = DefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        self.scale.map(value, limit)
    }

    fn key_points<Hint: KeyPointHint>(&self, _: Hint) -> Vec<f64> {
        self.ticks.clone()
    }

    fn range(&self) -> Range<f64> {
        self.scale.range()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_at_ticks() {
        let ends = |values: &[f64]| {
            let axis = Axis::around(values.iter().copied());
            (axis.range().start, axis.range().end, axis.ticks.len())
        };
        let cases: [(&[f64], _); 7] = [
            (&[81.4, 84.0], (81.0, 85.0, 5)),
            (&[81.0, 84.0], (80.0, 85.0, 6)),
            (&[99.0, 100.0], (98.5, 100.0, 4)),
            (&[0.0, 100.0], (0.0, 100.0, 6)),
            (&[7.0, 60.0], (0.0, 80.0, 5)),
            (&[], (0.0, 100.0, 6)),
            (&[50.0], (49.5, 50.5, 3)),
        ];
        for (values, want) in cases {
            assert_eq!(ends(values), want, "{values:?}");
        }
    }

    #[test]
    fn no_value_is_off_the_scale() {
        for low in 0..100 {
            for high in low..=100 {
                let (low, high) = (f64::from(low), f64::from(high));
                let range = Axis::around([low, high].into_iter()).range();
                assert!(
                    range.start <= low && high <= range.end && range.start < range.end,
                    "{low} to {high}: {range:?}"
                );
            }
        }
    }
}
