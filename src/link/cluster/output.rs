//! What clustering gives.

use std::collections::BTreeMap;

use crate::link::explanation::{CountedName, NameMerge};
use crate::link::mentions::KnownVote;
use crate::text::{Alias, Label};

/// The mentions of one entity, and what they say about it.
#[derive(Clone, Debug)]
pub(crate) struct Cluster {
    pub(crate) name: String,
    pub(crate) label: Label,
    pub(crate) aliases: Vec<Alias>,
    /// Sorted.
    pub(crate) mentions: Vec<MentionIndex>,
    /// Ids in knowledge bases, by the name of the base.
    pub(crate) kb: BTreeMap<String, String>,
    /// Other clusters that it may be, by index, with probabilities.
    pub(crate) candidates: Vec<(usize, f32)>,
    /// The user's row that it is.
    pub(crate) row: Option<u32>,
    /// The user's rows that it may be, if its names fit several.
    pub(crate) possible_rows: Vec<PossibleRow>,
    /// Its names; the canonical one first.
    pub(crate) names: Vec<CountedName>,
    /// Merges between its names.
    pub(crate) merges: Vec<NameMerge>,
    /// The known entities that it is, by index, the oldest first.
    #[cfg_attr(not(feature = "archive"), allow(dead_code, reason = "only an archive reads it"))]
    pub(crate) known: Vec<u32>,
    /// What its new mentions say about its entry in the knowledge base.
    #[cfg_attr(not(feature = "archive"), allow(dead_code, reason = "only an archive reads it"))]
    pub(crate) votes: Vec<KnownVote>,
    /// What tells it from others of its name: an office, or a country.
    pub(crate) context: Option<String>,
}

/// Where a mention is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct MentionIndex {
    pub(crate) document: u32,
    /// Index in the document.
    pub(crate) index: u32,
}

/// A row of the user's table that an entity may be.
#[derive(Clone, Debug)]
pub(crate) struct PossibleRow {
    pub(crate) row: u32,
    pub(crate) name: String,
    pub(crate) id: Option<String>,
    pub(crate) probability: f32,
}
