//! Limits of words, as the rules find them.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::decode::Limit;
use crate::text::Kind;

/// The limits of the words of a text. The first one that a word gets stays.
#[derive(Debug, Default)]
pub(super) struct Limits {
    of_words: BTreeMap<usize, Limit>,
}

impl Limits {
    pub(super) fn add(&mut self, word: usize, limit: Limit) {
        self.of_words.entry(word).or_insert(limit);
    }

    /// Some words are in no mention.
    pub(super) fn outside(&mut self, words: Range<usize>) {
        words.for_each(|word| self.add(word, Limit::Outside));
    }

    /// Some words are one mention.
    pub(super) fn mention(&mut self, words: Range<usize>, kind: Kind) {
        let first = words.start;
        words.for_each(|word| self.add(word, if word == first { Limit::Begins(kind) } else { Limit::GoesOn(kind) }));
    }

    pub(super) fn into_list(self) -> Vec<(usize, Limit)> {
        self.of_words.into_iter().collect()
    }
}

#[cfg(test)]
impl Limits {
    /// The mentions that the limits make, as text.
    pub(super) fn into_names(self, passage: super::passage::Passage<'_>) -> Vec<String> {
        let mut names: Vec<Range<usize>> = Vec::new();
        for (word, limit) in self.into_list() {
            match (limit, names.last_mut()) {
                (Limit::Begins(_), _) => names.push(word..word + 1),
                (Limit::GoesOn(_), Some(last)) => last.end = word + 1,
                _ => {}
            }
        }
        names.iter().map(|words| passage.slice(words).to_owned()).collect()
    }
}
