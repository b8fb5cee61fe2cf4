//! What does one transformer layer make of a batch, in bytes?

use super::attention::{Head, Memory};
use super::linear::Linear;
use super::product::{Kernel, PANEL, Store};
use super::rows::{Bytes, gelu};
use crate::encode::Batch;
use crate::model::activation::Activation;
use crate::model::encoder::Scratch;
use crate::model::layer::Layer;

/// How many rows go through a feed-forward layer at once: few enough that they stay in the cache between its two products.
const FEED_FORWARD_ROWS: usize = 128;

/// The memory that layers work in.
#[derive(Debug, Default)]
pub(crate) struct Bench {
    input: Bytes,
    inner: Bytes,
    attention: Memory,
}

/// Queries, keys and values of one head stand in whole panels, side by side: which output of the three layers, `[3 * hidden]`, each
/// column is; `None` fills a panel.
pub(crate) fn by_head(n_heads: usize, head_size: usize) -> Vec<Option<usize>> {
    let hidden = n_heads * head_size;
    let width = (3 * head_size).next_multiple_of(PANEL);
    let column =
        |head: usize, i: usize| (i < 3 * head_size).then(|| i / head_size * hidden + head * head_size + i % head_size);
    (0..n_heads).flat_map(|head| (0..width).map(move |i| column(head, i))).collect()
}

impl Layer<Linear> {
    /// Changes `scratch.hidden`, `[n_pieces, hidden]`: the sums between the layer's parts and the normalisation are in `f32`, every
    /// product is in bytes.
    pub(crate) fn apply(&self, kernel: Kernel, batch: &Batch, scratch: &mut Scratch) {
        let n = batch.n_pieces();
        let (n_heads, head_size) = (self.attention.n_heads, self.attention.head_size);
        let size = n_heads * head_size;
        let hidden = scratch.hidden.first(n * size);
        let context = scratch.context.first(n * size);
        let Bench { input, inner: inner_bytes, attention } = &mut scratch.bytes;

        input.read(hidden, size);
        let width = self.qkv.n_out() / n_heads;
        let qkv = scratch.qkv.first(n * width);
        for head in 0..n_heads {
            self.qkv.apply_part(kernel, input.rows(), (head * width, width), qkv); // [n, size] x [size, width] -> [n, width]
            for window in batch.windows() {
                let rows = &qkv[window.start * width..window.end * width];
                let read = &mut context[window.start * size + head * head_size..];
                Head { size: head_size }.apply(kernel, (rows, width), (read, size), attention);
            }
        }
        input.read(context, size);
        self.attention_output.apply(kernel, input.rows(), hidden, Store::Add); // [n, size] x [size, size] -> [n, size]

        let n_inner = self.up.n_out();
        for rows in hidden.chunks_mut(FEED_FORWARD_ROWS * size) {
            let n_rows = rows.len() / size;
            self.attention_norm.apply(rows);
            input.read(rows, size);
            let inner = scratch.inner.first(n_rows * n_inner);
            self.up.apply(kernel, input.rows(), inner, Store::Replace); // [rows, size] x [size, inner] -> [rows, inner]
            if self.activation == Activation::Gelu {
                gelu(inner, n_inner, inner_bytes);
            } else {
                self.activation.apply(inner);
                inner_bytes.read(inner, n_inner);
            }
            self.down.apply(kernel, inner_bytes.rows(), rows, Store::Add); // [rows, inner] x [inner, size] -> [rows, size]
            self.output_norm.apply(rows);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_put_side_by_side() {
        assert_eq!(by_head(2, 2).into_iter().flatten().collect::<Vec<_>>(), [0, 1, 4, 5, 8, 9, 2, 3, 6, 7, 10, 11]);
        assert_eq!(by_head(2, 2).len(), 2 * PANEL);
        assert_eq!(by_head(12, 32).len(), 3 * 384);
    }
}
