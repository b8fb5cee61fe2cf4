//! One transformer layer, in bytes.

use super::attention::{Context, Head, Memory, Projected};
use super::bytes::Bytes;
use super::gelu::gelu;
use super::linear::Linear;
use super::operands::PANEL;
use super::product::Kernel;
use super::residual::{Images, add_and_normalise};
use crate::encode::Batch;
use crate::model::activation::Activation;
use crate::model::aligned::Aligned;
use crate::model::layer::Layer;
use crate::model::workspace;

/// Rows that go through a feed-forward layer at once: few enough to stay in the cache between its two products.
const FEED_FORWARD_ROWS: usize = 64;

/// Working memory for layers.
#[derive(Debug, Default)]
pub(crate) struct Workspace {
    /// `work.hidden`, quantised.
    hidden: Bytes,
    context: Bytes,
    between: Bytes,
    inner: Bytes,
    sums: Aligned<i32>,
    attention: Memory,
}

impl Workspace {
    /// Quantises the input of the first layer, rows of `width` values.
    pub(crate) fn read(&mut self, hidden: &[f32], width: usize) {
        self.hidden.read(hidden, width);
    }
}

/// The order of columns that puts the queries, keys and values of each head side by side, padded to whole panels: for each column, the
/// index of the output of the three layers, `[3 * hidden]`, that it holds, or `None` for padding.
pub(crate) fn by_head(n_heads: usize, head_size: usize) -> Vec<Option<usize>> {
    let hidden = n_heads * head_size;
    let width = (3 * head_size).next_multiple_of(PANEL);
    let column =
        |head: usize, i: usize| (i < 3 * head_size).then(|| i / head_size * hidden + head * head_size + i % head_size);
    (0..n_heads).flat_map(|head| (0..width).map(move |i| column(head, i))).collect()
}

impl Layer<Linear> {
    /// Updates `work.hidden`, `[n_pieces, hidden]`, and its quantised form. Every product is in bytes; residual sums and normalisation
    /// are in `f32`.
    pub(crate) fn apply(&self, kernel: Kernel, batch: &Batch, work: &mut workspace::Workspace) {
        let n = batch.n_pieces();
        let (n_heads, head_size) = (self.attention.n_heads, self.attention.head_size);
        let size = n_heads * head_size;
        let hidden = work.hidden.first(n * size);
        let context = work.context.first(n * size);
        let bytes = &mut work.bytes;

        let width = self.qkv.width() / n_heads;
        let qkv = work.qkv.first(n * width);
        for head in 0..n_heads {
            self.qkv.apply_part(kernel, &bytes.hidden, head * width..(head + 1) * width, &mut bytes.sums).read(qkv);
            for window in batch.windows() {
                let rows = &qkv[window.start * width..window.end * width];
                let read = &mut context
                    [window.start * size + head * head_size..(window.end - 1) * size + (head + 1) * head_size];
                let rows = Projected { numbers: rows, stride: width };
                let read = Context { numbers: read, stride: size };
                let distances = self.attention.distances.as_ref().map(|distances| distances.head(head));
                Head { size: head_size, distances }.apply(kernel, rows, read, &mut bytes.attention);
            }
        }

        let chunks = hidden.chunks_mut(FEED_FORWARD_ROWS * size).zip(context.chunks(FEED_FORWARD_ROWS * size));
        for (chunk, (hidden, context)) in chunks.enumerate() {
            let n_rows = hidden.len() / size;
            bytes.context.read(context, size);
            let product = self.attention_output.apply(kernel, &bytes.context, &mut bytes.sums);
            bytes.between.start(n_rows, size);
            add_and_normalise(product, hidden, &self.attention_norm, Images { bytes: &mut bytes.between, start: 0 });

            let product = self.up.apply(kernel, &bytes.between, &mut bytes.sums);
            let n_inner = product.width();
            if self.activation == Activation::Gelu {
                gelu(product, work.inner.first(n_inner), &mut bytes.inner);
            } else {
                let inner = work.inner.first(n_rows * n_inner);
                product.read(inner);
                self.activation.apply(inner);
                bytes.inner.read(inner, n_inner);
            }
            let product = self.down.apply(kernel, &bytes.inner, &mut bytes.sums);
            add_and_normalise(
                product,
                hidden,
                &self.output_norm,
                Images { bytes: &mut bytes.hidden, start: chunk * FEED_FORWARD_ROWS },
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_grouped_by_head() {
        assert_eq!(by_head(2, 2).into_iter().flatten().collect::<Vec<_>>(), [0, 1, 4, 5, 8, 9, 2, 3, 6, 7, 10, 11]);
        assert_eq!(by_head(2, 2).len(), 2 * PANEL);
        assert_eq!(by_head(12, 32).len(), 3 * 384);
    }
}
