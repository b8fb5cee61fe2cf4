//! What is kept of one document and of one of its mentions.

use smallvec::SmallVec;

use super::roles::Role;
use crate::text::Span;

/// What is kept of one document.
#[derive(Clone, Debug)]
pub(in crate::link) struct DocumentRecord {
    /// In the order of the document's mentions.
    pub(in crate::link) mentions: SmallVec<[MentionRecord; 1]>,
    pub(in crate::link) definitions: Box<[Definition]>,
    /// Of a name that was counted: surfaces that documents attach to it.
    pub(in crate::link) aliases: SmallVec<[u32; 4]>,
    /// Whether the document is a sports report.
    pub(in crate::link) is_sports: bool,
    /// Hash of the document's id and mentions: equal for equal documents, wherever they are in the collection.
    pub(in crate::link) hash: u64,
    pub(in crate::link) weight: Weight,
}

/// How often what a record holds was met: once, unless it was counted before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::link) struct Weight {
    /// The number of mentions that each mention of the record stands for.
    pub(in crate::link) mentions: u32,
    /// The number of documents that the record stands for.
    pub(in crate::link) documents: u32,
}

impl Weight {
    pub(in crate::link) const ONE: Self = Self { mentions: 1, documents: 1 };
}

/// What is kept of one mention; surface, label and title are ids in [`MentionStore`](super::MentionStore).
#[derive(Clone, Copy, Debug)]
pub(in crate::link) struct MentionRecord {
    pub(in crate::link) surface: u32,
    pub(in crate::link) label: u32,
    /// One more than the id of the titles before the mention; 0 for none.
    pub(in crate::link) title: u32,
    /// First byte in the text.
    pub(in crate::link) start: u32,
    /// Number of the sentence that it is in, as far as punctuation tells.
    pub(in crate::link) sentence: u32,
    /// Whether the word before it says that a place follows: "in", "near", "from".
    pub(in crate::link) is_located: bool,
    /// What the text calls a person.
    pub(in crate::link) role: Option<Role>,
    /// Whether the text brings the person in: "a farmer named".
    pub(in crate::link) is_introduced: bool,
    /// Bytes between the mention and the one before it (or the start of the text), capped at 255.
    pub(in crate::link) gap: u8,
}

/// A name followed by another one in brackets: "Long Form (SHORT)" or "SHORT (Long Form)"; or by another name of the same person:
/// "Muhammad Ali, born Cassius Clay".
#[derive(Clone, Copy, Debug)]
pub(in crate::link) struct Definition {
    /// Index of the mention before the bracket.
    pub(in crate::link) mention: u32,
    /// Surface in the brackets, or after the words that say that it is another name.
    pub(in crate::link) surface: u32,
    /// Whether the text says in words that it is another name.
    pub(in crate::link) is_other_name: bool,
}

impl MentionRecord {
    /// Largest gap at which the name of a country belongs to the name before it: a person's country ("Becker (Germany)") or the next
    /// item of a list.
    const ATTACHED: u8 = 6;

    /// Whether two characters part the mention from the one before it, as in "Springfield, Illinois".
    pub(in crate::link) fn is_right_behind(self) -> bool {
        self.gap == 2
    }

    /// The start of a span as a record has it.
    pub(in crate::link) fn start_of(span: Span) -> u32 {
        u32::try_from(span.start()).unwrap_or(u32::MAX)
    }

    /// Whether no other name is right before the mention. In a sports report, the name of a country that stands alone is its team.
    pub(in crate::link) fn stands_alone(self) -> bool {
        self.gap > Self::ATTACHED
    }
}
