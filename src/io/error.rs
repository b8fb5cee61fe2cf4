//! What can go wrong with a file?

use std::io;

use super::Format;
use crate::text::OffsetUnit;

/// Why a document could not be read or written: the place, what was expected there and what was found.
///
/// Where an error has a cause, the message does not repeat it: see [`std::error::Error::source`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The system (or the decompression) could not read on.
    #[error("{path}: cannot be read")]
    Read {
        /// The file.
        path: String,
        /// The cause.
        source: io::Error,
    },
    /// The system could not write on.
    #[error("{path}: cannot be written")]
    Write {
        /// The file.
        path: String,
        /// The cause.
        source: io::Error,
    },
    /// There is nothing of this name.
    #[error("{path}: expected a file or a folder, found nothing")]
    Missing {
        /// The path as it was given.
        path: String,
    },
    /// No file matches a pattern.
    #[error("{pattern}: expected a file that matches, found none")]
    NoMatch {
        /// The pattern.
        pattern: String,
    },
    /// A pattern that is none.
    #[error("{pattern}: expected a pattern, found {found}")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        found: String,
    },
    /// The bytes are no text.
    #[error("{path}:{line}: expected {expected}, found {found} at byte {byte} of the file")]
    Encoding {
        /// The file.
        path: String,
        /// The line, from 1.
        line: u64,
        /// The encoding.
        expected: String,
        /// The offending bytes.
        found: String,
        /// Where in the (decompressed) file they stand, from 0.
        byte: u64,
    },
    /// The content is not what the format asks for.
    #[error("{path}:{line}: expected {expected}, found {found}")]
    Malformed {
        /// The file.
        path: String,
        /// The line, from 1.
        line: u64,
        /// What should stand there.
        expected: String,
        /// What stands there.
        found: String,
    },
    /// A cell of a table, or a field of a line of JSON, is not what it has to be.
    #[error("{path}:{line}:{column}: expected {expected}, found {found}")]
    Cell {
        /// The file.
        path: String,
        /// The line, from 1.
        line: u64,
        /// The column of a table, or the byte of a line of JSON, from 1.
        column: usize,
        /// What the cell has to be.
        expected: String,
        /// What it is.
        found: String,
    },
    /// A row of a CoNLL file has another number of columns than the others.
    #[error("{path}:{line}: expected {expected} columns, found {found}")]
    Columns {
        /// The file.
        path: String,
        /// The line, from 1.
        line: u64,
        /// How many columns the file has.
        expected: usize,
        /// How many this row has.
        found: usize,
    },
    /// A mention's offsets and its text contradict each other.
    #[error(
        "{path}:{line}: expected {expected:?} at {start}..{end} ({unit} offsets), found {}{}",
        found.as_ref().map_or("no whole characters".to_owned(), |found| format!("{found:?}")),
        fits.map_or(String::new(), |unit| format!("; as {unit} offsets they fit"))
    )]
    MentionText {
        /// The file.
        path: String,
        /// The line, from 1.
        line: u64,
        /// The mention's text.
        expected: String,
        /// Where it should begin.
        start: usize,
        /// Where it should end.
        end: usize,
        /// What the offsets were taken to count.
        unit: OffsetUnit,
        /// What stands there; `None` where the offsets cut a character or leave the text.
        found: Option<String>,
        /// The unit in which the offsets would be right.
        fits: Option<OffsetUnit>,
    },
    /// A format that cannot be read from there.
    #[error("{path}: expected {expected}, found {found}")]
    Unreadable {
        /// The file.
        path: String,
        /// What can be read.
        expected: &'static str,
        /// The format.
        found: Format,
    },
    /// A document that the format cannot hold.
    #[error("{path}: document {id:?}: expected {expected}, found {found}")]
    Unwritable {
        /// The file or folder.
        path: String,
        /// The document's id.
        id: String,
        /// What could be written.
        expected: String,
        /// What the document has.
        found: String,
    },
    /// An output that does not suit the format.
    #[error("{path}: expected {expected} for {format}")]
    Output {
        /// The output.
        path: String,
        /// The format.
        format: Format,
        /// What the format asks for.
        expected: &'static str,
    },
}

impl Error {
    /// What the system said, where it was the system: a closed pipe has [`io::ErrorKind::BrokenPipe`].
    pub fn io_kind(&self) -> Option<io::ErrorKind> {
        match self {
            Self::Read { source, .. } | Self::Write { source, .. } => Some(source.kind()),
            _ => None,
        }
    }

    /// Content that is not what the format asks for.
    pub(crate) fn malformed(path: &str, line: u64, expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self::Malformed { path: path.to_owned(), line, expected: expected.into(), found: found.into() }
    }

    /// A failed read.
    pub(crate) fn read(path: &str, source: io::Error) -> Self {
        Self::Read { path: path.to_owned(), source }
    }
}

/// Shortens what an error quotes.
pub(crate) fn clip(text: &str) -> String {
    const MOST: usize = 80;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
