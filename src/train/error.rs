//! What can go wrong when a model is trained.

use std::io;
use std::path::PathBuf;

use crate::eval::PairingError;
use crate::{model, pipeline};

/// Why a model could not be trained.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The model to start from cannot be used.
    #[error(transparent)]
    Model(#[from] model::Error),
    /// A document cannot be tagged.
    #[error(transparent)]
    Pipeline(#[from] pipeline::Error),
    /// Dev cannot be scored.
    #[error("dev cannot be scored")]
    Pairing(#[from] PairingError),
    /// No document has a mention.
    #[error("{name}: expected documents with mentions, found {documents} without any")]
    NoMentions {
        /// What the documents are called.
        name: String,
        /// How many there are, as in "3 documents".
        documents: String,
    },
    /// A label that was asked for has no mention.
    #[error("{name}: expected mentions with the label {label:?}, found none; it has {known}")]
    UnknownLabel {
        /// What the documents are called.
        name: String,
        /// The label.
        label: String,
        /// The labels that the documents have, separated by commas.
        known: String,
    },
    /// There is too little to learn from and to be scored on.
    #[error(
        "{name}: expected two complete documents or more, one of them to score on, found {found}: name documents to score on with --dev"
    )]
    TooFew {
        /// What the documents are called.
        name: String,
        /// How many complete documents there are.
        found: usize,
    },
    /// No document is complete.
    #[error(
        "{name}: expected documents with the status \"complete\", or without a status, found none: nothing says which words are no names"
    )]
    NothingComplete {
        /// What the documents are called.
        name: String,
    },
    /// The name of the new head is that of a head that stays.
    #[error("expected another name for the new head than those of the heads that stay ({known}), found {found:?}")]
    HeadName {
        /// The name.
        found: String,
        /// The heads that stay, separated by commas.
        known: String,
    },
    /// More layers than there are.
    #[error("expected at most {expected} layers to freeze, found {found}")]
    Layers {
        /// The layers of the model.
        expected: usize,
        /// How many were to be frozen.
        found: usize,
    },
    /// The loss is no longer a number.
    #[error("the loss of step {step} is no number: expected a smaller learning rate than {rate}")]
    Diverged {
        /// The step, from 0.
        step: usize,
        /// The learning rate.
        rate: f32,
    },
    /// The state of an interrupted training is not that of this one.
    #[error("{}: expected the state of a training with the same {what}, found another one", path.display())]
    OtherState {
        /// The file.
        path: PathBuf,
        /// What differs.
        what: &'static str,
    },
    /// The state of an interrupted training is damaged.
    #[error("{}: expected the state of an interrupted training, found {found}", path.display())]
    BrokenState {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        found: String,
    },
    /// A file cannot be read or written.
    #[error("{}: cannot be read or written", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The error from the operating system.
        source: io::Error,
    },
    /// It was stopped before there was anything to keep.
    #[error("stopped before the first score on dev: nothing is kept")]
    Stopped,
}
