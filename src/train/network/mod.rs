//! The network as it is trained: forward with all that the way back needs, and back.
//!
//! All parameters are in one list of numbers, in the order of the network: word vectors, positions, types, layers, head. What is trained
//! is the end of that list. No operation depends on the number of threads: products are split by rows and columns of their result, and
//! sums are made of the sums of blocks of rows, in order.

mod activation;
mod attention;
mod embeddings;
mod gradient;
mod layer;
mod layer_norm;
mod linear;
mod loss;
mod rows;

use std::ops::Range;

pub(crate) use attention::Attention;
pub(crate) use embeddings::Embeddings;
pub(crate) use gradient::Gradient;
pub(crate) use layer::Layer;
use layer::{Inside, Kept, Reach};
pub(crate) use layer_norm::Norm;
use layer_norm::Normalised;
pub(crate) use linear::Linear;
use loss::cross_entropy;

use crate::encode::Batch;
use crate::model::Store;

/// The shape of a network: where each part is among the parameters.
#[derive(Clone, Debug)]
pub(crate) struct Network {
    pub(crate) embeddings: Embeddings,
    pub(crate) attention: Attention,
    pub(crate) layers: Vec<Layer>,
    pub(crate) head: Linear,
}

/// The memory of a step, which the next one uses again.
#[derive(Debug, Default)]
pub(crate) struct Work {
    hidden: Vec<f32>,
    embedded: Normalised,
    kept: Vec<Kept>,
    inside: Inside,
    logits: Vec<f32>,
}

impl Network {
    /// The number of parameters.
    #[cfg(test)]
    pub(crate) fn n_parameters(&self) -> usize {
        self.head.start + self.head.len()
    }

    /// The hidden states of the last layer, `[n_pieces, hidden]`.
    pub(crate) fn hidden<'w>(&self, parameters: &[f32], batch: &Batch, work: &'w mut Work) -> &'w [f32] {
        let windows: Vec<Range<usize>> = batch.windows().collect();
        work.hidden.resize(batch.n_pieces() * self.head.n_in, 0.0);
        work.kept.resize_with(self.layers.len(), Kept::default);
        self.embeddings.forward(parameters, batch, &mut work.hidden, &mut work.embedded);
        for (layer, kept) in self.layers.iter().zip(&mut work.kept) {
            layer.forward(parameters, (&self.attention, &windows), &mut work.hidden, kept);
        }
        &work.hidden
    }

    /// The mean loss of a batch, whose gradient replaces the one there is.
    pub(crate) fn learn(
        &self,
        parameters: &[f32],
        (batch, targets): (&Batch, &[Option<u16>]),
        work: &mut Work,
        gradient: &mut Gradient,
    ) -> f64 {
        self.hidden(parameters, batch, work);
        let windows: Vec<Range<usize>> = batch.windows().collect();
        let Work { hidden, embedded, kept, inside, logits } = work;
        let loss = self.learn_head(parameters, (hidden, targets), logits, gradient);
        if gradient.start >= self.head.start {
            return loss;
        }
        let d_hidden = hidden;
        self.head.backward(parameters, logits, d_hidden, Store::Replace);
        for (layer, kept) in self.layers.iter().zip(kept).rev() {
            if gradient.start > layer.qkv.start {
                return loss;
            }
            let reach = if gradient.start == layer.qkv.start { Reach::Own } else { Reach::Below };
            layer.backward(parameters, (&self.attention, &windows, reach), (kept, inside), d_hidden, gradient);
        }
        if gradient.start < self.layers.first().map_or(self.head.start, |layer| layer.qkv.start) {
            self.embeddings.backward(parameters, batch, (embedded, d_hidden), gradient);
        }
        loss
    }

    /// The mean loss for hidden states of the last layer, `[n, hidden]`, with the gradient of the head. Leaves the gradient of the logits.
    pub(crate) fn learn_head(
        &self,
        parameters: &[f32],
        (hidden, targets): (&[f32], &[Option<u16>]),
        logits: &mut Vec<f32>,
        gradient: &mut Gradient,
    ) -> f64 {
        logits.resize(targets.len() * self.head.n_out, 0.0);
        self.head.forward(parameters, hidden, logits, Store::Replace);
        let loss = cross_entropy(logits, targets);
        self.head.learn(hidden, logits, gradient);
        loss
    }
}
