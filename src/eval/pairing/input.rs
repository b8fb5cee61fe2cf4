//! The documents of one side, and what became of them.

use serde::Serialize;

use crate::text::Document;

/// The documents of the gold or of a system.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// The name that errors and reports use, such as a path.
    pub name: String,
    /// The documents.
    pub documents: Vec<Document>,
}

impl Input {
    /// Documents under a name.
    pub fn new(name: impl Into<String>, documents: Vec<Document>) -> Self {
        Self { name: name.into(), documents }
    }

    pub(super) fn view(&self) -> View<'_> {
        View { name: &self.name, documents: &self.documents }
    }
}

/// A borrowed [`Input`].
#[derive(Clone, Copy)]
pub(crate) struct View<'d> {
    pub(crate) name: &'d str,
    pub(crate) documents: &'d [Document],
}

/// What was read from one side, and what of it is not scored as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// The name of the input.
    pub name: String,
    /// All its documents.
    pub documents: u64,
    /// All its mentions.
    pub mentions: u64,
    /// Mentions that are not scored because of their label.
    pub left_out: u64,
    /// Mentions that repeat the span and label of another one in the document: they count once.
    pub duplicates: u64,
    /// Mentions that overlap another one of the same side.
    pub overlapping: u64,
    /// Mentions that are empty or reach beyond the text: they are scored as they are, and cannot be right.
    pub without_text: u64,
    /// Gold documents that this input lacks: their gold mentions count as missed.
    pub missing_documents: u64,
    /// Documents that the gold lacks: they are not scored.
    pub extra_documents: u64,
    /// The mentions in documents that the gold lacks.
    pub extra_mentions: u64,
    /// Documents whose text differs from the gold's in blanks alone: spans are found by the characters.
    pub respaced_documents: u64,
    /// Documents with other words than the gold's in fewer than half of the sentences.
    pub odd_documents: u64,
    /// The sentences of the gold whose words the text of this input lacks: mentions there cannot be found.
    pub odd_sentences: u64,
    /// Mentions in text that the gold lacks: they are not scored.
    pub unaligned_mentions: u64,
    /// The first of the odd sentences, with its document.
    pub first_odd: Option<String>,
    /// Tokens that differ from the gold's; only with [`Alignment::Tokens`](super::Alignment::Tokens).
    pub differing_tokens: u64,
}

impl Tally {
    pub(super) fn of(input: View<'_>) -> Self {
        let mentions = input.documents.iter().map(|document| document.mentions.len() as u64).sum();
        Self { name: input.name.to_owned(), documents: input.documents.len() as u64, mentions, ..Self::default() }
    }
}
