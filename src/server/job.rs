//! A piece of work for the tagger.

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::budget::Held;
use crate::pipeline::{self, Request, Stop};
use crate::text::Document;

/// What became of a document.
pub(super) type Tagged = Result<Document, Failure>;

/// Why a document could not be tagged.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error(transparent)]
    Failed(#[from] pipeline::Error),
    #[error("document {id:?}: the tagger failed; this is a bug, please report it")]
    Panicked { id: String },
}

/// Documents of one caller that wait to be tagged.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) documents: Vec<Document>,
    pub(super) request: Request,
    /// Takes one result for each document. Closed when the caller is gone.
    pub(super) answer: oneshot::Sender<Vec<Tagged>>,
    /// Set when the caller is gone.
    pub(super) stop: Stop,
    pub(super) since: Instant,
    /// Its place among those that wait.
    pub(super) place: OwnedSemaphorePermit,
    /// Its bytes.
    pub(super) held: Arc<Held>,
}

impl Job {
    /// About how many bytes it has.
    pub(super) fn weight(&self) -> usize {
        self.documents.iter().map(Document::weight).sum()
    }
}
