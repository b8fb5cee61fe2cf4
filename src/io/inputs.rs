//! Inputs that are read more than once.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::expand::{expand, paths};
use super::source::{self, Location, Source};
use super::spool::Spool;
use super::{Documents, Error, Notice, ReadOptions};

/// Inputs that can be read again and again.
///
/// An input that comes only once (the standard input, a pipe) is copied into a temporary file, which is removed when its last reader is
/// dropped.
///
/// ```
/// use allonym::io::{Inputs, ReadOptions};
///
/// let inputs = Inputs::open(["eval/articles"], &ReadOptions::default())?;
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
    /// Finds the inputs, as [`Documents::open`] does, and copies those that come only once.
    ///
    /// # Errors
    /// As [`Documents::open`], and when the temporary file cannot be written.
    pub fn open<P: AsRef<Path>>(inputs: impl IntoIterator<Item = P>, options: &ReadOptions) -> Result<Self, Error> {
        let inputs = paths(inputs);
        Documents::check_format(&inputs, options)?;
        let mut notices = Vec::new();
        let mut sources = expand(&inputs, options, &mut notices)?;
        for source in &mut sources {
            let once: Box<dyn Read> = match &source.location {
                Location::Stream => Box::new(io::stdin()),
                Location::File(path) if source.bytes.is_none() => {
                    Box::new(File::open(path).map_err(|error| Error::read(&source.place, error))?)
                }
                Location::File(_) | Location::Spool(_) | Location::Unread(_) => continue,
            };
            let (spool, bytes) = Spool::copy(once, &source.place)?;
            (source.location, source.bytes) = (Location::Spool(spool), Some(bytes));
        }
        Ok(Self { sources, notices, options: options.clone() })
    }

    /// The documents, from the beginning.
    pub fn documents(&self) -> Documents {
        Documents::new(self.sources.clone(), self.notices.clone(), &self.options)
    }

    /// The tables that they are, from the beginning.
    #[cfg(all(feature = "arrow", feature = "cli"))]
    pub(crate) fn tables(&self) -> super::arrow::Tables {
        super::arrow::Tables::new(self.sources.clone(), self.options.format)
    }

    /// The files that are read.
    #[cfg(feature = "cli")]
    pub(crate) fn files(&self) -> Vec<std::path::PathBuf> {
        super::files::files(&self.sources)
    }

    /// Whether a file is one of the inputs.
    pub fn include(&self, path: &Path) -> bool {
        source::include(&self.sources, path)
    }
}
