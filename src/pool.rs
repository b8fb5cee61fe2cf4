//! The threads that work runs on.
//!
//! Taggers, linkers and streams run on a [`Pool`], and on rayon's global pool only if asked to. A pool is cheap to clone, and its
//! clones share their threads: give one pool to everything that should share the machine.

use std::num::NonZeroUsize;
use std::sync::{Arc, OnceLock};

use rayon::{ThreadPool, ThreadPoolBuilder};

/// The environment variables that set the default number of threads, in order of precedence.
const VARIABLES: [&str; 2] = ["ALLONYM_THREADS", "RAYON_NUM_THREADS"];

/// The worker threads of a tagger, a linker or a stream.
///
/// ```
/// use allonym::Pool;
///
/// let pool = Pool::new(2);
/// assert_eq!(pool.n_threads(), 2);
/// assert_eq!(pool.install(|| 6 * 7), 42);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Pool {
    threads: Threads,
}

#[derive(Clone, Debug)]
enum Threads {
    /// Our own threads, started on first use.
    Own(Arc<Own>),
    /// The caller's threads.
    Given(Arc<ThreadPool>),
    /// The threads of the rayon pool a call is made in; outside any pool, the global one.
    Current,
}

#[derive(Debug, Default)]
struct Own {
    /// `None` means [`default_threads`].
    n: Option<NonZeroUsize>,
    started: OnceLock<ThreadPool>,
}

impl Default for Threads {
    fn default() -> Self {
        Self::Own(Arc::default())
    }
}

impl Pool {
    /// A pool with `n_threads` threads of its own, started on first use. With 0 threads, or from [`default`](Self::default), the number
    /// is taken from the environment variable `ALLONYM_THREADS`, else `RAYON_NUM_THREADS`, else it is the number of CPUs the process
    /// may use: on Linux, affinity mask and cgroup quota are respected.
    pub fn new(n_threads: usize) -> Self {
        let own = Own { n: NonZeroUsize::new(n_threads), ..Own::default() };
        Self { threads: Threads::Own(Arc::new(own)) }
    }

    /// A pool that uses the caller's threads.
    pub fn of(threads: Arc<ThreadPool>) -> Self {
        Self { threads: Threads::Given(threads) }
    }

    /// A pool that uses the threads of whichever rayon pool a call is made in; outside any pool, rayon's global one.
    pub fn current() -> Self {
        Self { threads: Threads::Current }
    }

    /// The number of threads the pool has, or will have once started.
    pub fn n_threads(&self) -> usize {
        match &self.threads {
            Threads::Own(own) => own.n_threads(),
            Threads::Given(threads) => threads.current_num_threads(),
            Threads::Current => rayon::current_num_threads(),
        }
    }

    /// Runs `work` on the pool and waits for it. Rayon's parallel iterators inside `work` use the pool's threads.
    ///
    /// # Panics
    /// When `work` panics, or the system refuses to start threads.
    pub fn install<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        match &self.threads {
            Threads::Own(own) => own.started().install(work),
            Threads::Given(threads) => threads.install(work),
            Threads::Current => work(),
        }
    }

    /// Runs `work` on the pool without waiting for it.
    ///
    /// ```
    /// use allonym::Pool;
    ///
    /// let (send, receive) = std::sync::mpsc::channel();
    /// Pool::new(1).spawn(move || send.send(6 * 7).expect("somebody waits for it"));
    /// assert_eq!(receive.recv(), Ok(42));
    /// ```
    ///
    /// # Panics
    /// When the system refuses to start threads. A panic of `work` ends the program, as rayon's does.
    pub fn spawn(&self, work: impl FnOnce() + Send + 'static) {
        match &self.threads {
            Threads::Own(own) => own.started().spawn(work),
            Threads::Given(threads) => threads.spawn(work),
            Threads::Current => rayon::spawn(work),
        }
    }
}

impl Own {
    fn n_threads(&self) -> usize {
        self.n.map_or_else(default_threads, NonZeroUsize::get)
    }

    fn started(&self) -> &ThreadPool {
        self.started.get_or_init(|| {
            let pool = ThreadPoolBuilder::new().num_threads(self.n_threads()).thread_name(|i| format!("allonym {i}"));
            pool.build().expect("the system starts threads")
        })
    }
}

/// The number in `ALLONYM_THREADS` or `RAYON_NUM_THREADS`, else the number of CPUs the process may use: on Linux, as limited by its
/// affinity mask and cgroup quota.
fn default_threads() -> usize {
    let named = VARIABLES.iter().find_map(|name| std::env::var(name).ok()?.trim().parse().ok().filter(|&n| n > 0));
    named.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, NonZeroUsize::get))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_share_their_threads() {
        let pool = Pool::new(3);
        let names = |pool: &Pool| {
            pool.install(|| {
                assert_eq!(rayon::current_num_threads(), 3);
                rayon::broadcast(|_| std::thread::current().id())
            })
        };
        assert_eq!(names(&pool), names(&pool.clone()));
        assert_ne!(names(&pool), names(&Pool::new(3)));
    }

    #[test]
    fn the_callers_pool_is_used() {
        let given = Arc::new(ThreadPoolBuilder::new().num_threads(2).build().expect("threads"));
        let ids = given.broadcast(|_| std::thread::current().id());
        assert!(ids.contains(&Pool::of(Arc::clone(&given)).install(|| std::thread::current().id())));
        assert_eq!(Pool::current().install(|| std::thread::current().id()), std::thread::current().id());
    }

    #[test]
    fn zero_threads_means_the_default_number() {
        assert!(Pool::default().n_threads() >= 1);
        assert_eq!(Pool::new(0).n_threads(), Pool::default().n_threads());
    }
}
