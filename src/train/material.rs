//! What the steps of an epoch are made of.

use super::draw::{Drawing, Step};
use super::features::Features;

/// Windows for the whole network, or hidden states for a head alone.
pub(crate) enum Material<'a> {
    Windows(Drawing<'a>),
    Features(Features),
}

impl Material<'_> {
    /// The number of steps of an epoch.
    pub(crate) fn n_steps(&self, seed: u64) -> usize {
        match self {
            Self::Windows(drawing) => drawing.epoch(0).len(),
            Self::Features(features) => features.epoch(0, seed).len(),
        }
    }

    /// The steps of an epoch.
    pub(crate) fn steps(&self, epoch: usize, seed: u64) -> Vec<AnyStep> {
        match self {
            Self::Windows(drawing) => drawing.epoch(epoch).into_iter().map(AnyStep::Windows).collect(),
            Self::Features(features) => features.epoch(epoch, seed).into_iter().map(AnyStep::Words).collect(),
        }
    }
}

/// A step of either material.
pub(crate) enum AnyStep {
    Windows(Step),
    Words(Vec<usize>),
}
