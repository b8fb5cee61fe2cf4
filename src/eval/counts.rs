//! Correct, predicted and gold mentions, and the ratios that follow from them.

use std::iter::Sum;

use derive_more::{Add, AddAssign};
use serde::Serialize;

/// All that precision, recall and F1 need.
///
/// A ratio whose denominator is zero is `None`: it is undefined, neither 0 nor 1.
///
/// ```
/// use allonym::eval::Counts;
///
/// let counts = Counts { correct: 6, predicted: 8, gold: 12 };
/// assert_eq!((counts.precision(), counts.recall(), counts.f1()), (Some(0.75), Some(0.5), Some(0.6)));
/// assert_eq!(Counts::default().f1(), None);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Add, AddAssign)]
pub struct Counts {
    /// Predicted mentions that are in the gold: true positives.
    pub correct: u64,
    /// Predicted mentions: true and false positives.
    pub predicted: u64,
    /// Gold mentions: true positives and false negatives.
    pub gold: u64,
}

impl Counts {
    /// Correct over predicted, from 0 to 1; `None` if nothing was predicted.
    pub fn precision(self) -> Option<f64> {
        ratio(self.correct, self.predicted)
    }

    /// Correct over gold, from 0 to 1; `None` if the gold is empty.
    pub fn recall(self) -> Option<f64> {
        ratio(self.correct, self.gold)
    }

    /// The harmonic mean of precision and recall, 2 · correct / (predicted + gold), from 0 to 1; `None` if both sides are
    /// empty.
    pub fn f1(self) -> Option<f64> {
        ratio(2 * self.correct, self.predicted + self.gold)
    }
}

/// A share from 0 to 1; `None` if the whole is zero.
pub(crate) fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

impl Sum for Counts {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), std::ops::Add::add)
    }
}
