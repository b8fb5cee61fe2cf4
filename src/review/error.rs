//! What keeps a review from running.

use std::io;

/// Why a review could not be opened, or could not go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The folder cannot be made.
    #[error("{path}: cannot be made")]
    Folder {
        /// The folder.
        path: String,
        /// The cause.
        source: io::Error,
    },
    /// The journal cannot be read or written.
    #[error("{path}: cannot be read and written")]
    Journal {
        /// The file.
        path: String,
        /// The cause.
        source: io::Error,
    },
    /// Somebody else has it open.
    #[error(
        "{path}: expected a journal that nobody writes to, found another review by {annotator}; --as NAME begins one beside it"
    )]
    Busy {
        /// The file.
        path: String,
        /// Who reviews.
        annotator: String,
    },
    /// The documents or the journal are not as they should be.
    #[error(transparent)]
    Desk(#[from] crate::desk::Error),
    /// The other side is about other documents.
    #[error(transparent)]
    Pairing(#[from] crate::eval::PairingError),
    /// The documents cannot be written.
    #[error(transparent)]
    Write(#[from] crate::io::Error),
    /// A row of a table of decisions.
    #[error("{path}: row {row}: expected {expected}, found {found}")]
    Row {
        /// The file.
        path: String,
        /// The row, from 1; the header is none.
        row: u64,
        /// What should be there.
        expected: String,
        /// What is there.
        found: String,
    },
    /// The socket cannot be had.
    #[error(transparent)]
    Listen(#[from] crate::server::Error),
    /// The system refuses threads or random numbers.
    #[error("cannot start")]
    Start(#[from] io::Error),
}
