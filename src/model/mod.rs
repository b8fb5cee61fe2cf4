//! The transformer: windows of pieces in, one score a piece and label out.
//!
//! [`Encoder`] is the seam that the rest of the crate sees. [`Model`] implements it in pure Rust for the token-classification
//! checkpoints of the BERT family in the Hugging Face layout; `RustBert`, in builds with the feature `rust-bert`, runs them and
//! others in libtorch; [`Fixed`] answers with canned scores, to test what comes after.

mod activation;
mod aligned;
mod architecture;
mod attention;
mod bert;
mod config;
mod embedded;
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
mod precision;
mod projection;
mod quantise;
#[cfg(feature = "rust-bert")]
mod rust_bert;
mod weights;

pub use architecture::Architecture;
pub(crate) use embedded::embedded;
pub use encoder::{Encoder, Head, HeadId, Scratch};
pub use engine::{Device, Engine, UnknownDevice};
pub use error::Error;
pub use fixed::Fixed;
pub use native::Model;
pub use precision::Precision;
#[cfg(feature = "rust-bert")]
pub use rust_bert::{RustBert, RustBertArchitecture};
