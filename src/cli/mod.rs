//! The command line: arguments in, documents through, exit code out. The only part that prints.

mod args;
mod convert;
mod eval;
mod flow;
mod link;
mod models;
mod output;
mod progress;
mod resume;
mod tag;

use std::ffi::OsString;
use std::io::Write;
use std::num::NonZeroUsize;
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;

use args::{Cli, Command};

/// How a command ended that could run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Everything came out.
    Done,
    /// Some documents failed; each was named on stderr.
    SomeFailed,
}

/// Runs the program with its command-line arguments, the first one being its own name.
///
/// The exit code is 0 when all is done, 1 when it is done but some documents failed, 2 when it could not run.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are answers, not errors; clap knows their stream. A closed one is nobody's loss.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let outcome = match cli.command {
        Command::Tag(args) => tag::run(&args),
        Command::Link(args) => link::run(&args),
        Command::Convert(args) => convert::run(&args),
        Command::Eval(args) => eval::run(&args),
        Command::Models(args) => models::run(&args),
    };
    match outcome {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::SomeFailed) => ExitCode::from(1),
        Err(error) => {
            say(&format!("error: {error:#}"));
            ExitCode::from(2)
        }
    }
}

/// Prints a line to stderr; a closed stderr is no reason to stop.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Prints to stdout; a closed pipe is no error.
fn print(text: &str) -> anyhow::Result<()> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}

/// Starts as many worker threads as were asked for; `None` leaves it to the variable `RAYON_NUM_THREADS`, else it is one a core.
fn start_threads(threads: Option<NonZeroUsize>) -> anyhow::Result<()> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.map_or(0, NonZeroUsize::get));
    pool.thread_name(|i| format!("worker {i}")).build_global().context("cannot start the threads")
}

/// An error with its causes in one line.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        line.push_str(": ");
        line.push_str(&error.to_string());
        cause = error.source();
    }
    line
}
