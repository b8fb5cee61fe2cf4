//! Why can documents not be paired?

/// Why documents cannot be paired.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PairingError {
    /// One side lacks a document.
    #[error("expected document {id:?} in {input} too, found it only in {other} (and {more} more such documents)")]
    Missing {
        /// The id of the first such document.
        id: String,
        /// The input that lacks it.
        input: String,
        /// The input that has it.
        other: String,
        /// How many more documents the input lacks.
        more: usize,
    },
    /// The texts differ.
    #[error(
        "{input}: document {id:?}: expected the gold's text, found a difference at character {at}: expected {expected:?}, found {found:?}"
    )]
    Text {
        /// The name of the system's input.
        input: String,
        /// The document's id.
        id: String,
        /// The index of the first character that differs.
        at: usize,
        /// The gold's text around it.
        expected: String,
        /// The system's text around it.
        found: String,
    },
    /// The tokens cannot be aligned.
    #[error("{input}: document {id:?}: expected {expected} in sentence {sentence}, found {found}")]
    Tokens {
        /// The name of the system's input.
        input: String,
        /// The document's id.
        id: String,
        /// The sentence, counted from 1.
        sentence: usize,
        /// What the gold has.
        expected: String,
        /// What the system has.
        found: String,
    },
    /// There are more labels than a report can hold.
    #[error(
        "expected at most 2,000 labels, found more: are these labels? --map renames some, --labels leaves out all others"
    )]
    TooManyLabels,
}
