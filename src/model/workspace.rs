//! The memory that the native engine works in.

use super::aligned::Aligned;
use super::int8;

/// The working memory of one thread; it grows to what the largest batch needs.
#[derive(Debug, Default)]
pub(crate) struct Workspace {
    /// `[n_pieces, hidden]`: the state between layers.
    pub(crate) hidden: Aligned<f32>,
    /// `[n_pieces, 3 * hidden]`: queries, keys and values.
    pub(crate) qkv: Aligned<f32>,
    /// `[n_pieces, hidden]`: what attention read.
    pub(crate) context: Aligned<f32>,
    /// `[rows, intermediate]`, or `[n_pieces, embedding]` before the first layer.
    pub(crate) inner: Aligned<f32>,
    /// `[window, window]`: attention of one head.
    pub(crate) attention: Aligned<f32>,
    /// `[window, head]`: what one head read.
    pub(crate) head: Aligned<f32>,
    /// What the layers on bytes work in.
    pub(crate) bytes: int8::Workspace,
    /// `[n_pieces, n_labels]`: the answer.
    pub(crate) logits: Aligned<f32>,
}
