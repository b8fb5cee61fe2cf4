//! What belongs to one process.
//!
//! A fork copies the memory of a process but none of its threads, so that a pool of threads made before a fork waits for ever after it.
//! All that has threads is therefore kept with the number of its process, and made anew in another one.
//!
//! The lock below is only held while the interpreter's is, and never while that is released: no thread can have it when another one
//! forks.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use allonym::{Pool, Tagger};
use pyo3::Python;

/// A value that only the process that made it uses and drops.
pub(crate) struct OfProcess<T> {
    process: u32,
    /// There until it is dropped.
    value: Option<T>,
}

impl<T> OfProcess<T> {
    pub(crate) fn new(value: T) -> Self {
        Self { process: std::process::id(), value: Some(value) }
    }

    pub(crate) fn get(&self) -> Option<&T> {
        self.value.as_ref().filter(|_| self.is_ours())
    }

    pub(crate) fn get_mut(&mut self) -> Option<&mut T> {
        if self.is_ours() { self.value.as_mut() } else { None }
    }

    fn is_ours(&self) -> bool {
        self.process == std::process::id()
    }
}

impl<T> Drop for OfProcess<T> {
    fn drop(&mut self) {
        if !self.is_ours() {
            // Its locks may be held by threads that are not here.
            std::mem::forget(self.value.take());
        }
    }
}

/// Which model a tagger has, and on how many threads it runs; 0 is the default number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) model: Option<String>,
    pub(crate) threads: usize,
}

/// A model that is loaded once, by whoever comes first.
#[derive(Default)]
pub(crate) struct Slot {
    pub(crate) tagger: Mutex<Option<Arc<Tagger>>>,
}

/// The pools and models of this process.
#[derive(Default)]
struct Shared {
    pools: BTreeMap<usize, Pool>,
    /// The one used last at the end.
    slots: Vec<(Key, Arc<Slot>)>,
}

static SHARED: Mutex<Option<OfProcess<Shared>>> = Mutex::new(None);

/// Models that stay loaded although no tagger has them. A tagger that is unpickled for each of many tasks finds its model here.
const KEPT: usize = 2;

/// The pool of so many threads.
pub(crate) fn pool(py: Python<'_>, threads: usize) -> Pool {
    with_shared(py, |shared| shared.pools.entry(threads).or_insert_with(|| Pool::new(threads)).clone())
}

/// The place of a model.
pub(crate) fn slot(py: Python<'_>, key: &Key) -> Arc<Slot> {
    with_shared(py, |shared| {
        let slot = match shared.slots.iter().position(|(other, _)| other == key) {
            Some(at) => shared.slots.remove(at).1,
            None => Arc::default(),
        };
        shared.slots.push((key.clone(), Arc::clone(&slot)));
        if shared.slots.len() > KEPT {
            shared.slots.remove(0);
        }
        slot
    })
}

/// The argument is the proof that the interpreter's lock is held.
fn with_shared<R>(_py: Python<'_>, work: impl FnOnce(&mut Shared) -> R) -> R {
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    let is_ours = shared.as_ref().is_some_and(|shared| shared.get().is_some());
    if !is_ours {
        *shared = Some(OfProcess::new(Shared::default()));
    }
    work(shared.as_mut().and_then(OfProcess::get_mut).expect("it was made for this process"))
}
