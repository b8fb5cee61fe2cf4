//! What a training tells while it goes on.

use super::state::Score;
use crate::label::LabelSet;

/// What just happened.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// Something about the documents that their owner should know.
    Note(String),
    /// The documents were read, and training begins.
    Begun {
        /// Documents to learn from.
        documents: usize,
        /// Documents to be scored on.
        dev: usize,
        /// Words of the documents to learn from.
        words: usize,
        /// The labels to learn.
        labels: &'a LabelSet,
        /// The most epochs.
        epochs: usize,
        /// The steps of all of them.
        steps: usize,
        /// The head that the new one begins as, if one knows a label.
        begun_as: Option<&'a str>,
    },
    /// A step is done.
    Step {
        /// The epoch, from 0.
        epoch: usize,
        /// The steps done.
        step: usize,
        /// The steps of all epochs.
        steps: usize,
        /// The mean loss of the step.
        loss: f64,
        /// Pieces that the step learnt from; words, where a head alone is trained.
        pieces: usize,
    },
    /// Dev was scored.
    Scored {
        /// The score now.
        score: Score,
        /// The best score so far.
        best: Score,
        /// The epochs that are left, at most.
        left: usize,
    },
    /// It was stopped; the best model so far comes out.
    Stopped {
        /// The steps done.
        step: usize,
        /// The steps of all epochs.
        steps: usize,
    },
    /// Training is over: scores are calibrated, and the model is scored in bytes and in single precision.
    Finishing,
}
