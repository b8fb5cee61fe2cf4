//! Working memory for the native engine.

use super::aligned::Aligned;
use super::int8;

/// The working memory of one thread; it grows to fit the largest batch.
#[derive(Debug, Default)]
pub(crate) struct Workspace {
    /// `[n_pieces, hidden]`: the state between layers.
    pub(crate) hidden: Aligned<f32>,
    /// `[n_pieces, 3 * hidden]`: queries, keys and values.
    pub(crate) qkv: Aligned<f32>,
    /// `[n_pieces, hidden]`: the output of attention.
    pub(crate) context: Aligned<f32>,
    /// `[rows, intermediate]`, or `[n_pieces, embedding]` before the first layer.
    pub(crate) inner: Aligned<f32>,
    /// `[window, window]`: the attention weights of one head.
    pub(crate) attention: Aligned<f32>,
    /// `[window, head]`: the output of one head.
    pub(crate) head: Aligned<f32>,
    /// Working memory for the layers in bytes.
    pub(crate) bytes: int8::Workspace,
    /// `[n_pieces, n_labels]`: the result.
    pub(crate) logits: Aligned<f32>,
}
