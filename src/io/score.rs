//! Probabilities as files show them.

/// A probability rounded to four decimals.
pub(crate) fn rounded(probability: f32) -> f64 {
    (f64::from(probability) * 1e4).round() / 1e4
}
