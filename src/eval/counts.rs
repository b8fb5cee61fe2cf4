//! How many mentions are right?

use std::iter::Sum;

use derive_more::{Add, AddAssign};
use serde::Serialize;

/// Correct, predicted and gold mentions: all that precision, recall and F1 need.
///
/// A ratio whose denominator is zero is `None`: undefined, neither 0 nor 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Add, AddAssign)]
pub struct Counts {
    /// Predicted mentions that are in the gold (true positives).
    pub correct: u64,
    /// Predicted mentions.
    pub predicted: u64,
    /// Gold mentions.
    pub gold: u64,
}

impl Counts {
    /// Correct over predicted, from 0 to 1; `None` where nothing was predicted.
    pub fn precision(self) -> Option<f64> {
        ratio(self.correct, self.predicted)
    }

    /// Correct over gold, from 0 to 1; `None` where the gold is empty.
    pub fn recall(self) -> Option<f64> {
        ratio(self.correct, self.gold)
    }

    /// The harmonic mean of precision and recall, from 0 to 1: 2 · correct / (predicted + gold). `None` where both sides are empty.
    pub fn f1(self) -> Option<f64> {
        ratio(2 * self.correct, self.predicted + self.gold)
    }
}

/// A share, from 0 to 1; `None` of nothing.
pub(super) fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

impl Sum for Counts {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), std::ops::Add::add)
    }
}
