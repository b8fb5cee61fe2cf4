//! From text to what a model sees: pieces with byte spans, windows, batches.

mod batch;

pub use batch::Batch;
