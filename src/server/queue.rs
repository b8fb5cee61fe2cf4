//! The work that waits.

use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Instant;

use tokio::sync::{Semaphore, oneshot};

use super::budget::{Full, Held};
use super::job::{Job, Tagged};
use crate::pipeline::Request;
use crate::text::Document;

/// The work that waits, bounded in number; its bytes are bounded by the [`Budget`](super::budget::Budget).
#[derive(Debug)]
pub(super) struct Queue {
    places: Arc<Semaphore>,
    most: usize,
    sender: Mutex<Option<mpsc::Sender<Job>>>,
}

/// The other end.
pub(super) type Waiting = mpsc::Receiver<Job>;

/// Where the results of a piece of work come out, one for each document; closed when the server ends before.
pub(super) type Answer = oneshot::Receiver<Vec<Tagged>>;

/// What to do when there is no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoPlace {
    /// Give up.
    Fails,
    /// Wait for one.
    Waits,
}

impl Queue {
    pub(super) fn new(most: usize) -> (Self, Waiting) {
        let (sender, waiting) = mpsc::channel();
        (Self { places: Arc::new(Semaphore::new(most)), most, sender: Mutex::new(Some(sender)) }, waiting)
    }

    /// Puts documents at the end.
    pub(super) async fn push(
        &self,
        documents: Vec<Document>,
        request: Request,
        held: Arc<Held>,
        no_place: NoPlace,
    ) -> Result<Answer, Full> {
        let places = Arc::clone(&self.places);
        let place = match no_place {
            NoPlace::Fails => places.try_acquire_owned().map_err(|_| Full)?,
            NoPlace::Waits => places.acquire_owned().await.expect("the semaphore is never closed"),
        };
        let (answer, answered) = oneshot::channel();
        let job = Job { documents, request, answer, since: Instant::now(), place, held };
        if let Some(sender) = &*self.sender.lock().unwrap_or_else(PoisonError::into_inner) {
            // Without a receiver the answer is closed.
            let _ = sender.send(job);
        }
        Ok(answered)
    }

    /// How many pieces of work wait.
    pub(super) fn waiting(&self) -> usize {
        self.most - self.places.available_permits()
    }

    /// Nothing more comes.
    pub(super) fn close(&self) {
        self.sender.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}
