//! The transformer: windows of pieces in, one score per piece and label out.
//!
//! [`Encoder`] is the interface the rest of the crate sees. [`Native`] implements it in pure Rust for token-classification
//! checkpoints of the BERT family in the Hugging Face layout. `RustBert`, in builds with the feature `rust-bert`, runs those and
//! others on libtorch. [`Fixed`] returns canned scores, for testing everything downstream of the model.

mod activation;
mod aligned;
mod architecture;
mod attention;
mod config;
mod distances;
mod embeddings;
mod encoder;
mod engine;
mod error;
mod fixed;
mod for_language;
mod gemm;
#[cfg(feature = "hub")]
pub mod hub;
mod installed;
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
pub use for_language::{ForLanguage, Models, Multilingual};
#[cfg(target_arch = "wasm32")]
pub use int8::{Operands, use_product};
pub use native::Native;
pub use precision::Precision;
pub use registry::{Card, Embedded, LoadOptions, Loaded, Source, embedded, installed};
#[cfg(feature = "rust-bert")]
pub use rust_bert::{RustBert, RustBertArchitecture};
pub use scratch::Scratch;
pub use spec::{Head, HeadId, Spec};

// What training shares with the native engine.
#[cfg(feature = "train")]
pub(crate) use activation::Activation;
#[cfg(feature = "train")]
pub(crate) use architecture::PREFIXES;
#[cfg(feature = "train")]
pub(crate) use config::Config;
#[cfg(feature = "train")]
pub(crate) use distances::Distances;
#[cfg(feature = "train")]
pub(crate) use encoder::as_matrix;
#[cfg(feature = "train")]
pub(crate) use gemm::{Store, View, product};
#[cfg(feature = "train")]
pub(crate) use weights::Weights;

/// Packs the contents of a `model.safetensors` for the native engine: layer matrices in eight bits, word vectors in five. The
/// result is less than half the size of a 16-bit checkpoint. The model built into this crate is stored this way.
///
/// # Errors
/// When the bytes are not a safetensors file, or a matrix to be packed is not stored as F32, F16 or BF16.
pub fn pack(checkpoint: &[u8]) -> Result<Vec<u8>, Error> {
    packed::packed(checkpoint).map_err(Error::from)
}
