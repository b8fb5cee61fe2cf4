//! The precision a model computes in.

use std::fmt;

/// The precision of matrix products.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Precision {
    /// [`Int8`](Self::Int8) on CPUs with instructions for it, otherwise [`F32`](Self::F32).
    #[default]
    Auto,
    /// Eight-bit weights and activations, with one scale per output and one per piece, and 32-bit sums.
    Int8,
    /// Single precision throughout, on the weights as stored: the embedded model has eight-bit weights and five-bit word vectors, the
    /// same model in its folder has 16-bit ones.
    F32,
}

impl fmt::Display for Precision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Auto => "auto",
            Self::Int8 => "int8",
            Self::F32 => "f32",
        })
    }
}
