//! What does the rest of the crate ask of a model?

use ndarray::ArrayView2;

use super::aligned::Aligned;
use super::error::Error;
use super::int8;
use crate::encode::Batch;

/// Enough pieces to keep the matrix products of a processor busy, few enough to stay in its cache and to be shared out evenly.
pub(crate) const BATCH_PIECES: usize = 512;

/// A model that scores every label for every piece of a batch.
///
/// An implementation is immutable and shared by threads: all memory that a call writes belongs to the caller's [`Scratch`]. The
/// scores of a window must depend on that window only, never on its neighbours in the batch.
pub trait Encoder: Send + Sync {
    /// The classifiers on top of the model, the default one first; there is always at least one.
    fn heads(&self) -> &[Head];

    /// The most pieces that a window may hold, special pieces included.
    fn max_pieces(&self) -> usize;

    /// How many pieces are best scored at once; a hint.
    fn batch_pieces(&self) -> usize {
        BATCH_PIECES
    }

    /// Scores each piece of `batch` with one head: logits, `[n_pieces, n_labels]`, rows in the order of the batch, columns in the
    /// order of the head's labels. They stand in `scratch` until its next use.
    ///
    /// # Errors
    /// When an id or a token type is out of range, a window is longer than [`max_pieces`](Self::max_pieces), or the head is
    /// another model's.
    fn score<'s>(&self, batch: &Batch, head: HeadId, scratch: &'s mut Scratch) -> Result<ArrayView2<'s, f32>, Error>;

    /// Finds a head by its name.
    ///
    /// # Errors
    /// When the model has no such head; the error names those that it has.
    fn find_head(&self, name: &str) -> Result<HeadId, Error> {
        self.heads().iter().position(|head| head.name == name).map(HeadId).ok_or_else(|| Error::UnknownHead {
            name: name.to_owned(),
            known: self.heads().iter().map(|head| head.name.as_str()).collect::<Vec<_>>().join(", "),
        })
    }
}

/// One classifier of a model: the labels of one annotation guideline.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// The name by which it is chosen, such as `conll`.
    pub name: String,
    /// The labels as the checkpoint spells them (`B-PER`), in the order of the score columns; never empty.
    pub labels: Vec<String>,
    /// What logits are divided by before they are read as probabilities; positive, 1 when the model was not calibrated.
    pub temperature: f32,
}

/// The place of a head in [`Encoder::heads`]; the default value is the default head.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct HeadId(pub(crate) usize);

impl HeadId {
    /// The index into [`Encoder::heads`].
    pub fn index(self) -> usize {
        self.0
    }
}

/// The working memory of one thread that scores batches.
///
/// It grows to what the largest batch needs and is reused from call to call and from model to model, so that scoring allocates
/// nothing in the steady state.
#[derive(Debug, Default)]
pub struct Scratch {
    /// `[n_pieces, hidden]`: the state between layers.
    pub(crate) hidden: Aligned<f32>,
    /// `[n_pieces, 3 * hidden]`: queries, keys and values.
    pub(crate) qkv: Aligned<f32>,
    /// `[n_pieces, hidden]`: what attention read.
    pub(crate) context: Aligned<f32>,
    /// `[rows, intermediate]`, or `[n_pieces, embedding]` before the first layer.
    pub(crate) inner: Aligned<f32>,
    /// `[window, window]`: attention of one head.
    pub(crate) attention: Aligned<f32>,
    /// `[window, head]`: what one head read.
    pub(crate) head: Aligned<f32>,
    /// What the layers on bytes work in.
    pub(crate) bytes: int8::Bench,
    /// `[n_pieces, n_labels]`: the answer.
    pub(crate) logits: Aligned<f32>,
}

/// The scores as a matrix of `n_labels` columns.
pub(crate) fn as_matrix(logits: &[f32], n_labels: usize) -> ArrayView2<'_, f32> {
    ArrayView2::from_shape((logits.len() / n_labels, n_labels), logits).expect("rows of n_labels numbers each")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_trait_is_object_safe_and_scratch_moves_between_threads() {
        fn send<T: Send>() {}
        fn object(_: Option<&dyn Encoder>) {}
        send::<Scratch>();
        object(None);
    }
}
