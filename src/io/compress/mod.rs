//! gzip and zstd: recognised by the first bytes of an input, chosen by the name of an output.

mod compression;
#[cfg(feature = "compress")]
mod gzip;
mod read;
mod write;
#[cfg(feature = "compress")]
mod zstd;

pub use compression::Compression;
pub(crate) use read::{decompress, open_file};
pub(crate) use write::Compressor;

#[cfg(all(test, feature = "compress"))]
mod tests;
