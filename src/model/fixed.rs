//! A test double: an encoder whose scores are known in advance.

use ndarray::ArrayView2;

use super::encoder::{Encoder, as_matrix};
use super::error::Error;
use super::scratch::Scratch;
use super::spec::{Head, HeadId, Spec};
use crate::encode::Batch;

/// An [`Encoder`] with canned scores, for testing everything downstream of the model.
///
/// ```
/// use allonym::encode::Batch;
/// use allonym::model::{Encoder, Fixed, Head, HeadId, Scratch};
///
/// let model = Fixed::new(Head::new("conll", ["O", "B-PER"]), vec![vec![4.0, 0.0], vec![-1.0, 3.0]]);
/// let mut batch = Batch::default();
/// batch.push(&[0, 1, 0], &[0, 0, 0]);
/// let mut scratch = Scratch::default();
/// let scores = model.score(&batch, HeadId::default(), &mut scratch)?;
/// assert_eq!(scores.row(1).to_vec(), [-1.0, 3.0]);
/// # Ok::<(), allonym::model::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Fixed {
    spec: Spec,
    rows: Vec<Vec<f32>>,
}

impl Fixed {
    /// A model with one head whose scores for a piece are `rows[id]`, regardless of context.
    ///
    /// # Panics
    /// When a row does not have one score per label.
    pub fn new(head: Head, rows: Vec<Vec<f32>>) -> Self {
        assert!(rows.iter().all(|row| row.len() == head.labels.len()), "one score per label");
        Self { spec: Spec::new(vec![head]).vocab_size(rows.len()), rows }
    }
}

impl Encoder for Fixed {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn score<'s>(&self, batch: &Batch, head: HeadId, scratch: &'s mut Scratch) -> Result<ArrayView2<'s, f32>, Error> {
        let found = head.index();
        let head = self.spec.heads.get(found).ok_or(Error::HeadRange { found, n_heads: self.spec.heads.len() })?;
        let n_labels = head.labels.len();
        let logits: &mut Vec<f32> = scratch.get();
        logits.resize(batch.n_pieces() * n_labels, 0.0);
        for (piece, (&id, row)) in batch.ids().iter().zip(logits.chunks_exact_mut(n_labels)).enumerate() {
            let scores =
                self.rows.get(id as usize).ok_or(Error::PieceId { piece, found: id, vocab_size: self.rows.len() })?;
            row.copy_from_slice(scores);
        }
        Ok(as_matrix(logits, n_labels))
    }
}
