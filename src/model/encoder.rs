//! The interface between the engines and the rest of the crate.

use ndarray::ArrayView2;

use super::error::Error;
use super::scratch::Scratch;
use super::spec::{HeadId, Spec};
use crate::encode::Batch;

/// A network that scores every label for every piece of a batch.
///
/// Implementations are immutable and shared between threads: whatever a call writes lives in the caller's [`Scratch`]. The scores
/// of a window must depend on that window alone, never on other windows in the batch. The rest of the crate relies on this to
/// produce the same mentions for every batch size and thread count.
///
/// Here is an encoder that labels every piece with vocabulary id 7 as a person:
///
/// ```
/// use allonym::encode::Batch;
/// use allonym::model::{Encoder, Error, Head, HeadId, Scratch, Spec};
/// use ndarray::ArrayView2;
///
/// struct Sevens {
///     spec: Spec,
/// }
///
/// impl Encoder for Sevens {
///     fn spec(&self) -> &Spec {
///         &self.spec
///     }
///
///     fn score<'s>(&self, batch: &Batch, _: HeadId, scratch: &'s mut Scratch) -> Result<ArrayView2<'s, f32>, Error> {
///         let logits: &mut Vec<f32> = scratch.get();
///         logits.clear();
///         logits.extend(batch.ids().iter().flat_map(|&id| if id == 7 { [-2.0, 2.0] } else { [2.0, -2.0] }));
///         ArrayView2::from_shape((batch.n_pieces(), 2), logits).map_err(Error::other)
///     }
/// }
///
/// let encoder = Sevens { spec: Spec::new(vec![Head::new("default", ["O", "B-PER"])]) };
/// let mut batch = Batch::default();
/// batch.push(&[3, 7], &[0, 0]);
/// let mut scratch = Scratch::default();
/// assert_eq!(encoder.score(&batch, HeadId::default(), &mut scratch)?[[1, 1]], 2.0);
/// # Ok::<(), Error>(())
/// ```
pub trait Encoder: Send + Sync {
    /// The encoder's heads, limits and input format.
    fn spec(&self) -> &Spec;

    /// Scores each piece of `batch` with one head. Returns logits, `[n_pieces, n_labels]`: rows in batch order, columns in the
    /// order of the head's labels.
    ///
    /// # Errors
    /// When an id or token type is out of range, a window is longer than [`Spec::max_pieces`], or the encoder has no such head.
    fn score<'s>(&self, batch: &Batch, head: HeadId, scratch: &'s mut Scratch) -> Result<ArrayView2<'s, f32>, Error>;

    /// Computes the hidden states of the last layer, `[n_pieces, hidden_size]`: the input of the heads.
    ///
    /// # Errors
    /// As for [`score`](Self::score), and [`Error::NoHiddenStates`] when the encoder does not expose them, which is what the
    /// provided implementation returns.
    fn hidden<'s>(&self, batch: &Batch, scratch: &'s mut Scratch) -> Result<ArrayView2<'s, f32>, Error> {
        let _ = (batch, scratch);
        Err(Error::NoHiddenStates)
    }
}

/// Views `numbers` as a matrix with `n_columns` columns.
pub(crate) fn as_matrix(numbers: &[f32], n_columns: usize) -> ArrayView2<'_, f32> {
    ArrayView2::from_shape((numbers.len() / n_columns, n_columns), numbers).expect("rows of n_columns numbers each")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_trait_is_object_safe() {
        fn object(_: Option<&dyn Encoder>) {}
        object(None);
    }
}
