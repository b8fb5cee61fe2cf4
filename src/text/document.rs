//! What travels through the pipeline from the first byte read to the last one written?

use super::{Entity, Fields, Layout, Mention};

/// A text with its mentions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// The name that input and output know the document by.
    pub id: String,
    /// The text, never edited: every span of the document is a byte range of it.
    pub text: String,
    /// The mentions, in the order of their spans when allonym made them.
    pub mentions: Vec<Mention>,
    /// The entities that the mentions name by their ids, in the order of their first mention; empty where nobody has linked the
    /// document.
    pub entities: Vec<Entity>,
    /// The lines that the text was made from, where the input came tokenised (CoNLL).
    pub layout: Option<Layout>,
    /// Fields of the input that allonym does not know, carried through unchanged and in their order. A field `entities` that is not a
    /// list of entities (spaCy writes one with triples) is such a field too.
    pub extra: Fields,
}

impl Document {
    /// A document without mentions.
    pub fn new(id: impl Into<String>, text: impl Into<String>) -> Self {
        Self { id: id.into(), text: text.into(), ..Self::default() }
    }
}
