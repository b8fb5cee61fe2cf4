//! The error of this module: the place, what was expected there and what was found.

use std::io;

use super::{Format, RowPlace};
use crate::text::OffsetUnit;

/// Why a document could not be read or written.
///
/// The message does not repeat the cause, where there is one: see [`std::error::Error::source`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The system or the decompressor failed to read.
    #[error("{path}: cannot be read")]
    Read {
        /// The file, or the name of the stream.
        path: String,
        /// The cause.
        source: io::Error,
    },
    /// The system failed to write.
    #[error("{path}: cannot be written")]
    Write {
        /// The file, or the name of the stream.
        path: String,
        /// The cause.
        source: io::Error,
    },
    /// The path does not exist.
    #[error("{path}: expected a file or a folder, found nothing")]
    Missing {
        /// The path as given.
        path: String,
    },
    /// No file matches a pattern.
    #[error("{pattern}: expected a file that matches, found none")]
    NoMatch {
        /// The pattern as given.
        pattern: String,
    },
    /// A pattern cannot be parsed.
    #[error("{pattern}: expected a pattern, found {found}")]
    Pattern {
        /// The pattern as given.
        pattern: String,
        /// What is wrong with it.
        found: String,
    },
    /// A format, a compression or a kind of input that this build of allonym leaves out.
    #[error("{path}: {what} needs the feature {feature:?} of allonym, which this build does not have")]
    FeatureOff {
        /// The file, or the name of the stream.
        path: String,
        /// What is left out.
        what: String,
        /// The Cargo feature that includes it.
        feature: &'static str,
    },
    /// The bytes are not text in the encoding.
    #[error(
        "{path}:{line}: expected {expected}, found {found} at byte {byte} of the file{}",
        likely.as_ref().map_or(String::new(), |name| format!("; it is likely to be {name} (--encoding {})", name.to_ascii_lowercase()))
    )]
    Encoding {
        /// The file, or the name of the stream.
        path: String,
        /// The line, from 1.
        line: u64,
        /// The encoding.
        expected: String,
        /// The offending bytes.
        found: String,
        /// Their offset in the (decompressed) file, in bytes from 0.
        byte: u64,
        /// The encoding that the bytes are likely to be in.
        likely: Option<String>,
    },
    /// There is no encoding of this name.
    #[error("expected the name of an encoding, such as windows-1252, utf-16le or gbk, found {name:?}")]
    NoEncoding {
        /// The name.
        name: String,
    },
    /// The content does not follow the format.
    #[error("{path}:{line}: expected {expected}, found {found}")]
    Malformed {
        /// The file, or the name of the stream.
        path: String,
        /// The line, from 1.
        line: u64,
        /// What the format asks for.
        expected: String,
        /// What the line has instead.
        found: String,
    },
    /// A cell of a table, or a field of a line of JSON, is not what it has to be.
    #[error("{path}:{line}:{column}: expected {expected}, found {found}")]
    Cell {
        /// The file, or the name of the stream.
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
    /// A document is larger than [`ReadOptions::max_document`](super::ReadOptions::max_document).
    #[error("{path}:{line}: expected at most {limit} bytes in a document (--max-document), found more")]
    TooLarge {
        /// The file, or the name of the stream.
        path: String,
        /// The line, from 1.
        line: u64,
        /// The limit.
        limit: u64,
    },
    /// A file of columns, or a row of it, is not what it has to be.
    #[error("{path}: {}expected {expected}, found {found}", before(*place))]
    Row {
        /// The file, or the name of the stream.
        path: String,
        /// Where in it.
        place: RowPlace,
        /// What has to be there.
        expected: String,
        /// What is there instead.
        found: String,
    },
    /// The document in a row is larger than [`ReadOptions::max_document`](super::ReadOptions::max_document).
    #[error("{path}: {}expected at most {limit} bytes in a document (--max-document), found more", before(*place))]
    RowTooLarge {
        /// The file, or the name of the stream.
        path: String,
        /// The row.
        place: RowPlace,
        /// The limit.
        limit: u64,
    },
    /// A row of a CoNLL file has another number of columns than the others.
    #[error("{path}:{line}: expected {expected} columns, found {found}")]
    Columns {
        /// The file, or the name of the stream.
        path: String,
        /// The line, from 1.
        line: u64,
        /// The number of columns of the file.
        expected: usize,
        /// The number of columns of the row.
        found: usize,
    },
    /// A mention's offsets do not mark the mention's text.
    #[error(
        "{path}:{line}: expected {expected:?} at {start}..{end} ({unit} offsets), found {}{}",
        found.as_ref().map_or("no whole characters".to_owned(), |found| format!("{found:?}")),
        fits.map_or(String::new(), |unit| format!("; as {unit} offsets they fit"))
    )]
    MentionText {
        /// The file, or the name of the stream.
        path: String,
        /// The line, from 1.
        line: u64,
        /// The mention's text.
        expected: String,
        /// Its start as given, in `unit`.
        start: usize,
        /// Its end as given, in `unit`.
        end: usize,
        /// What the offsets were taken to count.
        unit: OffsetUnit,
        /// The text at these offsets; `None` where they cut a character or leave the text.
        found: Option<String>,
        /// The unit in which the offsets would be right, if any.
        fits: Option<OffsetUnit>,
    },
    /// The format cannot be read from this input.
    #[error("{path}: expected {expected}, found {found}")]
    Unreadable {
        /// The file, or the name of the stream.
        path: String,
        /// What can be read.
        expected: &'static str,
        /// The format of the input.
        found: Format,
    },
    /// The format cannot hold the document.
    #[error("{path}: document {id:?}: expected {expected}, found {found}")]
    Unwritable {
        /// The file or folder.
        path: String,
        /// The document's id.
        id: String,
        /// What the format can hold.
        expected: String,
        /// What the document has.
        found: String,
    },
    /// The format cannot be written to this output.
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
    /// The kind of the system's error, where it was the system: a closed pipe has [`io::ErrorKind::BrokenPipe`].
    pub fn io_kind(&self) -> Option<io::ErrorKind> {
        match self {
            Self::Read { source, .. } | Self::Write { source, .. } => Some(source.kind()),
            _ => None,
        }
    }

    /// A word for what went wrong, for reports on runs: it is stable.
    #[cfg(feature = "cli")]
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            // The limits on what is read travel as errors of reading.
            Self::Read { source, .. } if source.kind() == io::ErrorKind::FileTooLarge => "too_large",
            Self::Read { .. } => "read",
            Self::Write { .. } | Self::Output { .. } => "write",
            Self::Missing { .. } | Self::NoMatch { .. } | Self::Pattern { .. } => "missing",
            Self::FeatureOff { .. } | Self::Unreadable { .. } => "unreadable",
            Self::Encoding { .. } | Self::NoEncoding { .. } => "encoding",
            Self::Malformed { .. } | Self::Cell { .. } | Self::Columns { .. } | Self::Row { .. } => "malformed",
            Self::TooLarge { .. } | Self::RowTooLarge { .. } => "too_large",
            Self::MentionText { .. } => "offsets",
            Self::Unwritable { .. } => "unwritable",
        }
    }

    pub(crate) fn malformed(path: &str, line: u64, expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self::Malformed { path: path.to_owned(), line, expected: expected.into(), found: found.into() }
    }

    /// What is wrong in a file of columns.
    #[cfg(feature = "arrow")]
    pub(crate) fn row(path: &str, place: RowPlace, expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self::Row { path: path.to_owned(), place, expected: expected.into(), found: found.into() }
    }

    /// The same error for a row that was parsed as a line of JSON.
    #[cfg(feature = "arrow")]
    pub(crate) fn in_row(self, place: RowPlace) -> Self {
        match self {
            Self::Malformed { path, expected, found, .. } => {
                // The column is that of the JSON, which nobody sees.
                let end = found
                    .rfind(" in column ")
                    .filter(|end| found[*end + " in column ".len()..].bytes().all(|byte| byte.is_ascii_digit()));
                let found = found[..end.unwrap_or(found.len())].to_owned();
                Self::Row { path, place, expected, found }
            }
            Self::MentionText { ref path, line, .. } => {
                let (path, message) = (path.clone(), self.to_string());
                let message = message.strip_prefix(&format!("{path}:{line}: expected ")).unwrap_or(&message);
                let (expected, found) = message.split_once(", found ").unwrap_or((message, "another text"));
                Self::Row { place, expected: expected.to_owned(), found: found.to_owned(), path }
            }
            other => other,
        }
    }

    /// The same error for a file whose encoding cannot be chosen.
    #[cfg(feature = "link")]
    pub(crate) fn without_likely(self) -> Self {
        match self {
            Self::Encoding { path, line, expected, found, byte, .. } => {
                Self::Encoding { path, line, expected, found, byte, likely: None }
            }
            other => other,
        }
    }

    /// A failed read, or [`Error::FeatureOff`] where the build was the cause.
    pub(crate) fn read(path: &str, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.downcast::<FeatureOff>() {
            Ok(off) => off.at(path),
            Err(source) => Self::Read { path, source },
        }
    }

    /// A failed write, or [`Error::FeatureOff`] where the build was the cause.
    pub(crate) fn write(path: &str, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.downcast::<FeatureOff>() {
            Ok(off) => off.at(path),
            Err(source) => Self::Write { path, source },
        }
    }
}

/// What precedes what was expected at a place.
fn before(place: RowPlace) -> String {
    if place == RowPlace::default() { String::new() } else { format!("{place}: ") }
}

/// What a stream meets that this build leaves out; travels inside of an [`io::Error`] until the path is known.
#[derive(Debug, thiserror::Error)]
#[error("{what} needs the feature {feature:?} of allonym, which this build does not have")]
pub(crate) struct FeatureOff {
    pub(crate) what: &'static str,
    pub(crate) feature: &'static str,
}

impl FeatureOff {
    pub(crate) fn at(self, path: impl Into<String>) -> Error {
        Error::FeatureOff { path: path.into(), what: self.what.to_owned(), feature: self.feature }
    }
}

impl From<FeatureOff> for io::Error {
    fn from(off: FeatureOff) -> Self {
        Self::new(io::ErrorKind::Unsupported, off)
    }
}

/// What serde_json found wrong, without its place, which is that within what it was given.
pub(crate) fn json_message(error: &serde_json::Error) -> String {
    let mut message = error.to_string();
    if let Some(place) = message.rfind(" at line ") {
        message.truncate(place);
    }
    message
}

/// Shortens what an error quotes, to 80 characters.
pub(crate) fn clip(text: &str) -> String {
    const MOST: usize = 80;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
