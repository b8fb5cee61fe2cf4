//! What can go wrong when names are linked.

use crate::text::Span;

/// Why documents cannot be linked, or constraints cannot hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A mention's span leaves the text of its document or cuts a character.
    #[error(
        "document {document}: mention {mention}: expected a span of whole characters in a text of {len} bytes, found {span}"
    )]
    Span {
        /// Index of the document, from 0.
        document: usize,
        /// Index of the mention in its document, from 0.
        mention: usize,
        /// The span.
        span: Span,
        /// Length of the text in bytes.
        len: usize,
    },
    /// A document is not the one that was linked: its mentions differ.
    #[error("document {document}: expected {expected}, as linked, found {found}")]
    Changed {
        /// Index of the document, from 0.
        document: usize,
        /// What was linked.
        expected: String,
        /// What the document has.
        found: String,
    },
    /// A name of a constraint has neither letters nor digits.
    #[error("expected two names with letters or digits, found {first:?} and {second:?}")]
    EmptyName {
        /// First name of the pair.
        first: String,
        /// Second name of the pair.
        second: String,
    },
    /// Two names that shall never be one differ only in what is ignored when names are compared.
    #[error("expected two names that differ in more than case and marks, found {first:?} and {second:?}")]
    EqualNames {
        /// First name of the pair.
        first: String,
        /// Second name of the pair.
        second: String,
    },
    /// A pair that shall never be one is forced to be one by other pairs.
    #[error("{first:?} and {second:?} shall never be the same, but are forced to be")]
    Contradiction {
        /// First name of the pair.
        first: String,
        /// Second name of the pair.
        second: String,
    },
}
