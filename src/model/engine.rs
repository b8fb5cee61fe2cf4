//! What runs a model, and where?

use std::fmt;
use std::str::FromStr;

/// The program that computes the forward pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Engine {
    /// The one of this crate, [`Native`](super::Native): pure Rust, on the processor, for the BERT family.
    #[default]
    Native,
    /// rust-bert over libtorch, `RustBert`: more architectures, and CUDA. Only in builds with the feature `rust-bert`.
    RustBert {
        /// Where it computes.
        device: Device,
    },
}

/// Where libtorch computes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Device {
    /// The processor.
    #[default]
    Cpu,
    /// The CUDA card of that number, counted from 0.
    Cuda(usize),
}

impl Engine {
    /// The name of the engine over libtorch, which is that of its feature too.
    pub(crate) const RUST_BERT: &str = "rust-bert";
}

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cpu => f.write_str("cpu"),
            Self::Cuda(number) => write!(f, "cuda:{number}"),
        }
    }
}

/// A device that is spelt wrong.
#[derive(Debug, thiserror::Error)]
#[error("expected cpu, cuda or cuda:N, found {found:?}")]
pub struct UnknownDevice {
    found: String,
}

impl FromStr for Device {
    type Err = UnknownDevice;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unknown = || UnknownDevice { found: text.to_owned() };
        match text {
            "cpu" => Ok(Self::Cpu),
            "cuda" => Ok(Self::Cuda(0)),
            _ => {
                let number = text.strip_prefix("cuda:").ok_or_else(unknown)?;
                number.parse().map(Self::Cuda).map_err(|_| unknown())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_are_read_as_they_are_written() {
        for (text, want) in [("cpu", Device::Cpu), ("cuda:0", Device::Cuda(0)), ("cuda:3", Device::Cuda(3))] {
            let got: Device = text.parse().expect(text);
            assert_eq!((got, got.to_string().as_str()), (want, text));
        }
        assert_eq!("cuda".parse::<Device>().expect("the first card"), Device::Cuda(0));
        for text in ["", "gpu", "cuda:", "cuda:x", "cuda:-1", "CPU"] {
            let error = text.parse::<Device>().expect_err(text).to_string();
            assert!(error.contains(&format!("{text:?}")), "{error}");
        }
    }
}
