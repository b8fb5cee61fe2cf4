//! Entities that are known before the documents of a store are linked: those of an archive.
//!
//! They take part in linking by their names, as if the documents that they come from were linked too, but none of these is read again.

#![cfg_attr(not(feature = "archive"), allow(dead_code, reason = "only an archive knows entities beforehand"))]

use std::collections::{BTreeMap, HashSet};

use crate::link::Kind;
use crate::link::reason::{MergeReason, MergeScope};
use crate::text::Label;

/// An entity of an archive.
#[derive(Clone, Debug)]
pub(crate) struct KnownEntity {
    /// Its names; those that stand for themselves are at one with the same names of new documents.
    pub(crate) names: Vec<KnownName>,
    /// Offices that documents give to it: "foreign minister".
    pub(crate) offices: Vec<String>,
    /// Entries of the knowledge base that its mentions mean.
    pub(crate) votes: Vec<KnownVote>,
    /// Number of documents that mention it.
    pub(crate) documents: u32,
    /// The user's id for it.
    pub(crate) user: Option<String>,
}

/// A name of an entity, with the short forms that documents attach to it.
#[derive(Clone, Debug)]
pub(crate) struct KnownName {
    /// The number by which the archive knows it.
    pub(crate) row: i64,
    pub(crate) kind: Kind,
    /// One of its spellings.
    pub(crate) surface: String,
    /// As in a node of the corpus: what tells the name from the same name elsewhere.
    pub(crate) within: u64,
    /// As in a node of the corpus: the entry of the knowledge base.
    pub(crate) sense: Option<u64>,
    /// Number of documents that have it unattached.
    pub(crate) documents: u32,
    /// Why it is a name of its entity, if the names alone do not say so.
    pub(crate) guess: Option<Guess>,
    pub(crate) aliases: Vec<KnownAlias>,
}

/// A surface of a name, with its number of mentions.
#[derive(Clone, Debug)]
pub(crate) struct KnownAlias {
    pub(crate) surface: String,
    pub(crate) label: Label,
    /// Kind of its mentions, which the label alone does not tell.
    pub(crate) kind: Kind,
    pub(crate) mentions: u32,
    /// Why documents attach it to the name; `None` for spellings of the name itself.
    pub(crate) attached: Option<Attached>,
}

/// Why a document attaches a short form to a name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Attached {
    pub(crate) reason: MergeReason,
    pub(crate) probability: f32,
}

/// Why a name was taken for one of an entity where other names, or other documents, had to decide.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Guess {
    pub(crate) reason: MergeReason,
    pub(crate) scope: MergeScope,
    pub(crate) probability: f32,
}

impl Guess {
    /// Whether a merge in this scope holds only until another entity fits as well.
    pub(crate) fn is_made_in(scope: MergeScope) -> bool {
        matches!(scope, MergeScope::OnlyOne | MergeScope::CoOccurrence | MergeScope::Office)
    }
}

/// An entry of the knowledge base, and how many mentions mean it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KnownVote {
    /// Id of the entry; empty for mentions that mean what is named after one.
    pub(crate) entry: String,
    /// Its ids by knowledge base.
    pub(crate) ids: Vec<(String, String)>,
    pub(crate) mentions: u32,
    /// Those for which more than the name alone decides.
    pub(crate) by_context: u32,
}

impl KnownVote {
    /// Votes with one sum for each entry, in the order of their ids.
    pub(crate) fn sums<'v>(votes: impl IntoIterator<Item = &'v Self>) -> BTreeMap<&'v str, Self> {
        let mut sums: BTreeMap<&str, Self> = BTreeMap::new();
        for vote in votes {
            let empty = || Self { mentions: 0, by_context: 0, ..vote.clone() };
            let sum = sums.entry(&vote.entry).or_insert_with(empty);
            sum.mentions += vote.mentions;
            sum.by_context += vote.by_context;
        }
        sums
    }
}

/// What an archive knows of the names in some documents.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    /// The oldest first.
    pub(crate) entities: Vec<KnownEntity>,
    /// Some of the archive's documents: the entities in each, by index. Sorted.
    pub(crate) documents: Vec<Vec<u32>>,
    /// Number of all documents of the archive.
    pub(crate) n_documents: usize,
    /// Number of all names of persons of the archive.
    pub(crate) n_persons: usize,
    /// Pairs of entities that are never one, by index, the lesser first.
    pub(crate) never: HashSet<(u32, u32)>,
    /// How its labels tell teams from countries.
    pub(crate) teams: Teams,
}

/// Countries that stand alone in sports reports, and those of them with the label of an organisation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Teams {
    pub(crate) labelled: usize,
    pub(crate) all: usize,
}

/// What a [`MentionStore`](super::MentionStore) keeps of [`Known`]: surfaces, labels and titles are ids in the store.
#[derive(Clone, Debug, Default)]
pub(in crate::link) struct KnownRecords {
    pub(in crate::link) entities: Vec<EntityRecord>,
    pub(in crate::link) documents: Vec<Vec<u32>>,
    pub(in crate::link) n_documents: usize,
    pub(in crate::link) n_persons: usize,
    pub(in crate::link) never: HashSet<(u32, u32)>,
    pub(in crate::link) teams: Teams,
}

/// What is kept of a [`KnownEntity`].
#[derive(Clone, Debug)]
pub(in crate::link) struct EntityRecord {
    pub(in crate::link) names: Vec<NameRecord>,
    /// Each one more than the id of the titles.
    pub(in crate::link) offices: Vec<u32>,
    pub(in crate::link) votes: Vec<KnownVote>,
    pub(in crate::link) documents: u32,
    pub(in crate::link) user: Option<String>,
}

/// What is kept of a [`KnownName`].
#[derive(Clone, Debug)]
pub(in crate::link) struct NameRecord {
    pub(in crate::link) row: i64,
    pub(in crate::link) kind: Kind,
    pub(in crate::link) surface: u32,
    pub(in crate::link) within: u64,
    pub(in crate::link) sense: Option<u64>,
    pub(in crate::link) documents: u32,
    pub(in crate::link) guess: Option<Guess>,
    pub(in crate::link) aliases: Vec<AliasRecord>,
}

/// What is kept of a [`KnownAlias`].
#[derive(Clone, Copy, Debug)]
pub(in crate::link) struct AliasRecord {
    pub(in crate::link) surface: u32,
    pub(in crate::link) label: u32,
    pub(in crate::link) kind: Kind,
    pub(in crate::link) mentions: u32,
    pub(in crate::link) attached: Option<Attached>,
}

impl EntityRecord {
    /// The names that stand for themselves, by index: all that are no guess, or all if there are no others.
    pub(in crate::link) fn standing(&self) -> impl Iterator<Item = (usize, &NameRecord)> {
        let any = self.names.iter().any(|name| name.guess.is_none());
        self.names.iter().enumerate().filter(move |(_, name)| name.guess.is_none() || !any)
    }
}

impl KnownRecords {
    /// Whether two entities are never one, whatever links them: somebody said so, or the user has other ids for them.
    pub(in crate::link) fn parts(&self, a: u32, b: u32) -> bool {
        let user = |at: u32| self.entities[at as usize].user.as_ref();
        self.never.contains(&(a.min(b), a.max(b))) || matches!((user(a), user(b)), (Some(a), Some(b)) if a != b)
    }
}
