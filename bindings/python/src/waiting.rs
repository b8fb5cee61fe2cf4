//! Work on a pool while Python waits for it, and can be interrupted.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

use allonym::Pool;
use pyo3::prelude::*;

/// How long a wait lasts before signals are looked for.
pub(crate) const PATIENCE: Duration = Duration::from_millis(50);

/// Whether nobody waits for the work any more.
#[derive(Clone, Default)]
pub(crate) struct Stopped(Arc<AtomicBool>);

impl Stopped {
    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Runs `work` on a pool with the interpreter's lock released. A signal ends the wait, and tells the work so.
pub(crate) fn run<T: Send + 'static>(
    py: Python<'_>,
    pool: &Pool,
    work: impl FnOnce(&Stopped) -> T + Send + 'static,
) -> PyResult<T> {
    let (send, mut receive) = sync_channel(1);
    let stopped = Stopped::default();
    let seen = stopped.clone();
    pool.spawn(move || {
        let worked = catch_unwind(AssertUnwindSafe(|| work(&seen)));
        // After a signal nobody wants it.
        let _ = send.send(worked);
    });
    loop {
        let result;
        (receive, result) = py.detach(move || {
            let result = receive.recv_timeout(PATIENCE);
            (receive, result)
        });
        match result {
            Ok(Ok(done)) => return Ok(done),
            Ok(Err(panic)) => resume_unwind(panic),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => unreachable!("the work sends its result"),
        }
        if let Err(signal) = py.check_signals() {
            stopped.0.store(true, Ordering::Relaxed);
            return Err(signal);
        }
    }
}
