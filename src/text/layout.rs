//! The lines of tokenised documents.

use super::Span;

/// The lines of a tokenised document, from which it can be written again with every token, column and blank line in its place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// The lines from top to bottom.
    pub lines: Vec<Line>,
    /// The line end of all lines.
    pub line_end: LineEnd,
    /// The byte order mark, if the file begins with one.
    pub mark: Mark,
}

/// The line end of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LineEnd {
    /// A line feed.
    #[default]
    Lf,
    /// A carriage return and a line feed.
    CrLf,
}

impl LineEnd {
    /// The line end itself.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lf => "\n",
            Self::CrLf => "\r\n",
        }
    }
}

/// What precedes the first line of a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mark {
    /// Nothing.
    #[default]
    None,
    /// A byte order mark. Only the first document of a file has it.
    ByteOrder,
}

impl Layout {
    /// The spans of the tokens, in order.
    pub fn tokens(&self) -> impl Iterator<Item = Span> + '_ {
        self.lines.iter().filter_map(|line| match line {
            Line::Token { span, .. } => Some(*span),
            Line::Other { .. } => None,
        })
    }

    /// The spans of the tokens, sentence by sentence; no sentence is empty.
    pub fn sentences(&self) -> Vec<Vec<Span>> {
        let mut sentences = vec![Vec::new()];
        for line in &self.lines {
            match line {
                Line::Token { span, .. } => sentences.last_mut().expect("it starts with one sentence").push(*span),
                Line::Other { .. } => sentences.push(Vec::new()),
            }
        }
        sentences.retain(|sentence| !sentence.is_empty());
        sentences
    }
}

/// One line of a tokenised document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// The line of a token.
    Token {
        /// The place of the token in [`Document::text`](super::Document::text).
        span: Span,
        /// The whole line without its end; empty if the rows were not kept.
        row: String,
    },
    /// A blank line, a `-DOCSTART-` line or a comment, each of which ends a sentence.
    Other {
        /// The whole line without its end; empty if the rows were not kept.
        row: String,
    },
}
