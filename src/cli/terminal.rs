//! What the program prints besides its results.

use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};

use super::shown::shown;
use crate::text::with_causes;

/// Prints a line to stderr; a closed stderr is no reason to stop.
///
/// What it quotes of files, texts and names cannot command the terminal: control characters are shown as escapes.
pub(crate) fn say(line: &str) {
    if is_json() {
        let (event, message) = match line.split_once(": ") {
            Some((event @ ("error" | "note"), message)) => (event, message),
            _ => ("message", line),
        };
        return log(&json!({"event": event, "message": message}));
    }
    let _ = writeln!(std::io::stderr(), "{}", shown(line));
}

/// Whether messages are JSON.
static IS_JSON: AtomicBool = AtomicBool::new(false);

/// From now on every message is a line of JSON.
pub(crate) fn log_as_json() {
    IS_JSON.store(true, Ordering::Relaxed);
}

pub(crate) fn is_json() -> bool {
    IS_JSON.load(Ordering::Relaxed)
}

/// Prints an event to stderr, as a line of JSON.
pub(crate) fn log(event: &Value) {
    let _ = writeln!(std::io::stderr(), "{event}");
}

/// Prints to stdout; a closed pipe is not an error.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}

/// An error with its causes in one line, as a terminal may show it.
pub(crate) fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    shown(&with_causes(error)).into_owned()
}
