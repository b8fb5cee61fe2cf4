//! What can go wrong when names are taken out or put back.

/// Why a document cannot be redacted or restored, or a table cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A line of the table is not what it should be.
    #[error("{path}:{line}: expected {expected}, found {found}")]
    Table {
        /// The file, or the name of the stream.
        path: String,
        /// The line, from 1.
        line: u64,
        /// What belongs there.
        expected: &'static str,
        /// What is there.
        found: String,
    },
    /// The table cannot be read or written.
    #[error("{path}: the table cannot be read or written")]
    Io {
        /// The file, or the name of the stream.
        path: String,
        /// The cause.
        source: std::io::Error,
    },
    /// A document that was not redacted with this table.
    #[error("document {id:?}: expected a text that was redacted with this table, found another")]
    Unknown {
        /// The id of the document.
        id: String,
    },
    /// A document that was redacted with this table and changed since.
    #[error(
        "document {id:?}: expected the {part} as it was redacted, found another: it was edited since (--edited puts names into it)"
    )]
    Edited {
        /// The id of the document.
        id: String,
        /// `text`, or the name of a field.
        part: String,
    },
    /// Several documents became the same text, and the id does not say which one this is.
    #[error(
        "document {id:?}: expected an id that tells which of {count} documents this is, as all of them became this text, found another id"
    )]
    Ambiguous {
        /// The id of the document.
        id: String,
        /// The number of documents.
        count: usize,
    },
    /// The places that the table has are not those of the pseudonyms in the text.
    #[error(
        "document {id:?}: expected {pseudonym:?} at byte {start} of the {part}, as the table has it, found something else"
    )]
    Misplaced {
        /// The id of the document.
        id: String,
        /// `text`, or the name of a field.
        part: String,
        /// The pseudonym.
        pseudonym: String,
        /// Its first byte.
        start: usize,
    },
    /// A document is not the one that was added: its mentions differ.
    #[error("document {nth}: expected the {expected} mentions that were added, found {found}")]
    Changed {
        /// The index of the document.
        nth: usize,
        /// The number of mentions that were added.
        expected: usize,
        /// The number of mentions that it has.
        found: usize,
    },
    /// The mentions cannot be linked.
    #[error(transparent)]
    Link(#[from] crate::link::Error),
}
