//! The command line: arguments in, exit code out. The only module that prints.

#[cfg(feature = "archive")]
mod archive;
mod args;
mod begun;
mod convert;
mod eval;
mod files;
mod flow;
mod groups;
mod interrupt;
mod language;
mod link;
mod models;
mod outcome;
mod output;
mod progress;
mod resume;
mod shell;
mod shown;
mod tag;
mod terminal;
mod top;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use args::{Cli, Command};
use groups::LogFormat;
use outcome::Outcome;
use terminal::{log_as_json, say};

/// Runs the program with its command-line arguments, the first one being its own name.
///
/// The exit code is 0 when all is done, 1 when it is done but some documents failed, 2 when it could not run,
/// and 130 or 143 when SIGINT or SIGTERM ended it.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are answers, not errors; clap knows their stream. A closed one is nobody's loss.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let output = match &cli.command {
        Some(Command::Tag(args)) => Some(&args.output),
        Some(Command::Link(args)) => Some(&args.output),
        Some(Command::Convert(args)) => Some(&args.output),
        _ => None,
    };
    if output.is_some_and(|output| output.log_format == LogFormat::Json) {
        log_as_json();
    }
    let outcome = match cli.command {
        None => shell::version(cli.json),
        Some(Command::Tag(args)) => tag::run(&args),
        Some(Command::Link(args)) => link::run(&args),
        Some(Command::Top(args)) => top::run(&args),
        Some(Command::Convert(args)) => convert::run(&args),
        #[cfg(feature = "archive")]
        Some(Command::Archive(args)) => archive::run(&args),
        Some(Command::Eval(args)) => eval::run(&args),
        Some(Command::Models(args)) => models::run(&args),
        Some(Command::Completions(args)) => shell::completions(&args, Cli::command()),
        Some(Command::Man) => shell::man(Cli::command()),
    };
    match outcome {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::SomeFailed) => ExitCode::from(1),
        Ok(Outcome::Interrupted(signal)) => ExitCode::from(128 + signal),
        Err(error) => {
            say(&format!("error: {error:#}"));
            ExitCode::from(2)
        }
    }
}
