//! Why can documents not be paired?

/// Why documents cannot be paired.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PairingError {
    /// One side lacks a document.
    #[error("expected document {id:?} in {input} too, found it only in {other} (and {more} more such documents)")]
    Missing {
        /// The document.
        id: String,
        /// The input that lacks it.
        input: String,
        /// The input that has it.
        other: String,
        /// How many more documents it lacks.
        more: usize,
    },
    /// The texts differ.
    #[error(
        "{input}: document {id:?}: expected the gold's text, found a difference at character {at}: expected {expected:?}, found {found:?}"
    )]
    Text {
        /// The system's input.
        input: String,
        /// The document.
        id: String,
        /// The first character that differs, from 0.
        at: usize,
        /// What the gold has there.
        expected: String,
        /// What the system has there.
        found: String,
    },
    /// The tokens cannot be aligned.
    #[error("{input}: document {id:?}: expected {expected} in sentence {sentence}, found {found}")]
    Tokens {
        /// The system's input.
        input: String,
        /// The document.
        id: String,
        /// The sentence, from 1.
        sentence: usize,
        /// What the gold has.
        expected: String,
        /// What the system has.
        found: String,
    },
    /// More labels than a label set holds.
    #[error("expected at most 65,536 labels, found more")]
    TooManyLabels,
}
