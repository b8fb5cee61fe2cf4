//! What a server answers with.

use std::sync::Arc;

use crate::link::Linker;
use crate::pipeline::{Pipeline, Tagger};
use crate::text::Document;

/// A tagger and a linker. The linker links within documents that are tagged, and across documents that are sent to be linked.
#[derive(Clone, Debug)]
pub struct Engine {
    pub(super) pipeline: Pipeline,
    pub(super) linker: Arc<Linker>,
}

impl Engine {
    /// A tagger and a linker, which should share one [`Pool`](crate::Pool).
    pub fn new(tagger: impl Into<Arc<Tagger>>, linker: impl Into<Arc<Linker>>) -> Self {
        let linker = linker.into();
        Self { pipeline: Pipeline::new(tagger).linker(Arc::clone(&linker)), linker }
    }

    /// The same, with another tagger for some documents, as [`Pipeline::other`] has it.
    #[must_use]
    pub fn other(mut self, tagger: impl Into<Arc<Tagger>>, takes: fn(&Document) -> bool) -> Self {
        self.pipeline = self.pipeline.other(tagger, takes);
        self
    }
}
