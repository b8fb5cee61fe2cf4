//! Which pieces is a document made of, and which of them belong to which word?

use std::ops::Range;

/// The pieces of a document, and where each of its words stands among them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pieces {
    /// Vocabulary ids, one a piece; no special pieces.
    pub(super) ids: Vec<u32>,
    /// Token types, one a piece.
    pub(super) types: Vec<u32>,
    /// The pieces of each word: never empty, in order. Two words share a piece where the tokenizer's words are coarser.
    pub(super) words: Vec<Range<u32>>,
}

impl Pieces {
    /// How many words there are.
    pub fn n_words(&self) -> usize {
        self.words.len()
    }

    /// How many pieces there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Vocabulary ids, one a piece.
    pub fn ids(&self) -> &[u32] {
        &self.ids
    }

    /// Token types, one a piece.
    pub fn types(&self) -> &[u32] {
        &self.types
    }

    /// The rows of the pieces of one word.
    pub fn of_word(&self, word_idx: usize) -> Range<usize> {
        let Range { start, end } = self.words[word_idx];
        start as usize..end as usize
    }

    /// Puts the pieces of the words that follow behind these.
    pub(super) fn append(&mut self, behind: &Self) {
        let base = u32::try_from(self.len()).expect("a document has fewer than four billion pieces");
        self.ids.extend_from_slice(&behind.ids);
        self.types.extend_from_slice(&behind.types);
        self.words.extend(behind.words.iter().map(|word| base + word.start..base + word.end));
    }

    /// How many pieces a word adds to those of the words before it.
    pub(super) fn width(&self, word_idx: usize) -> usize {
        let Range { start, end } = self.of_word(word_idx);
        match word_idx {
            0 => end - start,
            _ => end - start.max(self.of_word(word_idx - 1).end),
        }
    }
}
