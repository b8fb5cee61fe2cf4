//! The open connections.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// The open connections, bounded in number: a new one closes the one that has been idle for the longest time.
#[derive(Debug)]
pub(crate) struct Connections {
    most: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    n_open: usize,
    next: u64,
    /// Those that have no request in work, the longest idle first.
    idle: BTreeMap<u64, Arc<Notify>>,
}

/// Whether there was room for another connection.
pub(crate) enum Room {
    /// There was.
    Free,
    /// Another one was closed.
    Made,
    /// There was not.
    None,
}

/// The place of an open connection.
#[derive(Debug)]
pub(crate) struct Place {
    all: Arc<Connections>,
    evicted: Arc<Notify>,
    /// Its key among those that are idle.
    idle: Mutex<Option<u64>>,
}

impl Connections {
    pub(crate) fn new(most: usize) -> Self {
        Self { most, state: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn count(&self) -> usize {
        self.lock().n_open
    }

    /// Makes room for a connection.
    pub(crate) fn room(&self) -> Room {
        let mut state = self.lock();
        if state.n_open < self.most {
            return Room::Free;
        }
        match state.idle.pop_first() {
            Some((_, longest)) => {
                longest.notify_one();
                Room::Made
            }
            None => Room::None,
        }
    }

    /// Adds a connection.
    pub(crate) fn add(self: Arc<Self>) -> Place {
        self.lock().n_open += 1;
        let place = Place { all: self, evicted: Arc::default(), idle: Mutex::new(None) };
        place.is_idle();
        place
    }
}

impl Place {
    /// Returns once the connection has to make room.
    pub(super) async fn evicted(&self) {
        self.evicted.notified().await;
    }

    fn key(&self) -> MutexGuard<'_, Option<u64>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A request is in work.
    pub(super) fn is_busy(&self) {
        if let Some(key) = self.key().take() {
            self.all.lock().idle.remove(&key);
        }
    }

    /// No request is in work.
    pub(super) fn is_idle(&self) {
        let mut own = self.key();
        let mut state = self.all.lock();
        let key = state.next;
        state.next += 1;
        state.idle.insert(key, Arc::clone(&self.evicted));
        *own = Some(key);
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.is_busy();
        self.all.lock().n_open -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_idle_makes_room() {
        let all = Arc::new(Connections::new(2));
        assert!(matches!(all.room(), Room::Free));
        let first = Arc::clone(&all).add();
        let second = Arc::clone(&all).add();
        first.is_busy();
        assert!(matches!(all.room(), Room::Made), "the second is idle");
        assert!(matches!(all.room(), Room::None), "the first is busy, and the second about to go");
        first.is_idle();
        assert!(matches!(all.room(), Room::Made));
        drop((first, second));
        assert!(all.count() == 0 && all.lock().idle.is_empty());
        assert!(matches!(all.room(), Room::Free));
    }
}
