//! What travels through the pipeline from the first byte read to the last one written?

use serde_json::{Map, Value};

use super::{Mention, Span};

/// A text with its mentions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// The name that input and output know the document by.
    pub id: String,
    /// The text, never edited: every span of the document is a byte range of it.
    pub text: String,
    /// The mentions, in the order of their spans when allonym made them.
    pub mentions: Vec<Mention>,
    /// The lines that the text was made from, where the input came tokenised (CoNLL).
    pub layout: Option<Layout>,
    /// Fields of the input that allonym does not know (and `entities`), carried through unchanged and in their order.
    pub extra: Map<String, Value>,
}

impl Document {
    /// A document without mentions.
    pub fn new(id: impl Into<String>, text: impl Into<String>) -> Self {
        Self { id: id.into(), text: text.into(), ..Self::default() }
    }
}

/// The lines of a tokenised document, so that it can be written again with every token, column and blank line in its place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// The lines from top to bottom.
    pub lines: Vec<Line>,
}

impl Layout {
    /// The spans of the tokens in order, each with its place among the sentences.
    pub fn tokens(&self) -> impl Iterator<Item = Span> + '_ {
        self.lines.iter().filter_map(|line| match line {
            Line::Token { span, .. } => Some(*span),
            Line::Other { .. } => None,
        })
    }
}

/// One line of a tokenised document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// One token a line.
    Token {
        /// Where the token stands in [`Document::text`].
        span: Span,
        /// The line as it was read, without its line end.
        row: String,
    },
    /// A blank line, a `-DOCSTART-` line or a comment: it ends a sentence.
    Other {
        /// The line as it was read, without its line end.
        row: String,
    },
}
