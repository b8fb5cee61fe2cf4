//! Writes compressed streams.

use std::io::{self, Write};

#[cfg(feature = "compress")]
use flate2::write::GzEncoder;
#[cfg(feature = "compress")]
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

use super::Compression;

/// How many bytes become one zstd frame.
#[cfg(feature = "compress")]
pub(super) const FRAME: usize = 1 << 20;

/// Writes into `W`, compressed.
pub(crate) enum Compressor<W: Write> {
    /// Not compressed.
    None(W),
    /// One gzip member.
    #[cfg(feature = "compress")]
    Gzip(GzEncoder<W>),
    /// A zstd frame for each mebibyte.
    #[cfg(feature = "compress")]
    Zstd(W, Vec<u8>),
}

impl<W: Write> Compressor<W> {
    /// # Errors
    /// When the compression is not in the build ([`FeatureOff`](super::super::error::FeatureOff)).
    #[cfg(feature = "compress")]
    pub(crate) fn new(sink: W, compression: Compression) -> io::Result<Self> {
        Ok(match compression {
            Compression::None => Self::None(sink),
            Compression::Gzip => Self::Gzip(GzEncoder::new(sink, flate2::Compression::default())),
            Compression::Zstd => Self::Zstd(sink, Vec::new()),
        })
    }

    /// # Errors
    /// When the compression is not in the build ([`FeatureOff`](super::super::error::FeatureOff)).
    #[cfg(not(feature = "compress"))]
    pub(crate) fn new(sink: W, compression: Compression) -> io::Result<Self> {
        match compression {
            Compression::None => Ok(Self::None(sink)),
            other => Err(crate::io::error::FeatureOff { what: other.as_str(), feature: "compress" }.into()),
        }
    }

    /// Writes what is left and ends the compressed stream.
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        match self {
            Self::None(sink) => sink.flush(),
            #[cfg(feature = "compress")]
            Self::Gzip(encoder) => {
                encoder.try_finish()?;
                encoder.get_mut().flush()
            }
            #[cfg(feature = "compress")]
            Self::Zstd(sink, buffer) => {
                // An empty buffer too, so that an empty output is a zstd file.
                sink.write_all(&compress_to_vec(buffer.as_slice(), CompressionLevel::Fastest))?;
                buffer.clear();
                sink.flush()
            }
        }
    }
}

impl<W: Write> Write for Compressor<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::None(sink) => sink.write(bytes),
            #[cfg(feature = "compress")]
            Self::Gzip(encoder) => encoder.write(bytes),
            #[cfg(feature = "compress")]
            Self::Zstd(sink, buffer) => {
                buffer.extend_from_slice(bytes);
                if buffer.len() >= FRAME {
                    sink.write_all(&compress_to_vec(buffer.as_slice(), CompressionLevel::Fastest))?;
                    buffer.clear();
                }
                Ok(bytes.len())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::None(sink) => sink.flush(),
            #[cfg(feature = "compress")]
            // A flush would leave its mark in the stream, and the bytes would depend on when it came.
            Self::Gzip(_) => Ok(()),
            #[cfg(feature = "compress")]
            Self::Zstd(sink, _) => sink.flush(),
        }
    }
}
