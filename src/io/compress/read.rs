//! Reads compressed streams.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;

use super::Compression;

/// The size of the buffers, in bytes.
const BUFFER: usize = 1 << 16;

/// The content of `reader`, decompressed where its first bytes say that it is compressed.
///
/// # Errors
/// When `reader` fails, and when it is compressed and the feature `compress` is off ([`FeatureOff`](super::super::error::FeatureOff)).
pub(crate) fn decompress(mut reader: impl Read + Send + 'static) -> io::Result<Box<dyn BufRead + Send>> {
    let mut magic = Vec::with_capacity(4);
    (&mut reader).take(4).read_to_end(&mut magic)?;
    let compression = Compression::from_magic(&magic);
    let whole = Cursor::new(magic).chain(reader);
    match compression {
        Compression::None => Ok(Box::new(BufReader::with_capacity(BUFFER, whole))),
        other => decoder(other, whole),
    }
}

/// The content of a file, decompressed.
pub(crate) fn open_file(path: &Path) -> io::Result<Box<dyn BufRead + Send>> {
    decompress(File::open(path)?)
}

#[cfg(feature = "compress")]
fn decoder(compression: Compression, whole: impl Read + Send + 'static) -> io::Result<Box<dyn BufRead + Send>> {
    use super::gzip::GzipReader;
    use super::zstd::ZstdReader;
    use crate::io::limited::Counted;

    Ok(match compression {
        Compression::None => Box::new(BufReader::new(whole)),
        Compression::Gzip => {
            let decoder = Counted::guard(whole, |whole| GzipReader::new(BufReader::new(whole)));
            Box::new(BufReader::with_capacity(BUFFER, decoder))
        }
        Compression::Zstd => {
            let decoder = Counted::guard(whole, |whole| ZstdReader::new(BufReader::new(whole)));
            Box::new(BufReader::with_capacity(BUFFER, decoder))
        }
    })
}

#[cfg(not(feature = "compress"))]
fn decoder(compression: Compression, _whole: impl Read + Send + 'static) -> io::Result<Box<dyn BufRead + Send>> {
    Err(crate::io::error::FeatureOff { what: compression.as_str(), feature: "compress" }.into())
}
