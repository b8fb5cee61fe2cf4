//! The threads that hand work to the tagger.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use super::batch::Batch;
use super::engine::Engine;
use super::metrics::Metrics;
use super::queue::Waiting;

/// Batches in work at a time: while the last document of one is tagged, threads that have run out of work go on with the other.
const IN_WORK: usize = 2;

/// A batch is full at this many bytes per thread of the tagger: a few groups for each, and little enough that what comes next soon has
/// its turn.
const BATCH_BYTES: usize = 1 << 14;

/// The threads that hand work to the tagger, which has threads of its own.
#[derive(Debug)]
pub(super) struct Dispatchers(Vec<JoinHandle<()>>);

impl Dispatchers {
    /// Starts them; they end when the queue is closed and empty.
    pub(super) fn start(waiting: Waiting, engine: &Engine, metrics: &Arc<Metrics>) -> io::Result<Self> {
        let waiting = Arc::new(Mutex::new(waiting));
        let most = BATCH_BYTES * engine.pipeline.tagger().pool().n_threads();
        let start = |nth| {
            let (waiting, engine, metrics) = (Arc::clone(&waiting), engine.clone(), Arc::clone(metrics));
            let next = move || Batch::take(&mut waiting.lock().unwrap_or_else(PoisonError::into_inner), most);
            let work = move || std::iter::from_fn(&next).for_each(|batch| batch.run(&engine, &metrics));
            thread::Builder::new().name(format!("dispatch {nth}")).spawn(work)
        };
        (0..IN_WORK).map(start).collect::<io::Result<_>>().map(Self)
    }

    /// Waits until all work is done.
    pub(super) fn join(self) {
        for thread in self.0 {
            // What a panic has left behind was answered by closing the answer.
            let _ = thread.join();
        }
    }
}
