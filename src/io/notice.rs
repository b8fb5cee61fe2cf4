//! What should the user know that is no error?

use std::fmt;

use crate::label::{Detection, Grouped, Repair};

/// Something that a reader or writer passed over, chose or repaired; displayed as one line.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// Hidden files of a folder were not read.
    Hidden {
        /// The folder or pattern as it was given.
        path: String,
        /// How many files (or whole folders).
        count: u64,
    },
    /// A file in a folder holds no text.
    Binary {
        /// The file.
        path: String,
    },
    /// The scheme of a CoNLL file's tags was declared or worked out.
    Scheme {
        /// The file.
        path: String,
        /// The scheme and the reasons.
        detection: Detection,
        /// How many tags broke the scheme.
        repairs: u64,
        /// How those tags were read.
        repair: Repair,
    },
    /// Rows of a CoNLL file with a token and a tag have blanks inside the token.
    TokensWithBlanks {
        /// The file.
        path: String,
        /// How many rows.
        count: u64,
    },
    /// Lines of a CoNLL file end in another way than its first one: they are written like the first.
    LineEnds {
        /// The file.
        path: String,
        /// How many lines.
        count: u64,
    },
    /// Mentions of several pieces are carried along but not read.
    Discontinuous {
        /// The .ann file.
        path: String,
        /// How many mentions.
        count: u64,
    },
    /// Fields of the input have names that the output needs: they were given an underscore in front.
    Renamed {
        /// The file.
        path: String,
        /// The field.
        field: String,
        /// How many documents have it.
        count: u64,
    },
    /// Mentions had to be changed, or left out, because tags or lines cannot say them.
    Unsayable {
        /// The output's format and what happened.
        what: &'static str,
        /// How many mentions.
        count: u64,
        /// The id of the first document with such a mention.
        first: String,
    },
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hidden { path, count } => write!(f, "{path}: {} hidden files not read", Grouped(*count)),
            Self::Binary { path } => write!(f, "{path}: not read: it holds no text"),
            Self::Scheme { path, detection, repairs: 0, .. } => write!(f, "{path}: {detection}"),
            Self::Scheme { path, detection, repairs, repair } => {
                let read = if *repair == Repair::Discard { "discarded" } else { "read as conlleval does" };
                write!(f, "{path}: {detection}; {} tags break the scheme, {read}", Grouped(*repairs))
            }
            Self::TokensWithBlanks { path, count } => {
                write!(f, "{path}: {} rows read as one token with blanks inside and a tag", Grouped(*count))
            }
            Self::LineEnds { path, count } => {
                write!(f, "{path}: {} lines end in another way than the first", Grouped(*count))
            }
            Self::Discontinuous { path, count } => {
                write!(f, "{path}: {} mentions of several pieces carried along but not read", Grouped(*count))
            }
            Self::Renamed { path, field, count } => {
                write!(f, "{path}: field {field:?} carried along as \"_{field}\" in {} documents", Grouped(*count))
            }
            Self::Unsayable { what, count, first } => {
                write!(f, "{}: {what} (first in document {first:?})", Grouped(*count))
            }
        }
    }
}
