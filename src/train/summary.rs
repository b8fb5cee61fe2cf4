//! How good a trained model is.

use super::state::Score;
use crate::eval::Scores;

/// What came out of a training.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Summary {
    /// On dev, as the model tags (in bytes where the processor can).
    pub scores: Scores,
    /// On dev, in single precision.
    pub exact: Scores,
    /// The scores on dev after each epoch.
    pub history: Vec<Score>,
    /// The one that the model is of.
    pub best: Score,
    /// The temperature that was fitted on dev; 1 if it could not be.
    pub temperature: f32,
    /// The heads that stay: for each its name, and F1 of its mentions on the texts of dev against those that it found before.
    pub kept: Vec<(String, f64)>,
}
