//! What keeps documents from the desk.

/// Why documents could not be laid out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A line of the journal is broken.
    #[error("{path}:{line}: expected {expected}, found {found}")]
    Line {
        /// The journal.
        path: String,
        /// The line, from 1.
        line: u64,
        /// What should be there.
        expected: String,
        /// What is there.
        found: String,
    },
    /// The other side is about other documents.
    #[error(transparent)]
    Pairing(#[from] crate::eval::PairingError),
}
