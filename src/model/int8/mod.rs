//! The encoder's layers in bytes: eight-bit weights and activations, 32-bit sums, one scale per output and one per row.
//!
//! Everything CPU-specific is in `simd` (products) or dispatched by `rten-simd` (operations on rows).

mod attention;
mod bytes;
mod gelu;
mod layer;
mod linear;
mod operands;
mod product;
mod residual;
mod simd;
mod softmax;
mod sums;

pub(crate) use layer::{Workspace, by_head};
pub(crate) use linear::Linear;
#[cfg(target_arch = "wasm32")]
pub use operands::Operands;
pub(crate) use product::Kernel;
#[cfg(target_arch = "wasm32")]
pub use simd::use_product;
