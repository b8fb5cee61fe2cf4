//! The command line: arguments in, documents through, exit code out. The only part that prints.

mod args;
mod convert;
mod eval;
mod flow;
mod groups;
mod link;
mod models;
mod outcome;
mod output;
mod progress;
mod resume;
mod shell;
mod tag;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};
use outcome::Outcome;

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
        None => shell::version(cli.json),
        Some(Command::Tag(args)) => tag::run(&args),
        Some(Command::Link(args)) => link::run(&args),
        Some(Command::Convert(args)) => convert::run(&args),
        Some(Command::Eval(args)) => eval::run(&args),
        Some(Command::Models(args)) => models::run(&args),
        Some(Command::Completions(args)) => shell::completions(&args),
        Some(Command::Man) => shell::man(),
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
