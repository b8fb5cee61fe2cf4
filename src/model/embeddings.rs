//! The embeddings: the vector of each piece that the first layer reads.

use std::borrow::Cow;

use super::error::Error;
use super::layer_norm::LayerNorm;
use super::projection::Projection;
use super::weights::{Format, Scales, Tensor};
use super::workspace::Workspace;
use crate::encode::Batch;

/// The sum of a piece's word, position and type vectors, normalised.
#[derive(Debug)]
pub(crate) struct Embeddings {
    pub(crate) words: Words,
    /// `[n_positions, width]`.
    pub(crate) positions: Vec<f32>,
    /// `[n_types, width]`; empty for layouts without token types.
    pub(crate) types: Vec<f32>,
    pub(crate) norm: LayerNorm,
    /// From the width of the embeddings to that of the layers, if they differ.
    pub(crate) projection: Option<Projection>,
    /// The position of a window's first piece.
    pub(crate) first_position: usize,
    /// Pieces of this id take the position of the same number and do not advance the count.
    pub(crate) padding_id: Option<u32>,
}

/// The word vectors, by far the largest table: kept in their storage format and decoded row by row.
#[derive(Debug)]
pub(crate) struct Words {
    bytes: Cow<'static, [u8]>,
    format: Format,
    scales: Scales,
    width: usize,
}

impl Words {
    /// Wraps a tensor of shape `[vocabulary, width]`.
    pub(crate) fn new(tensor: Tensor<'_>, width: usize) -> Self {
        Self { bytes: tensor.stored(), format: tensor.format(), scales: tensor.into_scales(), width }
    }

    fn n_rows(&self) -> usize {
        self.format.n_numbers(self.bytes.len()) / self.width
    }

    fn read(&self, row: u32, vector: &mut [f32]) {
        let (row, n_bytes) = (row as usize, self.format.n_bytes(self.width));
        self.format.decode(&self.bytes[row * n_bytes..][..n_bytes], vector);
        self.scales.apply(row * self.width, vector);
    }
}

impl Embeddings {
    /// Rejects a batch the tables do not cover.
    pub(crate) fn check(&self, batch: &Batch) -> Result<(), Error> {
        let width = self.norm.width();
        let vocab_size = self.words.n_rows();
        let n_types = (self.types.len() / width).max(1);
        let max_pieces = self.positions.len() / width - self.first_position;
        for (window, rows) in batch.windows().enumerate() {
            if rows.len() > max_pieces {
                return Err(Error::WindowLength { window, found: rows.len(), max_pieces });
            }
        }
        if let Some(piece) = batch.ids().iter().position(|&id| id as usize >= vocab_size) {
            return Err(Error::PieceId { piece, found: batch.ids()[piece], vocab_size });
        }
        if let Some(piece) = batch.types().iter().position(|&kind| kind as usize >= n_types) {
            return Err(Error::PieceType { piece, found: batch.types()[piece], n_types });
        }
        Ok(())
    }

    /// Writes one vector per piece of a checked batch to `work.hidden`, `[n_pieces, hidden]`.
    pub(crate) fn apply(&self, batch: &Batch, work: &mut Workspace) {
        let n = batch.n_pieces();
        let width = self.norm.width();
        match &self.projection {
            None => self.sum(batch, work.hidden.first(n * width)),
            Some(projection) => {
                let narrow = work.inner.first(n * width);
                self.sum(batch, narrow);
                projection.apply(narrow, work.hidden.first(n * projection.n_out()));
            }
        }
    }

    fn sum(&self, batch: &Batch, vectors: &mut [f32]) {
        let width = self.norm.width();
        for window in batch.windows() {
            let mut next = self.first_position;
            for row in window {
                let (id, kind) = (batch.ids()[row], batch.types()[row] as usize);
                let position = if self.padding_id == Some(id) {
                    id as usize
                } else {
                    next += 1;
                    next - 1
                };
                let vector = &mut vectors[row * width..(row + 1) * width];
                self.words.read(id, vector);
                add(vector, &self.positions[position * width..][..width]);
                if !self.types.is_empty() {
                    add(vector, &self.types[kind * width..][..width]);
                }
            }
        }
        self.norm.apply(vectors);
    }
}

fn add(vector: &mut [f32], other: &[f32]) {
    for (x, y) in vector.iter_mut().zip(other) {
        *x += y;
    }
}
