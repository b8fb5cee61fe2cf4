//! The pieces of a document, and which of them belong to which word.

use std::ops::Range;

/// The pieces of a document, and the place of each of its words among them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pieces {
    /// Without special pieces.
    pub(super) ids: Vec<u32>,
    pub(super) types: Vec<u32>,
    /// The pieces of each word: in order and never empty. Two words share a piece where the tokenizer splits less than we do.
    pub(super) words: Vec<Range<u32>>,
}

impl Pieces {
    /// The number of words.
    pub fn n_words(&self) -> usize {
        self.words.len()
    }

    /// The number of pieces.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are no pieces.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The vocabulary ids, one for each piece; without special pieces.
    pub fn ids(&self) -> &[u32] {
        &self.ids
    }

    /// The token types, one for each piece.
    pub fn types(&self) -> &[u32] {
        &self.types
    }

    /// The pieces of one word, as indices from 0.
    pub fn of_word(&self, word_idx: usize) -> Range<usize> {
        let Range { start, end } = self.words[word_idx];
        start as usize..end as usize
    }

    /// The words that have no piece of their own but the last one of the word before: the tokenizer splits less there than we do.
    pub(crate) fn shared(&self) -> impl Iterator<Item = usize> {
        (1..self.n_words()).filter(|&word| self.words[word].start < self.words[word - 1].end)
    }

    /// Makes some of the words that share a piece, in order, one with the words before them.
    pub(crate) fn join(&mut self, shared: &[usize]) {
        let mut word = 0;
        self.words.retain(|_| {
            word += 1;
            shared.binary_search(&(word - 1)).is_err()
        });
    }

    /// Appends the pieces of the words that follow.
    pub(super) fn append(&mut self, following: &Self) {
        let base = u32::try_from(self.len()).expect("a document has fewer than four billion pieces");
        self.ids.extend_from_slice(&following.ids);
        self.types.extend_from_slice(&following.types);
        self.words.extend(following.words.iter().map(|word| base + word.start..base + word.end));
    }

    /// The number of pieces that a word adds to those of the words before it.
    pub(super) fn width(&self, word_idx: usize) -> usize {
        let Range { start, end } = self.of_word(word_idx);
        match word_idx {
            0 => end - start,
            _ => end - start.max(self.of_word(word_idx - 1).end),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_share_a_piece_can_be_one() {
        // Four words; the second and the third are in the piece of the first.
        let mut pieces = Pieces { ids: vec![5, 6, 7], types: vec![0; 3], words: vec![0..1, 0..1, 0..1, 1..3] };
        let shared: Vec<usize> = pieces.shared().collect();
        assert_eq!(shared, [1, 2]);
        pieces.join(&shared);
        assert_eq!(pieces.words, [0..1, 1..3]);
        assert_eq!(pieces.shared().count(), 0);
    }
}
