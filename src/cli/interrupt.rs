//! Signals that ask the program to end: it finishes the line in hand and says how far it came. A second one ends it at once.

use std::sync::Mutex;
use std::sync::PoisonError;

/// What stops the stream that is being read, and the signal that came.
struct State {
    stop: Option<Box<dyn Fn() + Send>>,
    caught: Option<u8>,
    is_watched: bool,
}

static STATE: Mutex<State> = Mutex::new(State { stop: None, caught: None, is_watched: false });

/// Calls `stop` when SIGINT or SIGTERM comes, from now on until it is called for another stream.
pub(crate) fn watch(stop: impl Fn() + Send + 'static) {
    let mut state = STATE.lock().unwrap_or_else(PoisonError::into_inner);
    state.stop = Some(Box::new(stop));
    if !state.is_watched {
        state.is_watched = true;
        listen();
    }
}

/// The signal that came, if one did.
pub(crate) fn caught() -> Option<u8> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner).caught
}

#[cfg(unix)]
fn listen() {
    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;
    let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else { return };
    std::thread::spawn(move || {
        for signal in signals.forever() {
            let mut state = STATE.lock().unwrap_or_else(PoisonError::into_inner);
            if state.caught.is_some() {
                std::process::exit(128 + signal);
            }
            state.caught = u8::try_from(signal).ok();
            if let Some(stop) = &state.stop {
                stop();
            }
        }
    });
}

#[cfg(not(unix))]
fn listen() {}
