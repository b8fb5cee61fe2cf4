//! What clustering gives.

use std::collections::BTreeMap;

use crate::link::explanation::{MergeNode, NameMerge};
use crate::text::{Alias, Label};

/// The mentions of one entity, and what they say about it.
#[derive(Clone, Debug)]
pub(in crate::link) struct Cluster {
    pub(in crate::link) name: String,
    pub(in crate::link) label: Label,
    pub(in crate::link) aliases: Vec<Alias>,
    /// Sorted.
    pub(in crate::link) mentions: Vec<MentionIndex>,
    /// Ids in knowledge bases, by the name of the base.
    pub(in crate::link) kb: BTreeMap<String, String>,
    /// Other clusters that it may be, by index, with probabilities.
    pub(in crate::link) candidates: Vec<(usize, f32)>,
    /// The user's row that it is.
    pub(in crate::link) row: Option<u32>,
    /// The user's rows that it may be, if its names fit several.
    pub(in crate::link) possible_rows: Vec<PossibleRow>,
    /// Its names, without merges and children; the canonical one first.
    pub(in crate::link) names: Vec<MergeNode>,
    /// Merges between its names.
    pub(in crate::link) merges: Vec<NameMerge>,
}

/// Where a mention is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::link) struct MentionIndex {
    pub(in crate::link) document: u32,
    /// Index in the document.
    pub(in crate::link) index: u32,
}

/// A row of the user's table that an entity may be.
#[derive(Clone, Debug)]
pub(in crate::link) struct PossibleRow {
    pub(in crate::link) row: u32,
    pub(in crate::link) name: String,
    pub(in crate::link) id: Option<String>,
    pub(in crate::link) probability: f32,
}
