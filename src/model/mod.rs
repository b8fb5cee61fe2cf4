//! The transformer: windows of pieces in, one score a piece and label out.
//!
//! [`Encoder`] is the seam that the rest of the crate sees. [`Native`] implements it in pure Rust for the token-classification
//! checkpoints of the BERT family in the Hugging Face layout; `RustBert`, in builds with the feature `rust-bert`, runs them and
//! others in libtorch; [`Fixed`] answers with canned scores, to test what comes after.

mod activation;
mod aligned;
mod architecture;
mod attention;
mod config;
mod embeddings;
mod encoder;
mod engine;
mod error;
mod fixed;
mod gemm;
#[cfg(feature = "hub")]
pub mod hub;
mod int8;
mod layer;
mod layer_norm;
mod native;
mod packed;
mod precision;
mod projection;
mod quantise;
mod registry;
#[cfg(feature = "rust-bert")]
mod rust_bert;
mod scratch;
mod spec;
mod stack;
mod weights;
mod workspace;

pub use architecture::Architecture;
pub use encoder::Encoder;
pub use engine::{Device, Engine, UnknownDevice};
pub use error::Error;
pub use fixed::Fixed;
pub use native::Native;
pub use precision::Precision;
pub use registry::{Card, Embedded, LoadOptions, Loaded, Source, embedded};
#[cfg(feature = "rust-bert")]
pub use rust_bert::{RustBert, RustBertArchitecture};
pub use scratch::Scratch;
pub use spec::{Head, HeadId, Spec};

/// Packs the contents of a `model.safetensors` for the native engine: the matrices of the layers in eight bits, the word vectors in five,
/// less than half the size of a checkpoint in 16 bits. It is how the model inside this crate is stored.
///
/// # Errors
/// When the bytes are not a safetensors file, or a matrix to be packed has numbers other than F32, F16 and BF16.
pub fn pack(checkpoint: &[u8]) -> Result<Vec<u8>, Error> {
    packed::packed(checkpoint).map_err(Error::from)
}
