//! How do many threads use networks that only one may use at a time?

use std::sync::{Condvar, Mutex, PoisonError};

/// Some equal things, each lent to one thread at a time.
///
/// rust-bert's networks may move between threads (`Send`) but not be shared by them (`Sync`); the pool may.
pub(super) struct Pool<T> {
    idle: Mutex<Vec<T>>,
    returned: Condvar,
}

impl<T: Send> Pool<T> {
    pub(super) fn new(things: Vec<T>) -> Self {
        assert!(!things.is_empty(), "an empty pool would never lend anything");
        Self { idle: Mutex::new(things), returned: Condvar::new() }
    }

    /// Lends one to `work`; waits while all are lent. `work` must not panic, else the thing is lost.
    pub(super) fn with<R>(&self, work: impl FnOnce(&T) -> R) -> R {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let thing = loop {
            match idle.pop() {
                Some(thing) => break thing,
                None => idle = self.returned.wait(idle).unwrap_or_else(PoisonError::into_inner),
            }
        };
        drop(idle);
        let result = work(&thing);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(thing);
        self.returned.notify_one();
        result
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::Pool;

    #[test]
    fn no_thing_is_lent_twice_at_a_time() {
        // A `Cell` is `Send` and not `Sync`, as the networks are.
        let pool = Pool::new(vec![Cell::new(0), Cell::new(0)]);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..100 {
                        pool.with(|count| {
                            let before = count.get();
                            std::thread::yield_now();
                            count.set(before + 1);
                        });
                    }
                });
            }
        });
        let counts: Vec<i32> = pool.idle.into_inner().expect("no panic").iter().map(Cell::get).collect();
        assert_eq!(counts.iter().sum::<i32>(), 800, "{counts:?}");
    }
}
