//! The encoder's layers on bytes: weights and activations of eight bits, sums of 32 bits, one scale an output and one a row.
//!
//! Everything that depends on the processor is in `simd` (products) or dispatched by `rten-simd` (what happens to rows).

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
pub(crate) use product::Kernel;
