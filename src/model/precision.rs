//! How exactly does a model compute?

use std::fmt;

/// The numbers in which a model multiplies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Precision {
    /// [`Int8`](Self::Int8) on a processor that has instructions for it, else [`F32`](Self::F32).
    #[default]
    Auto,
    /// Weights and activations of eight bits, a scale for each output and for each piece; sums of 32 bits.
    Int8,
    /// Single precision throughout, on the weights as they are stored: those of the model inside the program are of eight bits and its
    /// word vectors of five, those of its folder of sixteen.
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
