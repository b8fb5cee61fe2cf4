//! What can be wrong with a user's file?

/// Why a user's file cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// It cannot be opened or read.
    #[error("{path}: cannot be read")]
    Io {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// A line is not JSON, or has other fields or types than rows have.
    #[error("{path}:{line}:{column}: {message}")]
    Json {
        /// The file.
        path: String,
        /// The line, from 1.
        line: u64,
        /// The byte in the line, from 1.
        column: usize,
        /// What was expected and found.
        message: String,
    },
    /// A table is not one, or a cell or field is not what it has to be.
    #[error("{path}:{line}:{column}: expected {expected}, found {found}")]
    Row {
        /// The file.
        path: String,
        /// The line, from 1.
        line: u64,
        /// In a table the column, from 1; in JSONL the byte in the line, from 1.
        column: usize,
        /// What should be there, with the column's name.
        expected: String,
        /// What is there.
        found: String,
    },
}
