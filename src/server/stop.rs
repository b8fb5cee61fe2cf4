//! Ends a server from elsewhere.

use std::sync::Arc;

use tokio::sync::watch;

/// Ends a server, from any thread.
#[derive(Clone, Debug)]
pub struct Stopper(Arc<watch::Sender<bool>>);

impl Stopper {
    pub(crate) fn new() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }

    /// No new requests are taken; those that were begun are finished. May be called more than once.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }

    pub(crate) fn is_stopped(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns once [`stop`](Self::stop) was called.
    pub(crate) async fn stopped(&self) {
        // The sender is here, so that waiting cannot fail.
        let _ = self.0.subscribe().wait_for(|is_stopped| *is_stopped).await;
    }
}
