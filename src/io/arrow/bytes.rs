//! The bytes of files of columns.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ::parquet::errors::ParquetError;
use ::parquet::file::reader::{ChunkReader, Length};

use crate::io::source::{Location, Source};
use crate::io::spool::{Spool, SpoolReader};
use crate::io::{Error, Format};

/// How Parquet begins and ends.
pub(crate) const PARQUET: &[u8] = b"PAR1";
/// How a file of Arrow begins.
const ARROW: &[u8] = b"ARROW1\0\0";
/// How a stream of Arrow begins.
const STREAM: &[u8] = &[0xFF; 4];

/// The bytes of a file of columns.
pub(crate) enum Bytes {
    /// Parquet is read from its end on.
    Parquet(Chunks),
    /// Arrow is read from its beginning on, as a stream or as a file.
    Arrow(Box<dyn BufRead + Send>),
}

/// The format of columns that the first bytes of a file show.
pub(crate) fn format_of(head: &[u8]) -> Option<Format> {
    if head.starts_with(PARQUET) {
        return Some(Format::Parquet);
    }
    (head.starts_with(ARROW) || head.starts_with(STREAM)).then_some(Format::Arrow)
}

/// A file that is read in any order.
#[derive(Clone)]
pub(crate) struct Chunks {
    spool: Spool,
    bytes: u64,
    read: Arc<AtomicU64>,
}

impl Chunks {
    /// A file on the disk, or a copy that was made before; what is read of it is counted. `None` where it is not Parquet as it is (it may
    /// be compressed), or can be read only once.
    pub(crate) fn at(source: &Source, read: Arc<AtomicU64>) -> io::Result<Option<Self>> {
        let (spool, bytes) = match (&source.location, source.bytes) {
            (Location::File(path), _) if path.is_file() => Spool::of(File::open(path)?)?,
            (Location::Spool(spool), Some(bytes)) => (spool.clone(), bytes),
            _ => return Ok(None),
        };
        let mut head = Vec::new();
        spool.reader().take(PARQUET.len() as u64).read_to_end(&mut head)?;
        Ok((head == PARQUET).then_some(Self { spool, bytes, read }))
    }

    /// A copy of what comes only once.
    pub(crate) fn copy(reader: impl Read, place: &str) -> Result<Self, Error> {
        let (spool, bytes) = Spool::copy(reader, place)?;
        Ok(Self { spool, bytes, read: Arc::default() })
    }
}

impl Length for Chunks {
    fn len(&self) -> u64 {
        self.bytes
    }
}

impl ChunkReader for Chunks {
    type T = BufReader<ChunkOf>;

    fn get_read(&self, start: u64) -> Result<Self::T, ParquetError> {
        let reader = self.spool.reader_at(start);
        Ok(BufReader::new(ChunkOf { reader, read: Arc::clone(&self.read) }))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<::bytes::Bytes, ParquetError> {
        if start.checked_add(length as u64).is_none_or(|end| end > self.bytes) {
            let message =
                format!("bytes {start} to {} of a file of {}", start.saturating_add(length as u64), self.bytes);
            return Err(ParquetError::EOF(message));
        }
        let mut chunk = Vec::with_capacity(length);
        ChunkOf { reader: self.spool.reader_at(start), read: Arc::clone(&self.read) }
            .take(length as u64)
            .read_to_end(&mut chunk)?;
        match chunk.len() == length {
            true => Ok(chunk.into()),
            false => Err(ParquetError::EOF("the file has become shorter".to_owned())),
        }
    }
}

/// A part of a file.
pub(crate) struct ChunkOf {
    reader: SpoolReader,
    read: Arc<AtomicU64>,
}

impl Read for ChunkOf {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.reader.read(buffer)?;
        self.read.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}
