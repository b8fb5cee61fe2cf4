//! The bytes of callers that are in memory.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Most bytes of bodies that are in memory at a time.
#[derive(Clone, Debug)]
pub(super) struct Budget {
    free: Arc<Semaphore>,
    most: usize,
}

/// There is no room at present.
#[derive(Clone, Copy, Debug)]
pub(super) struct Full;

/// Some of the bytes; they are free again when it is dropped.
#[derive(Debug)]
pub(super) struct Held(OwnedSemaphorePermit);

impl Budget {
    pub(super) fn new(most: usize) -> Self {
        let most = most.min(u32::MAX as usize);
        Self { free: Arc::new(Semaphore::new(most)), most }
    }

    /// Nothing of it, to grow.
    pub(super) fn none(&self) -> Held {
        Held(Arc::clone(&self.free).try_acquire_many_owned(0).expect("the semaphore is never closed"))
    }

    /// Takes so many bytes more.
    pub(super) fn grow(&self, held: &mut Held, bytes: usize) -> Result<(), Full> {
        let more = Arc::clone(&self.free).try_acquire_many_owned(self.counted(bytes)).map_err(|_| Full)?;
        held.0.merge(more);
        Ok(())
    }

    /// Waits for so many bytes.
    pub(super) async fn wait(&self, bytes: usize) -> Held {
        let all = Arc::clone(&self.free).acquire_many_owned(self.counted(bytes)).await;
        Held(all.expect("the semaphore is never closed"))
    }

    /// The bytes that are taken.
    pub(super) fn taken(&self) -> usize {
        self.most - self.free.available_permits()
    }

    /// Something larger than all of it takes all of it.
    fn counted(&self, bytes: usize) -> u32 {
        bytes.min(self.most) as u32
    }
}
