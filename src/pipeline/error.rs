//! What can go wrong on the way from a document to its mentions?

use crate::label::TagError;
use crate::model;

/// Why a tagger could not be made, a request not be met, or a document not be tagged.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The model could not be loaded.
    #[error(transparent)]
    Model(#[from] model::Error),

    /// The model or its tokenizer failed on a document. The document is as it was.
    #[error("cannot tag document {id:?}")]
    Document {
        /// The document.
        id: String,
        /// What the model says.
        source: model::Error,
    },

    /// The labels of a head are not tags.
    #[error("the labels of head {head:?} cannot be read")]
    Labels {
        /// The head.
        head: String,
        /// What is wrong with them.
        source: TagError,
    },

    /// The request names a label that the head does not have.
    #[error("unknown label {found:?}, expected one of {known}")]
    UnknownLabel {
        /// The label in the request.
        found: String,
        /// The head's labels, separated by commas.
        known: String,
    },

    /// The request has a minimum score that is not a probability.
    #[error("expected a minimum score from 0 to 1, found {found}")]
    MinScore {
        /// The score in the request.
        found: f32,
    },

    /// The model sees too few pieces at once to be of use.
    #[error("expected a model that sees at least {expected} pieces at once, found {found}")]
    ShortModel {
        /// The fewest pieces that make sense.
        expected: usize,
        /// How many it sees.
        found: usize,
    },
}
