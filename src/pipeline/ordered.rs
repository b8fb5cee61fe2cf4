//! Processes a stream of items on a pool of threads, in order and in bounded memory.
//!
//! A dedicated thread reads ahead by at most one chunk. Two chunks are in work at a time, so that threads that run out of work in one
//! continue with the other, while the results of the chunk before them are handed out: there are never more than five chunks. Full
//! chunks are dispatched at once. When the input pauses, a partial chunk is dispatched after [`LINGER`], once nothing else is in work.

use std::any::Any;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::thread;
use std::time::{Duration, Instant};

use crate::pool::Pool;

/// A chunk is full at this many bytes per thread, or this many items.
const CHUNK_BYTES: usize = 1 << 16;
const CHUNK_ITEMS: usize = 1024;

/// The most chunks in work at a time, and the most in flight: in work, or done but not handed out.
const IN_WORK: usize = 2;
const ON_THE_WAY: usize = 3;

/// How long a partial chunk waits for more items when nothing is in work.
const LINGER: Duration = Duration::from_millis(2);

/// How long a pool thread that waits for results sleeps before it looks for work again.
const NAP: Duration = Duration::from_millis(1);

/// The results of a step, one per item, in the order of the items.
pub(super) struct Ordered<T, R> {
    shared: Arc<Shared<T, R>>,
    /// The rest of the chunk being handed out.
    ready: std::vec::IntoIter<R>,
}

/// What to do with the items.
pub(super) struct Step<T, R> {
    /// Returns one result per item, in the order of the items.
    pub(super) work: Box<dyn Fn(Vec<T>) -> Vec<R> + Send + Sync>,
    /// Returns the size of an item in bytes.
    pub(super) weigh: fn(&T) -> usize,
}

struct Shared<T, R> {
    step: Step<T, R>,
    pool: Pool,
    chunk_bytes: usize,
    state: Mutex<State<T, R>>,
    /// Signalled when something changed that [`next_chunk`](Self::next_chunk) may be waiting for.
    news: Condvar,
    /// Signalled when the queue has room again.
    room: Condvar,
}

struct State<T, R> {
    /// Items that were read but not yet dispatched.
    queue: Vec<T>,
    queued_bytes: usize,
    queued_since: Instant,
    has_ended: bool,
    /// Whether the receiver was dropped.
    is_closed: bool,
    /// Whether no more results are wanted.
    is_stopped: bool,
    n_in_work: usize,
    /// The chunks in flight, oldest first; `None` while in work.
    chunks: VecDeque<Option<Vec<R>>>,
    /// The sequence number of the oldest chunk in flight.
    oldest: u64,
    panic: Option<Box<dyn Any + Send>>,
}

impl<T: Send + 'static, R: Send + 'static> Ordered<T, R> {
    pub(super) fn new(pool: Pool, items: impl Iterator<Item = T> + Send + 'static, step: Step<T, R>) -> Self {
        let state = State {
            queue: Vec::new(),
            queued_bytes: 0,
            queued_since: Instant::now(),
            has_ended: false,
            is_closed: false,
            is_stopped: false,
            n_in_work: 0,
            chunks: VecDeque::new(),
            oldest: 0,
            panic: None,
        };
        let chunk_bytes = CHUNK_BYTES * pool.n_threads();
        let (news, room) = (Condvar::new(), Condvar::new());
        let shared = Arc::new(Shared { step, pool, chunk_bytes, state: Mutex::new(state), news, room });
        let reader = Arc::clone(&shared);
        thread::spawn(move || {
            let read = catch_unwind(AssertUnwindSafe(|| reader.read(items)));
            let mut state = reader.lock();
            state.panic = read.err().or(state.panic.take());
            state.has_ended = true;
            reader.dispatch(&mut state, Partial::Goes);
            reader.news.notify_all();
        });
        Self { shared, ready: Vec::new().into_iter() }
    }

    /// A call that ends the results, from any thread: those that are in hand still come.
    #[cfg(feature = "cli")]
    pub(super) fn stopper(&self) -> impl Fn() + Send + 'static {
        let shared = Arc::clone(&self.shared);
        move || {
            shared.lock().is_stopped = true;
            shared.news.notify_all();
        }
    }

    /// The number of results available without waiting.
    pub(super) fn buffered(&self) -> usize {
        self.ready.len()
    }

    /// The next result, if it comes in time.
    pub(super) fn poll_for(&mut self, patience: Duration) -> Poll<Option<R>> {
        let deadline = Instant::now() + patience;
        while self.ready.as_slice().is_empty() {
            match self.shared.next_chunk(Some(deadline)) {
                Poll::Ready(Some(chunk)) => self.ready = chunk.into_iter(),
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => return Poll::Pending,
            }
        }
        Poll::Ready(self.ready.next())
    }
}

/// Whether to dispatch a partial chunk.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Partial {
    Goes,
    Waits,
}

impl<T: Send + 'static, R: Send + 'static> Shared<T, R> {
    fn lock(&self) -> MutexGuard<'_, State<T, R>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads until the input ends or the receiver is dropped.
    fn read(self: &Arc<Self>, items: impl Iterator<Item = T>) {
        for item in items {
            let n_bytes = (self.step.weigh)(&item);
            let mut state = self.lock();
            while self.is_full(&state) && !state.is_closed {
                state = self.room.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
            if state.is_closed {
                return;
            }
            if state.queue.is_empty() {
                state.queued_since = Instant::now();
                self.news.notify_all();
            }
            state.queue.push(item);
            state.queued_bytes += n_bytes;
            self.dispatch(&mut state, Partial::Waits);
        }
    }

    fn is_full(&self, state: &State<T, R>) -> bool {
        state.queued_bytes >= self.chunk_bytes || state.queue.len() >= CHUNK_ITEMS
    }

    /// Dispatches the queue as a chunk if there is room for one.
    fn dispatch(self: &Arc<Self>, state: &mut State<T, R>, partial: Partial) {
        let goes = partial == Partial::Goes || state.has_ended || self.is_full(state);
        if !goes || state.queue.is_empty() || state.n_in_work >= IN_WORK || state.chunks.len() >= ON_THE_WAY {
            return;
        }
        let items = std::mem::take(&mut state.queue);
        state.queued_bytes = 0;
        self.room.notify_all();
        let number = state.oldest + state.chunks.len() as u64;
        state.chunks.push_back(None);
        state.n_in_work += 1;
        let shared = Arc::clone(self);
        self.pool.spawn(move || {
            let worked = catch_unwind(AssertUnwindSafe(|| (shared.step.work)(items)));
            let mut state = shared.lock();
            state.n_in_work -= 1;
            match worked {
                Ok(results) => {
                    let place = (number - state.oldest) as usize;
                    state.chunks[place] = Some(results);
                }
                Err(panic) => state.panic = Some(panic),
            }
            shared.dispatch(&mut state, Partial::Waits);
            shared.news.notify_all();
        });
    }

    /// Waits for the next chunk, at most until a deadline, and returns its results; `None` at the end.
    ///
    /// # Panics
    /// When the input or the work panicked, with the same payload.
    fn next_chunk(self: &Arc<Self>, deadline: Option<Instant>) -> Poll<Option<Vec<R>>> {
        let mut state = self.lock();
        loop {
            if let Some(panic) = state.panic.take() {
                drop(state);
                resume_unwind(panic);
            }
            if state.is_stopped {
                return Poll::Ready(None);
            }
            if let Some(Some(_)) = state.chunks.front() {
                let results = state.chunks.pop_front().flatten();
                state.oldest += 1;
                self.dispatch(&mut state, Partial::Waits);
                return Poll::Ready(results);
            }
            let is_idle = state.chunks.is_empty();
            if is_idle && state.queue.is_empty() && state.has_ended {
                return Poll::Ready(None);
            }
            let patience = LINGER.saturating_sub(state.queued_since.elapsed());
            if is_idle && !state.queue.is_empty() && patience.is_zero() {
                self.dispatch(&mut state, Partial::Goes);
            }
            let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            if left.is_some_and(|left| left.is_zero()) {
                return Poll::Pending;
            }
            state = match (is_idle && !state.queue.is_empty(), left) {
                (true, left) => self.wait_for(state, left.map_or(patience, |left| left.min(patience))),
                (false, Some(left)) if rayon::current_thread_index().is_none() => self.wait_for(state, left),
                (false, _) => self.wait(state),
            };
        }
    }

    fn wait_for<'a>(&'a self, state: MutexGuard<'a, State<T, R>>, patience: Duration) -> MutexGuard<'a, State<T, R>> {
        self.news.wait_timeout(state, patience).unwrap_or_else(PoisonError::into_inner).0
    }

    /// Waits for news. A pool thread helps with the work instead, which may be waiting for this very thread.
    fn wait<'a>(&'a self, state: MutexGuard<'a, State<T, R>>) -> MutexGuard<'a, State<T, R>> {
        if rayon::current_thread_index().is_none() {
            return self.news.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        drop(state);
        let helped = rayon::yield_now() == Some(rayon::Yield::Executed);
        let state = self.lock();
        if helped || state.chunks.front().is_some_and(Option::is_some) || state.panic.is_some() {
            return state;
        }
        self.wait_for(state, NAP)
    }
}

impl<T: Send + 'static, R: Send + 'static> Iterator for Ordered<T, R> {
    type Item = R;

    fn next(&mut self) -> Option<R> {
        while self.ready.as_slice().is_empty() {
            let Poll::Ready(chunk) = self.shared.next_chunk(None) else { unreachable!("it waits for ever") };
            self.ready = chunk?.into_iter();
        }
        self.ready.next()
    }
}

impl<T, R> Drop for Ordered<T, R> {
    fn drop(&mut self) {
        let mut state = self.shared.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.is_closed = true;
        state.queue.clear();
        self.shared.room.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    fn doubled(pool: Pool, items: impl Iterator<Item = u64> + Send + 'static) -> Ordered<u64, u64> {
        let work = |items: Vec<u64>| items.into_iter().map(|item| 2 * item).collect();
        Ordered::new(pool, items, Step { work: Box::new(work), weigh: |_| 1 << 12 })
    }

    #[test]
    fn results_are_in_order_for_any_number_of_threads() {
        for n_threads in [1, 2, 7] {
            for n in [0, 1, 15, 16, 17, 5_000] {
                let got: Vec<u64> = doubled(Pool::new(n_threads), 0..n).collect();
                assert_eq!(got, (0..n).map(|item| 2 * item).collect::<Vec<_>>(), "{n_threads} threads, {n} items");
            }
        }
    }

    #[test]
    fn results_arrive_while_the_input_pauses() {
        let (send, receive) = channel();
        let mut results = doubled(Pool::new(2), receive.into_iter());
        for item in 0..5 {
            send.send(item).expect("the input is still being read");
            assert_eq!(results.next(), Some(2 * item), "before the next item or the end of the input");
        }
        drop(send);
        assert_eq!(results.next(), None);
    }

    #[test]
    fn a_result_that_is_late_is_pending() {
        let (send, receive) = channel();
        let mut results = doubled(Pool::new(2), receive.into_iter());
        let started = Instant::now();
        assert_eq!(results.poll_for(Duration::from_millis(20)), Poll::Pending);
        assert!(started.elapsed() >= Duration::from_millis(20));
        send.send(4).expect("the input is still being read");
        assert_eq!(results.poll_for(Duration::from_secs(60)), Poll::Ready(Some(8)));
        assert_eq!(results.poll_for(Duration::ZERO), Poll::Pending);
        drop(send);
        assert_eq!(results.poll_for(Duration::from_secs(60)), Poll::Ready(None));
    }

    #[test]
    fn little_is_read_ahead_of_a_slow_consumer() {
        let read = Arc::new(Mutex::new(0));
        let counter = Arc::clone(&read);
        let items = (0..1_000_000).inspect(move |_| *counter.lock().expect("no panic") += 1);
        let mut results = doubled(Pool::new(1), items);
        assert_eq!(results.next(), Some(0));
        thread::sleep(Duration::from_millis(50));
        // 16 items fill a chunk. In memory are the chunks in flight, one in the queue, and the item that the reading thread holds.
        let most = 16 * (ON_THE_WAY + 2) + 2;
        let n_read = *read.lock().expect("no panic");
        assert!((2..=most).contains(&n_read), "{n_read} of at most {most}");
    }

    #[test]
    fn a_pool_thread_may_wait_for_results() {
        let pool = Pool::new(1);
        let inner = pool.clone();
        let sum: u64 = pool.install(move || doubled(inner, 0..500).sum());
        assert_eq!(sum, 499 * 500);
    }

    #[test]
    fn panics_reach_the_caller() {
        let message = |run: &dyn Fn() -> usize| {
            let panic = catch_unwind(AssertUnwindSafe(run)).expect_err("a panic");
            panic.downcast_ref::<&str>().map(|text| (*text).to_owned())
        };
        let input = || doubled(Pool::new(2), (0..9).inspect(|item| assert!(*item < 7, "in the input"))).count();
        assert_eq!(message(&input).as_deref(), Some("in the input"));
        let work = || {
            let step = Step { work: Box::new(|_: Vec<u64>| -> Vec<u64> { panic!("in the work") }), weigh: |_| 1 };
            Ordered::new(Pool::new(2), 0..9, step).count()
        };
        assert_eq!(message(&work).as_deref(), Some("in the work"));
    }
}
