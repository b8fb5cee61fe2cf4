//! A text with its words.

use std::ops::Range;

use crate::text::Span;
use crate::text::segment::{Joint, Word};

/// A text with its words.
#[derive(Clone, Copy)]
pub(super) struct Passage<'a> {
    pub(super) text: &'a str,
    words: &'a [Word],
}

impl<'a> Passage<'a> {
    pub(super) fn new(text: &'a str, words: &'a [Word]) -> Self {
        Self { text, words }
    }

    pub(super) fn len(self) -> usize {
        self.words.len()
    }

    /// A word; empty outside the text.
    pub(super) fn word(self, at: usize) -> &'a str {
        self.words.get(at).map_or("", |word| &self.text[word.span.range()])
    }

    /// The word before, on the same line.
    pub(super) fn before(self, at: usize) -> Option<usize> {
        (at > 0 && self.words.get(at).is_some_and(|word| word.joint != Joint::Line)).then(|| at - 1)
    }

    /// The word after, on the same line.
    pub(super) fn after(self, at: usize) -> Option<usize> {
        self.words.get(at + 1).filter(|word| word.joint != Joint::Line).map(|_| at + 1)
    }

    /// Whether nothing stands between a word and the one before it.
    pub(super) fn is_glued(self, at: usize) -> bool {
        self.before(at).is_some_and(|before| self.words[before].span.end() == self.words[at].span.start())
    }

    /// The words that bytes of the text touch.
    pub(super) fn touched(self, bytes: Range<usize>) -> Range<usize> {
        let start = self.words.partition_point(|word| word.span.end() <= bytes.start);
        let end = self.words.partition_point(|word| word.span.start() < bytes.end);
        start..end.max(start)
    }

    /// The bytes of some words.
    pub(super) fn span(self, words: &Range<usize>) -> Span {
        Span::new(self.words[words.start].span.start(), self.words[words.end - 1].span.end())
    }

    /// The text of some words, and of what stands between them.
    pub(super) fn slice(self, words: &Range<usize>) -> &'a str {
        &self.text[self.span(words).range()]
    }

    /// The stretches of some words between those that separate them.
    pub(super) fn slices(self, words: Range<usize>, separates: impl Fn(&str) -> bool) -> Vec<Range<usize>> {
        let mut slices = Vec::new();
        let mut start = words.start;
        for at in words.clone().filter(|&at| separates(self.word(at))) {
            slices.push(start..at);
            start = at + 1;
        }
        slices.push(start..words.end);
        slices.retain(|slice| !slice.is_empty());
        slices
    }

    /// The lines, as ranges of words.
    pub(super) fn lines(self) -> impl Iterator<Item = Range<usize>> {
        let mut start = 0;
        std::iter::from_fn(move || {
            let rest = self.words.get(start + 1..)?;
            let end = rest.iter().position(|word| word.joint == Joint::Line).map_or(self.len(), |at| start + 1 + at);
            Some(std::mem::replace(&mut start, end)..end)
        })
    }
}

/// Whether a word begins with a capital letter.
pub(super) fn is_capitalised(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
}

/// Whether a word has a letter or digit.
pub(super) fn is_word(word: &str) -> bool {
    word.chars().any(char::is_alphanumeric)
}
