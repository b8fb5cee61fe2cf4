//! What users should know although it is not an error.

use std::fmt;

use crate::label::{Detection, Repair};
use crate::text::{Grouped, plural};

/// Something that a reader or writer skipped, chose, repaired or lost; displayed as one line.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// Hidden files of a folder were not read.
    Hidden {
        /// The folder or pattern as given.
        path: String,
        /// The number of files; a hidden folder counts as one.
        count: u64,
    },
    /// A file in a folder is not text.
    Binary {
        /// The file, or the name of the stream.
        path: String,
    },
    /// What was found in a folder is a pipe, a socket or a device.
    NoFile {
        /// Its path.
        path: String,
    },
    /// The scheme in which the tags of a CoNLL file were read.
    Scheme {
        /// The file, or the name of the stream.
        path: String,
        /// The scheme, and what speaks for and against it.
        detection: Detection,
        /// The number of tags that break the scheme.
        repairs: u64,
        /// How these tags were read.
        repair: Repair,
    },
    /// Rows of a CoNLL file of tokens and tags have blanks inside the token.
    TokensWithBlanks {
        /// The file, or the name of the stream.
        path: String,
        /// The number of rows.
        count: u64,
    },
    /// Lines of a CoNLL file end in another way than its first one; all will be written like the first.
    LineEnds {
        /// The file, or the name of the stream.
        path: String,
        /// The number of lines.
        count: u64,
    },
    /// Mentions of several pieces were not read; their lines are kept.
    Discontinuous {
        /// The .ann file.
        path: String,
        /// The number of mentions.
        count: u64,
    },
    /// Fields of the input have names that the output needs; they were renamed, with an underscore in front.
    Renamed {
        /// The file, or the name of the stream.
        path: String,
        /// The name of the field in the input.
        field: String,
        /// The number of documents that have it.
        count: u64,
    },
    /// The output format could not express something, which was changed or left out.
    Lossy {
        /// What happened to what, as a phrase.
        what: &'static str,
        /// How often.
        count: u64,
        /// The id of the first document concerned.
        first: String,
    },
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hidden { path, count } => write!(f, "{path}: {} not read", plural(*count, "hidden file")),
            Self::Binary { path } => write!(f, "{path}: not read, as it is not text"),
            Self::NoFile { path } => write!(f, "{path}: not read, as it is no file"),
            Self::Scheme { path, detection, repairs: 0, .. } => write!(f, "{path}: {detection}"),
            Self::Scheme { path, detection, repairs, repair } => {
                let read = if *repair == Repair::Discard { "discarded" } else { "read as conlleval reads them" };
                write!(f, "{path}: {detection}; {} against the scheme, {read}", plural(*repairs, "tag"))
            }
            Self::TokensWithBlanks { path, count } => {
                write!(f, "{path}: {} with blanks inside the token", plural(*count, "row"))
            }
            Self::LineEnds { path, count } => {
                write!(f, "{path}: {} with another line end than the first", plural(*count, "line"))
            }
            Self::Discontinuous { path, count } => {
                write!(f, "{path}: {} kept but not read", plural(*count, "discontinuous mention"))
            }
            Self::Renamed { path, field, count } => {
                write!(f, "{path}: field {field:?} kept as \"_{field}\" in {}", plural(*count, "document"))
            }
            Self::Lossy { what, count, first } => {
                write!(f, "{}: {what} (first in document {first:?})", Grouped(*count))
            }
        }
    }
}
