//! What does a stack of transformer layers make of a batch?

use super::embeddings::Embeddings;
use super::encoder::Scratch;
use super::gemm::Linear;
use super::int8::{self, Kernel};
use super::layer::Layer;
use crate::encode::Batch;

/// An encoder after Devlin et al. (2019), normalising after each residual sum, without padding.
///
/// The pieces of all windows stand in one matrix that every linear layer multiplies at once; only attention looks at windows.
#[derive(Debug)]
pub(crate) struct Bert {
    pub(crate) embeddings: Embeddings,
    pub(crate) layers: Layers,
}

/// The stack, in one precision or the other.
#[derive(Debug)]
pub(crate) enum Layers {
    F32(Vec<Layer<Linear>>),
    Int8(Kernel, Vec<Layer<int8::Linear>>),
}

impl Bert {
    /// Runs a checked batch; the last layer's output is left in `scratch.hidden`, `[n_pieces, hidden]`.
    pub(crate) fn apply(&self, batch: &Batch, scratch: &mut Scratch) {
        self.embeddings.apply(batch, scratch);
        match &self.layers {
            Layers::F32(layers) => layers.iter().for_each(|layer| layer.apply(batch, scratch)),
            Layers::Int8(kernel, layers) => {
                if let Some(first) = layers.first() {
                    let size = first.attention_norm.width();
                    scratch.bytes.read(scratch.hidden.first(batch.n_pieces() * size), size);
                }
                layers.iter().for_each(|layer| layer.apply(*kernel, batch, scratch));
            }
        }
    }
}
