//! The internals that `models/train/evidence.py` learns from. Public only for its program `link_features`: no part of the API.

use super::aliases::AliasTable;
use super::cluster::{self, Knowledge};
use super::constraints::Constraints;
use super::kb::Kb;
use super::mentions::MentionStore;

pub use super::cluster::{EVIDENCE, NamePair};

/// The pairs of full names of persons that linking compares across documents, with what it knows of each.
pub fn pairs(mentions: &MentionStore) -> Vec<NamePair> {
    let (aliases, constraints) = (AliasTable::default(), Constraints::default());
    cluster::name_pairs(mentions, Knowledge { kb: Kb::embedded(), aliases: &aliases, constraints: &constraints })
}
