//! Work on a pool while Python waits for it, and can be interrupted.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

use allonym::Pool;
use allonym::pipeline::Stop;
use pyo3::prelude::*;

/// How long a wait lasts before signals are looked for.
pub(crate) const PATIENCE: Duration = Duration::from_millis(50);

/// Runs `work` on a pool with the interpreter's lock released. A signal ends the wait, and sets the switch that the work has.
pub(crate) fn run<T: Send + 'static>(
    py: Python<'_>,
    pool: &Pool,
    work: impl FnOnce(&Stop) -> T + Send + 'static,
) -> PyResult<T> {
    let (send, mut receive) = sync_channel(1);
    let stopped = Stop::new();
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
            stopped.set();
            return Err(signal);
        }
    }
}
