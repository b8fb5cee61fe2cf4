//! Why a step was not made.

use super::state::MentionId;

/// Why a step was not made. The document is as it was.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub(crate) enum Refusal {
    /// It cannot be done.
    #[error("{0}")]
    Unfit(String),
    /// Mentions are in its way.
    #[error("expected a place without mentions, found {n} there", n = .0.len())]
    Overlap(Vec<MentionId>),
    /// Somebody has changed the document meanwhile.
    #[error("expected version {current} of the document, found {found}: it was changed meanwhile")]
    Stale { current: u64, found: u64 },
    /// The document is not tagged yet.
    #[error("the document is not tagged yet")]
    Waiting,
    /// The step could not be written down.
    #[error("the step was not made, since it could not be written: {0}")]
    Unwritten(String),
}

impl Refusal {
    pub(crate) fn unfit(why: impl Into<String>) -> Self {
        Self::Unfit(why.into())
    }
}
