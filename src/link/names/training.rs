//! The internals that `models/train` learns from. Public only for its program `name_features`: no part of the API.

use std::io::Read;

pub use super::across::{ACROSS, N_ACROSS};
pub use super::features::{FEATURES, N_FEATURES};
pub use super::model::WeightsError;
use super::{Name, NameModel};

/// Reads weights as JSON.
///
/// # Errors
/// [`WeightsError`] if it is not JSON, has other features than this version computes, or a broken table, tree or network.
pub fn read(reader: impl Read) -> Result<NameModel, WeightsError> {
    NameModel::read(reader)
}

/// The features of two names, in the order of [`FEATURES`].
pub fn features(model: &NameModel, a: &Name, b: &Name) -> [f32; N_FEATURES] {
    model.features(a, b)
}

/// The skeleton keys of a name, whose owners are counted.
pub fn keys(model: &NameModel, name: &Name) -> Vec<String> {
    model.keys(name)
}

/// What is known of two names of which one is in another script, in the order of [`ACROSS`]. None if both are compared as Latin names.
pub fn across(model: &NameModel, a: &Name, b: &Name) -> Option<[f32; N_ACROSS]> {
    model.features_across(a, b)
}
