//! The work that waits.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::task::{Context, Poll};
use std::time::Instant;

use tokio::sync::{Semaphore, oneshot};

use super::budget::{Full, Held};
use super::job::{Job, Tagged};
use crate::pipeline::{Request, Stop};
use crate::text::Document;

/// The work that waits, bounded in number; its bytes are bounded by the [`Budget`](super::budget::Budget).
#[derive(Debug)]
pub(super) struct Queue {
    places: Arc<Semaphore>,
    most: usize,
    sender: Mutex<Option<mpsc::Sender<Job>>>,
}

/// The other end.
#[derive(Debug)]
pub(super) struct Waiting {
    receiver: mpsc::Receiver<Job>,
    /// A job that was taken out of turn, and comes next.
    next: Option<Job>,
}

impl Waiting {
    /// Waits for a job; `None` once nothing more comes.
    pub(super) fn first(&mut self) -> Option<Job> {
        self.next.take().or_else(|| self.receiver.recv().ok())
    }

    /// The next job, if one is there now and has at most so many bytes.
    pub(super) fn another(&mut self, most: usize) -> Option<Job> {
        let job = self.next.take().or_else(|| self.receiver.try_recv().ok())?;
        if job.weight() <= most {
            return Some(job);
        }
        self.next = Some(job);
        None
    }
}

/// Where the results of a piece of work come out, one for each document; an error when the server ends before. Work whose answer is
/// dropped ends early.
#[derive(Debug)]
pub(super) struct Answer {
    receiver: oneshot::Receiver<Vec<Tagged>>,
    stop: Stop,
}

impl Future for Answer {
    type Output = Result<Vec<Tagged>, oneshot::error::RecvError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.receiver).poll(context)
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.stop.set();
    }
}

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
        let (sender, receiver) = mpsc::channel();
        let waiting = Waiting { receiver, next: None };
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
        let (answer, receiver) = oneshot::channel();
        let stop = Stop::new();
        let job = Job { documents, request, answer, stop: stop.clone(), since: Instant::now(), place, held };
        if let Some(sender) = &*self.sender.lock().unwrap_or_else(PoisonError::into_inner) {
            // Without a receiver the answer is closed.
            let _ = sender.send(job);
        }
        Ok(Answer { receiver, stop })
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
