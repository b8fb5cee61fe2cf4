//! The input of a model.

use std::ops::Range;

/// Windows of pieces that are scored together, back to back and without padding. Attention stays inside a window.
///
/// ```
/// use allonym::encode::Batch;
///
/// let mut batch = Batch::default();
/// batch.push(&[101, 2954, 102], &[0, 0, 0]);
/// batch.push(&[101, 102], &[0, 0]);
/// assert_eq!((batch.n_pieces(), batch.windows().last()), (5, Some(3..5)));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    ids: Vec<u32>,
    types: Vec<u32>,
    ends: Vec<usize>,
}

impl Batch {
    /// Adds one window: the vocabulary id and the token type of each piece, special pieces (`[CLS]`, `[SEP]`) included.
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

    /// The vocabulary ids, one for each piece.
    pub fn ids(&self) -> &[u32] {
        &self.ids
    }

    /// The token types, one for each piece.
    pub fn types(&self) -> &[u32] {
        &self.types
    }

    /// The rows of each window, in order: half-open, back to back, covering `0..n_pieces`.
    pub fn windows(&self) -> impl ExactSizeIterator<Item = Range<usize>> + Clone + '_ {
        (0..self.ends.len()).map(|i| if i == 0 { 0 } else { self.ends[i - 1] }..self.ends[i])
    }

    /// The number of pieces in all windows.
    pub fn n_pieces(&self) -> usize {
        self.ids.len()
    }

    /// The number of windows.
    pub fn n_windows(&self) -> usize {
        self.ends.len()
    }

    /// Removes all windows and keeps the memory.
    pub fn clear(&mut self) {
        self.ids.clear();
        self.types.clear();
        self.ends.clear();
    }
}
