//! What the program prints besides its results.

use std::io::Write;

use super::shown::shown;

/// Prints a line to stderr; a closed stderr is no reason to stop.
///
/// What it quotes of files, texts and names cannot command the terminal: control characters are shown as escapes.
pub(crate) fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{}", shown(line));
}

/// Prints to stdout; a closed pipe is not an error.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}

/// An error with its causes in one line.
pub(crate) fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        line.push_str(": ");
        line.push_str(&error.to_string());
        cause = error.source();
    }
    shown(&line).into_owned()
}
