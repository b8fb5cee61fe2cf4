//! How a command ended.

/// The outcome of a command that could run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Everything came out.
    Done,
    /// Some documents failed; each was reported on stderr.
    SomeFailed,
    /// A signal ended it, as asked.
    Interrupted(u8),
}

/// The exit code of a command that could not run.
pub(crate) const COULD_NOT_RUN: u8 = 2;

impl Outcome {
    /// The exit code.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::SomeFailed => 1,
            Self::Interrupted(signal) => 128 + signal,
        }
    }
}

/// How a pass over the documents ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// All documents were read.
    Whole(Outcome),
    /// It stopped at a document that failed, as requested.
    Stopped,
    /// The reader of the output is gone, which is not an error.
    Closed(Outcome),
    /// A signal came.
    Interrupted(u8),
}

impl Ended {
    pub(crate) fn outcome(self) -> Outcome {
        match self {
            Self::Whole(outcome) | Self::Closed(outcome) => outcome,
            Self::Stopped => Outcome::SomeFailed,
            Self::Interrupted(signal) => Outcome::Interrupted(signal),
        }
    }
}
