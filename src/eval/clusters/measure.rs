//! Precision, recall and F1 from fractions.

use std::iter::Sum;

use derive_more::{Add, AddAssign};
use serde::Serialize;

use crate::eval::Counts;

/// The numerators and denominators of a metric whose numerators are fractions.
///
/// Measures of documents can be added up before dividing, as the CoNLL scorer does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Add, AddAssign)]
pub struct Measure {
    /// How much of the key is right, from 0 to the denominator.
    pub recall_numerator: f64,
    /// The mentions (B3, LEA) or clusters (CEAF-e) of the key.
    pub recall_denominator: u64,
    /// How much of the response is right, from 0 to the denominator.
    pub precision_numerator: f64,
    /// The mentions (B3, LEA) or clusters (CEAF-e) of the response.
    pub precision_denominator: u64,
}

impl Measure {
    /// From 0 to 1; `None` if the key is empty.
    pub fn recall(self) -> Option<f64> {
        ratio(self.recall_numerator, self.recall_denominator)
    }

    /// From 0 to 1; `None` if the response is empty.
    pub fn precision(self) -> Option<f64> {
        ratio(self.precision_numerator, self.precision_denominator)
    }

    /// The harmonic mean of precision and recall, from 0 to 1; 0 if one side is empty, `None` if both are.
    pub fn f1(self) -> Option<f64> {
        if self.recall_denominator == 0 && self.precision_denominator == 0 {
            return None;
        }
        let (recall, precision) = (self.recall().unwrap_or(0.0), self.precision().unwrap_or(0.0));
        Some(if recall + precision > 0.0 { 2.0 * recall * precision / (recall + precision) } else { 0.0 })
    }
}

impl Sum for Measure {
    fn sum<I: Iterator<Item = Self>>(measures: I) -> Self {
        measures.fold(Self::default(), std::ops::Add::add)
    }
}

/// Precision, recall and F1, from 0 to 1; `None` if undefined, where reference scorers print 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Ratios {
    /// How much of the response is right.
    pub precision: Option<f64>,
    /// How much of the key was found.
    pub recall: Option<f64>,
    /// Their harmonic mean (for BLANC, see [`Blanc`](super::Blanc)).
    pub f1: Option<f64>,
}

impl From<Counts> for Ratios {
    fn from(counts: Counts) -> Self {
        Self { precision: counts.precision(), recall: counts.recall(), f1: counts.f1() }
    }
}

impl From<Measure> for Ratios {
    fn from(measure: Measure) -> Self {
        Self { precision: measure.precision(), recall: measure.recall(), f1: measure.f1() }
    }
}

fn ratio(part: f64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measure(recall: f64, n_key: u64, precision: f64, n_response: u64) -> Measure {
        Measure {
            recall_numerator: recall,
            recall_denominator: n_key,
            precision_numerator: precision,
            precision_denominator: n_response,
        }
    }

    #[test]
    fn ratios_of_nothing_are_undefined() {
        for (name, measure, recall, precision, f1) in [
            ("usual", measure(1.0, 4, 1.5, 2), Some(0.25), Some(0.75), Some(0.375)),
            ("nothing right", measure(0.0, 4, 0.0, 2), Some(0.0), Some(0.0), Some(0.0)),
            ("no response", measure(0.0, 4, 0.0, 0), Some(0.0), None, Some(0.0)),
            ("no key", measure(0.0, 0, 0.0, 3), None, Some(0.0), Some(0.0)),
            ("nothing", measure(0.0, 0, 0.0, 0), None, None, None),
        ] {
            assert_eq!(Ratios::from(measure), Ratios { precision, recall, f1 }, "{name}");
        }
    }

    #[test]
    fn documents_are_summed_before_they_are_divided() {
        let sum: Measure = [measure(1.0, 1, 1.0, 1), measure(0.0, 3, 0.5, 1)].into_iter().sum();
        assert_eq!(sum, measure(1.0, 4, 1.5, 2));
    }
}
