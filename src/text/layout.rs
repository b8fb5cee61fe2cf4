//! Which lines was a tokenised document made from?

use super::Span;

/// The lines of a tokenised document, so that it can be written again with every token, column and blank line in its place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// The lines from top to bottom.
    pub lines: Vec<Line>,
    /// How the lines end.
    pub line_end: LineEnd,
    /// What stands before the first line.
    pub mark: Mark,
}

/// How the lines of a file end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LineEnd {
    /// With a line feed.
    #[default]
    Lf,
    /// With a carriage return and a line feed.
    CrLf,
}

impl LineEnd {
    /// The characters themselves.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lf => "\n",
            Self::CrLf => "\r\n",
        }
    }
}

/// What stands before the first line of a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mark {
    /// Nothing.
    #[default]
    None,
    /// A byte order mark: the document is the first of its file.
    ByteOrder,
}

impl Layout {
    /// The spans of the tokens in order.
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
    /// One token a line.
    Token {
        /// Where the token stands in [`Document::text`](super::Document::text).
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
