//! Words.

use super::Span;

/// How a word follows the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Joint {
    /// In the same sentence.
    Within,
    /// On the same line, as the first word of a sentence.
    Sentence,
    /// As the first word of a line (or, in tokenised input, of a sentence). No mention reaches across.
    Line,
}

/// A word: letters and digits with what joins them, or a run of the same punctuation mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// Its place in the text.
    pub span: Span,
    /// How it follows the word before it; [`Joint::Line`] for the first word.
    pub joint: Joint,
}
