//! The bytes of files of columns.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
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
    /// A file of Arrow is read from its end on too.
    ArrowFile(Chunks),
    /// A stream of Arrow is read from its beginning on.
    ArrowStream(Box<dyn BufRead + Send>),
}

impl Bytes {
    /// The bytes of a source of a format, which a reader has from their beginning on.
    ///
    /// # Errors
    /// When they cannot be read, or not be copied where they come only once and are read in any order.
    pub(crate) fn of(
        format: Format,
        source: &Source,
        mut reader: Box<dyn BufRead + Send>,
        read: Arc<AtomicU64>,
    ) -> Result<Self, Error> {
        let failed = |error| Error::read(&source.place, error);
        let chunks = |reader, magic| -> Result<Chunks, Error> {
            let file = Chunks::at(source, magic, read).map_err(failed)?;
            file.map_or_else(|| Chunks::copy(reader, &source.place), Ok)
        };
        if format == Format::Parquet {
            return Ok(Self::Parquet(chunks(reader, PARQUET)?));
        }
        match begins_with(&mut reader, ARROW).map_err(failed)? {
            true => Ok(Self::ArrowFile(chunks(reader, ARROW)?)),
            false => Ok(Self::ArrowStream(reader)),
        }
    }
}

/// The format of columns that the first bytes of a file show. The reader has all of them afterwards.
pub(crate) fn shown_format(reader: &mut Box<dyn BufRead + Send>) -> io::Result<Option<Format>> {
    let head = reader.fill_buf()?;
    if head.starts_with(PARQUET) {
        return Ok(Some(Format::Parquet));
    }
    if head.starts_with(STREAM) {
        return Ok(Some(Format::Arrow));
    }
    // The first bytes may have come alone, and words begin so too.
    let is_arrow = head.starts_with(&ARROW[..4]) && begins_with(reader, ARROW)?;
    Ok(is_arrow.then_some(Format::Arrow))
}

/// Whether a reader begins with some bytes, which it has afterwards too.
fn begins_with(reader: &mut Box<dyn BufRead + Send>, wanted: &[u8]) -> io::Result<bool> {
    let mut head = Vec::new();
    reader.as_mut().take(wanted.len() as u64).read_to_end(&mut head)?;
    let begins = head == wanted;
    let rest = std::mem::replace(reader, Box::new(io::empty()));
    *reader = Box::new(Cursor::new(head).chain(rest));
    Ok(begins)
}

/// A file that is read in any order.
#[derive(Clone)]
pub(crate) struct Chunks {
    spool: Spool,
    bytes: u64,
    read: Arc<AtomicU64>,
}

impl Chunks {
    /// A file on the disk, or a copy that was made before; what is read of it is counted. `None` where it does not begin
    /// with `magic` as it is (it may be compressed), or can be read only once.
    fn at(source: &Source, magic: &[u8], read: Arc<AtomicU64>) -> io::Result<Option<Self>> {
        let (spool, bytes) = match (&source.location, source.bytes) {
            (Location::File(path), _) if path.is_file() => Spool::of(File::open(path)?)?,
            (Location::Spool(spool), Some(bytes)) => (spool.clone(), bytes),
            _ => return Ok(None),
        };
        let mut head = Vec::new();
        spool.reader().take(magic.len() as u64).read_to_end(&mut head)?;
        Ok((head == magic).then_some(Self { spool, bytes, read }))
    }

    /// A copy of what comes only once.
    fn copy(reader: impl Read, place: &str) -> Result<Self, Error> {
        let (spool, bytes) = Spool::copy(reader, place)?;
        Ok(Self { spool, bytes, read: Arc::default() })
    }
}

impl Chunks {
    /// Some bytes of the file.
    pub(super) fn part(&self, start: u64, length: usize) -> io::Result<Vec<u8>> {
        if start.checked_add(length as u64).is_none_or(|end| end > self.bytes) {
            let message =
                format!("bytes {start} to {} of a file of {}", start.saturating_add(length as u64), self.bytes);
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, message));
        }
        let mut part = Vec::with_capacity(length);
        let reader = ChunkOf { reader: self.spool.reader_at(start), read: Arc::clone(&self.read) };
        reader.take(length as u64).read_to_end(&mut part)?;
        match part.len() == length {
            true => Ok(part),
            false => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the file has become shorter")),
        }
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
        match self.part(start, length) {
            Ok(part) => Ok(part.into()),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(ParquetError::EOF(error.to_string())),
            Err(error) => Err(error.into()),
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
