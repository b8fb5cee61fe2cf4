#![doc = include_str!("../README.md")]
#![no_std]
#![forbid(unsafe_code)]
#![warn(missing_docs)]

/// The bytes of this part; empty in a build from a clone, where allonym packs the model itself.
#[cfg(part)]
pub static PART: &[u8] = include_bytes!("../part.bin");

/// The bytes of this part; empty in a build from a clone, where allonym packs the model itself.
#[cfg(not(part))]
pub static PART: &[u8] = &[];
