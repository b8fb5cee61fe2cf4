//! What speaks for two names being one entity.

use crate::link::reason::MergeReason;

/// A reason to take two names for one entity, and how sure it is, from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Support {
    pub(super) reason: MergeReason,
    pub(super) probability: f32,
}

impl Support {
    pub(super) fn new(reason: MergeReason, probability: f32) -> Self {
        Self { reason, probability }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a probability needs no more than 7 digits")]
pub(super) fn as_f32(probability: f64) -> f32 {
    probability as f32
}
