//! Texts of tests with their mentions in brackets.

use std::ops::Range;

use super::found::Found;
use super::passage::Passage;
use crate::text::Kind;
use crate::text::segment::{Word, words_of_text};

/// "\[Datuk Seri Anwar\] spoke".
pub(super) struct Marked {
    text: String,
    words: Vec<Word>,
    mentions: Vec<Range<usize>>,
}

impl Marked {
    pub(super) fn new(marked: &str) -> Self {
        let mut text = String::new();
        let mut mentions = Vec::new();
        for (nth, part) in marked.split(['[', ']']).enumerate() {
            if nth % 2 == 1 {
                mentions.push(text.len()..text.len() + part.len());
            }
            text += part;
        }
        let words = words_of_text(&text);
        Self { text, words, mentions }
    }

    pub(super) fn passage(&self) -> Passage<'_> {
        Passage::new(&self.text, &self.words)
    }

    /// The mentions, all of one kind.
    pub(super) fn found(&self, kind: Kind) -> Vec<Found> {
        let found = |bytes: &Range<usize>| Found { words: self.passage().touched(bytes.clone()), kind };
        self.mentions.iter().map(found).collect()
    }
}
