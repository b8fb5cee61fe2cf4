//! What a server answers with.

use std::sync::Arc;

use crate::link::Linker;
use crate::pipeline::Pipeline;

/// A pipeline and a linker. The linker links within documents that are tagged, and across documents that are sent to be linked.
#[derive(Clone, Debug)]
pub struct Engine {
    pub(super) pipeline: Pipeline,
    pub(super) linker: Arc<Linker>,
}

impl Engine {
    /// A pipeline, or a tagger alone, and a linker, which should share one [`Pool`](crate::Pool).
    pub fn new(pipeline: impl Into<Pipeline>, linker: impl Into<Arc<Linker>>) -> Self {
        let linker = linker.into();
        Self { pipeline: pipeline.into().linker(Arc::clone(&linker)), linker }
    }
}
