//! What does a model see at once?

use std::ops::Range;

/// Windows of pieces that are scored together, one behind the other and without padding.
///
/// `ids`, `types` and `positions` have one entry a piece, special pieces (`[CLS]`, `[SEP]`) included; attention runs inside a window only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    ids: Vec<u32>,
    types: Vec<u32>,
    ends: Vec<usize>,
}

impl Batch {
    /// Adds one window: the vocabulary id and the token type of each piece.
    ///
    /// # Panics
    /// When the two slices differ in length, or are empty.
    pub fn push(&mut self, ids: &[u32], types: &[u32]) {
        assert_eq!(ids.len(), types.len(), "one token type a piece");
        assert!(!ids.is_empty(), "a window holds at least one piece");
        self.ids.extend_from_slice(ids);
        self.types.extend_from_slice(types);
        self.ends.push(self.ids.len());
    }

    /// Vocabulary ids, one a piece.
    pub fn ids(&self) -> &[u32] {
        &self.ids
    }

    /// Token types, one a piece.
    pub fn types(&self) -> &[u32] {
        &self.types
    }

    /// The rows of each window, in order: half-open, back to back, covering `0..n_pieces`.
    pub fn windows(&self) -> impl ExactSizeIterator<Item = Range<usize>> + Clone + '_ {
        (0..self.ends.len()).map(|i| if i == 0 { 0 } else { self.ends[i - 1] }..self.ends[i])
    }

    /// How many pieces the windows hold together.
    pub fn n_pieces(&self) -> usize {
        self.ids.len()
    }

    /// How many windows there are.
    pub fn n_windows(&self) -> usize {
        self.ends.len()
    }

    /// Forgets the windows and keeps the memory.
    pub fn clear(&mut self) {
        self.ids.clear();
        self.types.clear();
        self.ends.clear();
    }
}
