//! The embeddings: the vector of each piece that the first layer reads.

use rayon::prelude::*;

use super::gradient::Gradient;
use super::layer_norm::{Norm, Normalised};
use super::rows::add;
use crate::encode::Batch;

/// The sum of a piece's word, position and type vectors, normalised: where the tables are among all parameters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Embeddings {
    /// `[vocabulary, hidden]`; the first of all parameters.
    pub(crate) words: usize,
    /// `[n_positions, hidden]`.
    pub(crate) positions: usize,
    /// `[n_types, hidden]`; empty for layouts without token types.
    pub(crate) types: usize,
    pub(crate) norm: Norm,
    /// The position of a window's first piece.
    pub(crate) first_position: usize,
    /// Pieces of this id take the position of the same number and do not advance the count.
    pub(crate) padding_id: Option<u32>,
}

impl Embeddings {
    /// Whether there are token types.
    fn has_types(&self) -> bool {
        self.types < self.norm.start
    }

    /// Writes a vector for each piece, `[n_pieces, hidden]`.
    pub(crate) fn forward(&self, parameters: &[f32], batch: &Batch, hidden: &mut [f32], known: &mut Normalised) {
        let width = self.norm.width;
        let positions = self.positions_of(batch);
        hidden.par_chunks_mut(width).enumerate().for_each(|(row, vector)| {
            let table = |start: usize, row: usize| &parameters[start + row * width..][..width];
            vector.copy_from_slice(table(self.words, batch.ids()[row] as usize));
            add(vector, table(self.positions, positions[row]));
            if self.has_types() {
                add(vector, table(self.types, batch.types()[row] as usize));
            }
        });
        self.norm.forward(parameters, hidden, known);
    }

    /// Learns from the gradient of the vectors, which it overwrites. The word vectors are left out where they are not trained.
    pub(crate) fn backward(
        &self,
        parameters: &[f32],
        batch: &Batch,
        (known, d_hidden): (&Normalised, &mut [f32]),
        gradient: &mut Gradient,
    ) {
        let width = self.norm.width;
        self.norm.backward(parameters, known, d_hidden, Some(gradient));
        let first = if gradient.start <= self.words { self.words } else { self.positions };
        gradient.of(first, self.norm.start - first).fill(0.0);
        let positions = self.positions_of(batch);
        for (row, d_vector) in d_hidden.chunks_exact(width).enumerate() {
            if first == self.words {
                add(gradient.of(self.words + batch.ids()[row] as usize * width, width), d_vector);
            }
            add(gradient.of(self.positions + positions[row] * width, width), d_vector);
            if self.has_types() {
                add(gradient.of(self.types + batch.types()[row] as usize * width, width), d_vector);
            }
        }
    }

    fn positions_of(&self, batch: &Batch) -> Vec<usize> {
        let mut positions = Vec::with_capacity(batch.n_pieces());
        for window in batch.windows() {
            let mut next = self.first_position;
            for row in window {
                let id = batch.ids()[row];
                positions.push(if self.padding_id == Some(id) {
                    id as usize
                } else {
                    next += 1;
                    next - 1
                });
            }
        }
        positions
    }
}
