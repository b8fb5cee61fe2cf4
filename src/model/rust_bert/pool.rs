//! Lends networks that cannot be shared to one thread at a time.

use std::sync::{Condvar, Mutex, PoisonError};

/// Interchangeable values, each lent to one thread at a time.
///
/// rust-bert's networks can move between threads (`Send`) but cannot be shared by them (`Sync`); the pool can.
pub(super) struct Pool<T> {
    idle: Mutex<Vec<T>>,
    returned: Condvar,
}

impl<T: Send> Pool<T> {
    pub(super) fn new(things: Vec<T>) -> Self {
        assert!(!things.is_empty(), "an empty pool would block forever");
        Self { idle: Mutex::new(things), returned: Condvar::new() }
    }

    /// Lends one value to `work`, waiting while all are lent. If `work` panics, the value is lost to the pool.
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
    fn no_value_is_lent_twice_at_a_time() {
        // Like the networks, a `Cell` is `Send` but not `Sync`.
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
