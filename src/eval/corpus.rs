//! What is scored against what?

use std::borrow::Cow;

use crate::label::{LabelId, LabelSet};
use crate::text::{Span, segment};

/// An entity's place in the [`EntityTable`] of its side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntityId(pub u32);

/// A mention as scoring sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Item {
    /// Where it stands: a byte range of the document's text.
    pub span: Span,
    /// What it names, a label of [`Corpus::labels`].
    pub label: LabelId,
    /// The probability that the system gave it, from 0 to 1.
    pub score: Option<f32>,
    /// What it refers to, an entity of its side's table.
    pub entity: Option<EntityId>,
}

impl Item {
    /// What strict scoring compares: the exact boundaries and the label.
    pub fn key(&self) -> (Span, LabelId) {
        (self.span, self.label)
    }
}

/// The entities that one side refers to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EntityTable {
    /// The ids as the files have them.
    pub names: Vec<String>,
    /// The knowledge base's id of each, where the files give one.
    pub kb: Vec<Option<String>>,
}

/// Whose mentions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The hand-labelled ones.
    Gold,
    /// Those of a system, counted from 0.
    System(usize),
}

/// One document with its gold mentions and those of every system.
///
/// On each side the mentions are sorted by span, then label, and no (span, label) stands twice; they may nest and overlap.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Paired {
    /// The document's id.
    pub id: String,
    /// The text that all sides mark.
    pub text: String,
    /// The words by sentence where they are known: those of tokenised input, or those that [`pair`](super::pair) found.
    pub tokens: Option<Vec<Vec<Span>>>,
    /// The gold mentions.
    pub gold: Vec<Item>,
    /// The mentions of each system.
    pub systems: Vec<Vec<Item>>,
}

impl Paired {
    /// The mentions of a side.
    ///
    /// # Panics
    /// When there is no such system.
    pub fn items(&self, side: Side) -> &[Item] {
        match side {
            Side::Gold => &self.gold,
            Side::System(index) => &self.systems[index],
        }
    }

    /// The words by sentence: the known ones, or those of [`segment::sentences`].
    pub fn words(&self) -> Cow<'_, [Vec<Span>]> {
        match &self.tokens {
            Some(tokens) => Cow::Borrowed(tokens),
            None => Cow::Owned(segment::sentences(&self.text)),
        }
    }
}

/// Documents to score.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Corpus {
    /// The labels of all sides.
    pub labels: LabelSet,
    /// The documents in the gold's order.
    pub documents: Vec<Paired>,
    /// How many systems every document has mentions of.
    pub n_systems: usize,
    /// The entities of the gold.
    pub gold_entities: EntityTable,
    /// The entities of each system.
    pub system_entities: Vec<EntityTable>,
}

impl Corpus {
    /// The entities of a side.
    ///
    /// # Panics
    /// When there is no such system.
    pub fn entities(&self, side: Side) -> &EntityTable {
        match side {
            Side::Gold => &self.gold_entities,
            Side::System(index) => &self.system_entities[index],
        }
    }
}
