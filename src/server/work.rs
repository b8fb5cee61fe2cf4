//! Work that is not tagging.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use super::budget::Held;
use super::problem::{Code, Problem};

/// Pieces of it at a time; each uses all threads of the tagger.
const AT_A_TIME: usize = 2;

/// Pieces of it that wait.
const WAITING: usize = 32;

/// Work that is not tagging: it is done one or two at a time, and a few more wait.
#[derive(Debug)]
pub(super) struct Work {
    waiting: Arc<Semaphore>,
    working: Arc<Semaphore>,
}

impl Default for Work {
    fn default() -> Self {
        Self { waiting: Arc::new(Semaphore::new(WAITING)), working: Arc::new(Semaphore::new(AT_A_TIME)) }
    }
}

impl Work {
    /// Does a piece of work. Its bytes are held until it is done, even if it takes longer than anybody waits.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        timeout: Duration,
        held: Arc<Held>,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let busy = || Problem::new(Code::Busy, "too much waits already: try again later");
        let waiting = Arc::clone(&self.waiting).try_acquire_owned().map_err(|_| busy())?;
        let all = async {
            let working = Arc::clone(&self.working).acquire_owned().await.expect("the semaphore is never closed");
            drop(waiting);
            let work = move || {
                let done = work();
                drop((working, held));
                done
            };
            // It fails when the work panics.
            let failed = |_| Problem::new(Code::Failed, "the work failed; this is a bug, please report it");
            tokio::task::spawn_blocking(work).await.map_err(failed)
        };
        within(timeout, all).await
    }
}

/// Gives up after a time.
pub(super) async fn within<T>(timeout: Duration, work: impl Future<Output = Result<T, Problem>>) -> Result<T, Problem> {
    let late = |_| Err(Problem::new(Code::Timeout, format!("no answer within {} s", timeout.as_secs_f32())));
    tokio::time::timeout(timeout, work).await.unwrap_or_else(late)
}
