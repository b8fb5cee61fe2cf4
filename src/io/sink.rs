//! What every format's writer writes to, and what it can answer.

use std::borrow::Cow;
use std::io::{self, Write};

use super::compress::Compressor;
use super::{Error, Notice};
use crate::text::Document;

/// What errors call an output that is a stream.
pub(crate) const STREAM: &str = "<output>";

/// Where a writer's bytes go.
pub(crate) type Sink<'w> = Compressor<Box<dyn Write + Send + 'w>>;

/// Writes documents in one format.
pub(crate) trait DocumentWriter: Send {
    /// Writes one document; one that the format cannot hold leaves no trace.
    fn write(&mut self, document: &Document) -> Result<(), WriteError>;

    /// Passes on what was written so far.
    fn flush(&mut self) -> io::Result<()>;

    /// Writes the end of the output and says what could not be expressed.
    fn finish(self: Box<Self>) -> io::Result<Vec<Notice>>;
}

/// Why one document could not be written; the caller knows the place.
#[derive(Debug)]
pub(crate) enum WriteError {
    Io(io::Error),
    Unwritable { expected: Cow<'static, str>, found: String },
}

impl WriteError {
    pub(crate) fn unwritable(expected: impl Into<Cow<'static, str>>, found: String) -> Self {
        Self::Unwritable { expected: expected.into(), found }
    }

    /// The error for the document of an id in an output.
    pub(crate) fn at(self, path: &str, id: &str) -> Error {
        match self {
            Self::Io(source) => Error::write(path, source),
            Self::Unwritable { expected, found } => {
                Error::Unwritable { path: path.to_owned(), id: id.to_owned(), expected: expected.into_owned(), found }
            }
        }
    }
}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}
