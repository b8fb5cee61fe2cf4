//! How are inputs read more than once?

use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use super::source::{self, Location, Source};
use super::{Documents, Error, Notice, ReadOptions};

/// Inputs that can be read again and again. What comes only once (the standard input, a pipe) is kept in a temporary file, which is
/// gone when nobody reads it any more.
///
/// ```
/// use allonym::io::{Inputs, ReadOptions};
///
/// let inputs = Inputs::open(&["eval/articles".to_owned()], &ReadOptions::default())?;
/// let n = inputs.documents().count();
/// assert_eq!(inputs.documents().count(), n);
/// # Ok::<(), allonym::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Inputs {
    sources: Vec<Source>,
    notices: Vec<Notice>,
    options: ReadOptions,
}

impl Inputs {
    /// Finds the inputs, as [`Documents::open`] does, and keeps those that come only once.
    ///
    /// # Errors
    /// As [`Documents::open`], and when the temporary file cannot be written.
    pub fn open(inputs: &[String], options: &ReadOptions) -> Result<Self, Error> {
        Documents::check_format(inputs, options)?;
        let mut notices = Vec::new();
        let mut sources = source::expand(inputs, &mut notices)?;
        for source in &mut sources {
            let once: Box<dyn Read> = match &source.location {
                Location::Stdin => Box::new(io::stdin()),
                Location::File(path) if source.bytes.is_none() => {
                    Box::new(File::open(path).map_err(|error| Error::read(&source.place, error))?)
                }
                Location::File(_) | Location::Spool(_) => continue,
            };
            let (spool, bytes) = Spool::keep(once, &source.place)?;
            (source.location, source.bytes) = (Location::Spool(spool), Some(bytes));
        }
        Ok(Self { sources, notices, options: options.clone() })
    }

    /// The documents, from the beginning.
    pub fn documents(&self) -> Documents {
        Documents::new(self.sources.clone(), self.notices.clone(), &self.options)
    }

    /// Whether a file is one of the inputs.
    pub fn include(&self, path: &Path) -> bool {
        source::include(&self.sources, path)
    }
}

/// A temporary file without a name: no crash leaves it behind.
#[derive(Clone)]
pub(crate) struct Spool(Arc<Mutex<File>>);

impl Spool {
    fn keep(mut reader: impl Read, place: &str) -> Result<(Self, u64), Error> {
        let fail =
            |source| Error::Write { path: format!("a copy of {place} in {}", std::env::temp_dir().display()), source };
        let mut file = tempfile::tempfile().map_err(fail)?;
        let bytes = io::copy(&mut reader, &mut file).map_err(fail)?;
        Ok((Self(Arc::new(Mutex::new(file))), bytes))
    }

    /// Reads it from the beginning; several readers do not disturb each other.
    pub(crate) fn reader(&self) -> impl Read + Send + 'static {
        SpoolReader { spool: self.clone(), position: 0 }
    }
}

impl fmt::Debug for Spool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Spool")
    }
}

struct SpoolReader {
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
        let (spool, bytes) = Spool::keep(&b"Oslo and Bonn"[..], "<stdin>").expect("a temporary file");
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
