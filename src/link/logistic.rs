//! Logistic regressions of what has been learnt.

use serde::Deserialize;

/// A logistic regression over `N` features.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "[f32; N]: Deserialize<'de>"))]
pub(super) struct Logistic<const N: usize> {
    bias: f32,
    weights: [f32; N],
}

impl<const N: usize> Logistic<N> {
    /// The log odds of these features.
    pub(super) fn log_odds(&self, features: &[f32; N]) -> f32 {
        self.bias + features.iter().zip(&self.weights).map(|(x, w)| x * w).sum::<f32>()
    }
}
