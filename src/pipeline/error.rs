//! What can go wrong when documents are tagged.

use crate::label::TagError;
use crate::model;

/// Why a tagger could not be built, a request was rejected, or a document could not be tagged.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The model could not be loaded.
    #[error(transparent)]
    Model(#[from] model::Error),

    /// The model or its tokenizer failed on a document, which is unchanged.
    #[error("cannot tag document {id:?}")]
    Document {
        /// Id of the document.
        id: String,
        /// The error from the model or tokenizer.
        source: model::Error,
    },

    /// The request's [`Stop`](super::Stop) was set before the document was done. It is unchanged.
    #[error("stopped before document {id:?} was tagged")]
    Stopped {
        /// Id of the document.
        id: String,
    },

    /// The labels of a head do not form a tag set.
    #[error("cannot parse the labels of head {head:?}")]
    Labels {
        /// Name of the head.
        head: String,
        /// The label at fault.
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

    /// The windows of the model are too short to be useful.
    #[error("expected a model with windows of at least {expected} pieces, found {found}")]
    ShortModel {
        /// The shortest useful window, in pieces.
        expected: usize,
        /// The model's longest window, in pieces.
        found: usize,
    },
}
