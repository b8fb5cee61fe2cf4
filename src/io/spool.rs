//! A copy of an input that can be read only once.

use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};

use super::Error;

/// A file that several read at once, each at a place of its own. A copy is a temporary file without a name: not even a crash leaves it
/// behind.
#[derive(Clone)]
pub(crate) struct Spool(Arc<Mutex<File>>);

impl Spool {
    /// Copies `reader`; returns the size too, in bytes.
    pub(crate) fn copy(mut reader: impl Read, place: &str) -> Result<(Self, u64), Error> {
        let path = || format!("a copy of {place} in {}", std::env::temp_dir().display());
        let fail = |source| Error::write(&path(), source);
        let mut file = tempfile::tempfile().map_err(fail)?;
        let bytes = io::copy(&mut reader, &mut file).map_err(fail)?;
        Ok((Self(Arc::new(Mutex::new(file))), bytes))
    }

    /// A file that is open already; returns the size too, in bytes.
    #[cfg(feature = "arrow")]
    pub(crate) fn of(file: File) -> io::Result<(Self, u64)> {
        let bytes = file.metadata()?.len();
        Ok((Self(Arc::new(Mutex::new(file))), bytes))
    }

    /// A reader from the beginning, independent of the others.
    pub(crate) fn reader(&self) -> SpoolReader {
        self.reader_at(0)
    }

    /// A reader from a byte on, independent of the others.
    pub(crate) fn reader_at(&self, position: u64) -> SpoolReader {
        SpoolReader { spool: self.clone(), position }
    }
}

impl fmt::Debug for Spool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Spool")
    }
}

/// Reads a [`Spool`].
pub(crate) struct SpoolReader {
    spool: Spool,
    position: u64,
}

impl Read for SpoolReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut file = self.spool.0.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(self.position))?;
        let n = file.read(buffer)?;
        self.position += n as u64;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_once_is_read_often() {
        let (spool, bytes) = Spool::copy(&b"Oslo and Bonn"[..], "<stdin>").expect("a temporary file");
        assert_eq!(bytes, 13);
        let (mut one, mut other) = (spool.reader(), spool.reader());
        let mut start = [0; 4];
        one.read_exact(&mut start).expect("it is read");
        let mut whole = String::new();
        other.read_to_string(&mut whole).expect("it is read");
        assert_eq!(whole, "Oslo and Bonn");
        one.read_to_string(&mut whole).expect("it is read");
        assert_eq!(whole, "Oslo and Bonn and Bonn");
    }
}
