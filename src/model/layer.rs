//! One transformer layer, in `f32`.

use super::activation::Activation;
use super::attention::{self, Attention};
use super::gemm::{Linear, Store};
use super::layer_norm::LayerNorm;
use super::workspace::Workspace;
use crate::encode::Batch;

/// Rows that go through a feed-forward layer at once: products with many rows are faster, but their intermediate results take memory.
const FEED_FORWARD_ROWS: usize = 512;

/// One layer, whose linear layers are in `f32` or in bytes.
#[derive(Debug)]
pub(crate) struct Layer<L> {
    pub(crate) attention: Attention,
    /// Queries, keys and values in one matrix, `[hidden, 3 * hidden]`. In bytes they are grouped by head, see
    /// [`by_head`](super::int8::by_head).
    pub(crate) qkv: L,
    pub(crate) attention_output: L,
    pub(crate) attention_norm: LayerNorm,
    pub(crate) up: L,
    pub(crate) activation: Activation,
    pub(crate) down: L,
    pub(crate) output_norm: LayerNorm,
}

impl Layer<Linear> {
    /// Updates `work.hidden`, `[n_pieces, hidden]`, in place.
    pub(crate) fn apply(&self, batch: &Batch, work: &mut Workspace) {
        let n = batch.n_pieces();
        let size = self.attention_norm.width();
        let hidden = work.hidden.first(n * size);
        let qkv = work.qkv.first(n * 3 * size);
        let context = work.context.first(n * size);

        self.qkv.apply(hidden, qkv, Store::Replace); // [n, size] x [size, 3 size] -> [n, 3 size]
        let mut memory = attention::Memory { attention: &mut work.attention, head: &mut work.head };
        for window in batch.windows() {
            self.attention.apply(qkv, window, context, &mut memory);
        }
        self.attention_output.apply(context, hidden, Store::Add); // [n, size] x [size, size] -> [n, size]
        self.attention_norm.apply(hidden);

        for rows in hidden.chunks_mut(FEED_FORWARD_ROWS * size) {
            let inner = work.inner.first(rows.len() / size * self.up.n_out());
            self.up.apply(rows, inner, Store::Replace); // [rows, size] x [size, inner] -> [rows, inner]
            self.activation.apply(inner);
            self.down.apply(inner, rows, Store::Add); // [rows, inner] x [inner, size] -> [rows, size]
            self.output_norm.apply(rows);
        }
    }
}
