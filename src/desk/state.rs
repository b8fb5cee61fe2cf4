//! A document as it stands.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::place::Labelled;
use crate::text::{Alias, Document, Entity, Label, Mention, Span};

/// The number of a mention in its document; none is used twice.
pub(crate) type MentionId = u32;

/// The field of a document that says whether it is complete, and that of a mention that was looked at.
pub(crate) const STATUS: &str = "status";
pub(crate) const ACCEPTED: &str = "accepted";

/// Whether a document has all its mentions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Somebody may still add some: a word without a label means nothing.
    #[default]
    Open,
    /// A word without a label is no name.
    Complete,
}

impl Status {
    /// The word for it in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Complete => "complete",
        }
    }

    /// What a document says of itself.
    pub(crate) fn of(document: &Document) -> Self {
        match document.extra.raw(STATUS) {
            Some("\"complete\"") => Self::Complete,
            _ => Self::Open,
        }
    }
}

/// Who made a mention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum By {
    Input,
    Model,
    Annotator,
}

/// A mention, and what is known of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Marked {
    pub(crate) mention: Mention,
    pub(crate) by: By,
    pub(crate) accepted: bool,
}

impl Marked {
    /// A mention that the reviewer made.
    pub(crate) fn own(span: Span, label: Label, entity: Option<String>) -> Self {
        let mention = Mention { entity, ..Mention::new(span, label) };
        Self { mention, by: By::Annotator, accepted: true }
    }

    /// What makes two mentions the same.
    pub(crate) fn key(&self) -> Labelled<Span> {
        Labelled { at: self.mention.span, label: self.mention.label.to_string() }
    }

    /// Whether nobody has looked at it, and its score.
    pub(crate) fn doubt(&self) -> Option<f32> {
        self.mention.score.filter(|_| !self.accepted)
    }
}

/// A disagreement in which the document's side is right.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Settled {
    pub(crate) mine: BTreeSet<Labelled<Span>>,
    pub(crate) other: BTreeSet<Labelled<Span>>,
}

/// What was decided beside mentions and entities.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Decisions {
    pub(crate) status: Status,
    /// Pairs of entities that are never one, the lesser id first.
    pub(crate) never: BTreeSet<(String, String)>,
    /// Pairs of names whose entities were put together.
    pub(crate) same: BTreeSet<(String, String)>,
    pub(crate) settled: BTreeSet<Settled>,
}

/// A document as it stands, without its text.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct State {
    pub(crate) mentions: BTreeMap<MentionId, Marked>,
    pub(crate) entities: BTreeMap<String, Entity>,
    pub(crate) decisions: Decisions,
    next: Next,
}

/// The numbers that were not used yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Next {
    mention: MentionId,
    entity: u64,
}

impl State {
    /// The mentions and entities of a document, made by the same one.
    pub(crate) fn new(document: &Document, by: By) -> Self {
        let mut state = Self { next: Next { mention: 1, entity: 1 }, ..Self::default() };
        let mut mentions: Vec<&Mention> = document.mentions.iter().collect();
        mentions.sort_by_key(|mention| mention.span);
        for mention in mentions {
            let mut mention = mention.clone();
            let accepted = mention.extra.remove(ACCEPTED).is_some_and(|raw| raw.get() == "true");
            let id = state.new_mention();
            state.mentions.insert(id, Marked { mention, by, accepted });
        }
        for entity in &document.entities {
            state.entities.insert(entity.id.clone(), entity.clone());
        }
        let ids = state.entities.keys().chain(state.mentions.values().filter_map(|it| it.mention.entity.as_ref()));
        let last = ids.filter_map(|id| id.strip_prefix('e')?.parse::<u64>().ok()).max();
        state.next.entity = last.map_or(1, |last| last.saturating_add(1));
        state.decisions.status = Status::of(document);
        state
    }

    pub(crate) fn new_mention(&mut self) -> MentionId {
        let id = self.next.mention;
        self.next.mention += 1;
        id
    }

    /// An id that no entity has or had.
    pub(crate) fn new_entity(&mut self) -> String {
        let id = format!("e{}", self.next.entity);
        self.next.entity += 1;
        id
    }

    /// The numbers that were not used yet.
    pub(crate) fn next(&self) -> Next {
        self.next
    }

    /// What was used since is free again.
    pub(crate) fn free(&mut self, next: Next) {
        self.next = next;
    }

    /// The mentions of an entity.
    pub(crate) fn members(&self, entity: &str) -> impl Iterator<Item = (MentionId, &Marked)> {
        let is_member = move |it: &&Marked| it.mention.entity.as_deref() == Some(entity);
        self.mentions.iter().filter_map(move |(id, marked)| Some((*id, Some(marked).filter(is_member)?)))
    }

    /// The mentions in the order of the text.
    pub(crate) fn sorted(&self) -> Vec<(MentionId, &Marked)> {
        let mut sorted: Vec<(MentionId, &Marked)> = self.mentions.iter().map(|(id, marked)| (*id, marked)).collect();
        sorted.sort_by_key(|(id, marked)| (marked.mention.span, *id));
        sorted
    }

    /// The entities in the order of their first mentions, those without mentions last, with the mentions of each.
    pub(crate) fn grouped(&self) -> Vec<(&Entity, Vec<MentionId>)> {
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        let mut groups: Vec<(&Entity, Vec<MentionId>)> = Vec::new();
        for (id, marked) in self.sorted() {
            let Some(entity) = marked.mention.entity.as_deref().and_then(|entity| self.entities.get(entity)) else {
                continue;
            };
            let place = *places.entry(&entity.id).or_insert(groups.len());
            if place == groups.len() {
                groups.push((entity, Vec::new()));
            }
            groups[place].1.push(id);
        }
        let rest = self.entities.values().filter(|entity| !places.contains_key(entity.id.as_str()));
        groups.extend(rest.map(|entity| (entity, Vec::new())));
        groups
    }

    /// The entity as it is written: its names and its label are those of its mentions.
    pub(crate) fn written(&self, entity: &Entity, members: &[MentionId], text: &str) -> Entity {
        let mut entity = entity.clone();
        if members.is_empty() {
            return entity;
        }
        let (mut names, mut labels) = (BTreeMap::new(), BTreeMap::new());
        for mention in members.iter().map(|id| &self.mentions[id].mention) {
            *names.entry(mention.span.slice(text).unwrap_or_default()).or_default() += 1;
            *labels.entry(&mention.label).or_insert(0_usize) += 1;
        }
        // What the input lists has no count of its own; names that no mention has any more are not listed.
        entity.aliases = Alias::ranked(names);
        entity.extra.remove("mentions");
        let most = labels.values().max().copied().unwrap_or_default();
        if labels.get(&entity.label) != Some(&most) {
            entity.label =
                labels.into_iter().find(|(_, n)| *n == most).map_or(entity.label, |(label, _)| label.clone());
        }
        entity
    }
}
