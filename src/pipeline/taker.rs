//! Which tagger takes a document.

/// One of the two taggers of a [`Pipeline`](super::Pipeline).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taker {
    /// The one that the pipeline was built with.
    First,
    /// That of [`Pipeline::other`](super::Pipeline::other); where there is none, the first.
    Other,
}
