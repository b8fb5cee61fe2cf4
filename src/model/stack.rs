//! The encoder: embeddings and a stack of transformer layers.

use super::embeddings::Embeddings;
use super::gemm::Linear;
use super::int8::{self, Kernel};
use super::layer::Layer;
use super::workspace::Workspace;
use crate::encode::Batch;

/// An encoder as in Devlin et al. (2019), with normalisation after each residual sum and without padding.
///
/// The pieces of all windows form one matrix that every linear layer multiplies at once; only attention works window by window.
#[derive(Debug)]
pub(crate) struct Stack {
    pub(crate) embeddings: Embeddings,
    pub(crate) layers: Layers,
}

/// The layers, in `f32` or in bytes.
#[derive(Debug)]
pub(crate) enum Layers {
    F32(Vec<Layer<Linear>>),
    Int8(Kernel, Vec<Layer<int8::Linear>>),
}

impl Stack {
    /// Runs a checked batch and leaves the last layer's output in `work.hidden`, `[n_pieces, hidden]`.
    pub(crate) fn apply(&self, batch: &Batch, work: &mut Workspace) {
        self.embeddings.apply(batch, work);
        match &self.layers {
            Layers::F32(layers) => layers.iter().for_each(|layer| layer.apply(batch, work)),
            Layers::Int8(kernel, layers) => {
                if let Some(first) = layers.first() {
                    let size = first.attention_norm.width();
                    work.bytes.read(work.hidden.first(batch.n_pieces() * size), size);
                }
                layers.iter().for_each(|layer| layer.apply(*kernel, batch, work));
            }
        }
    }
}
