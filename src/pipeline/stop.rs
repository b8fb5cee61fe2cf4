//! A switch that ends work early.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A switch that ends work early, from any thread: what is tagged then ends within a batch, with an
/// [`Error::Stopped`](super::Error::Stopped) for each document that was not done. Clones are one switch. The default one stops nothing.
///
/// ```
/// # #[cfg(feature = "embedded-model")] {
/// use allonym::pipeline::{Error, Stop};
/// use allonym::{Document, Request, Tagger};
///
/// let tagger = Tagger::embedded()?;
/// let stop = Stop::new();
/// let request = Request::default().stop(stop.clone());
/// stop.set(); // perhaps from the thread that waits for a timeout
/// let mut document = Document::new("1", "Rain in Beirut.");
/// assert!(matches!(tagger.tag(&mut document, &request), Err(Error::Stopped { .. })));
/// # }
/// # Ok::<(), allonym::pipeline::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Stop(Option<Arc<AtomicBool>>);

impl Stop {
    /// A switch that can be set.
    pub fn new() -> Self {
        Self(Some(Arc::default()))
    }

    /// Ends the work of all requests that have this switch; the default one does nothing.
    pub fn set(&self) {
        if let Some(switch) = &self.0 {
            switch.store(true, Ordering::Relaxed);
        }
    }

    /// Whether it was set.
    pub fn is_set(&self) -> bool {
        self.0.as_ref().is_some_and(|switch| switch.load(Ordering::Relaxed))
    }
}

/// Two are equal if setting one sets the other, or neither can be set.
impl PartialEq for Stop {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (one, other) => one.is_none() && other.is_none(),
        }
    }
}
