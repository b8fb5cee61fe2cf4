//! The engines that run a model, and the devices they run on.

use std::fmt;
use std::str::FromStr;

/// The implementation of the forward pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Engine {
    /// This crate's own engine, [`Native`](super::Native): pure Rust, on the CPU, for the BERT family.
    #[default]
    Native,
    /// rust-bert on libtorch, `RustBert`: more architectures, and CUDA. Only in builds with the feature `rust-bert`.
    RustBert {
        /// The CPU or a CUDA device.
        device: Device,
    },
}

/// The device that libtorch computes on. Parsed from `cpu`, `cuda` (the first CUDA device) or `cuda:N`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Device {
    /// The CPU.
    #[default]
    Cpu,
    /// The CUDA device with this index, counting from 0.
    Cuda(usize),
}

impl Engine {
    /// The name of the libtorch engine, which is also the name of its feature.
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

/// The error of parsing a [`Device`].
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
    fn devices_round_trip_through_strings() {
        for (text, want) in [("cpu", Device::Cpu), ("cuda:0", Device::Cuda(0)), ("cuda:3", Device::Cuda(3))] {
            let got: Device = text.parse().expect(text);
            assert_eq!((got, got.to_string().as_str()), (want, text));
        }
        assert_eq!("cuda".parse::<Device>().expect("the first device"), Device::Cuda(0));
        for text in ["", "gpu", "cuda:", "cuda:x", "cuda:-1", "CPU"] {
            let error = text.parse::<Device>().expect_err(text).to_string();
            assert!(error.contains(&format!("{text:?}")), "{error}");
        }
    }
}
