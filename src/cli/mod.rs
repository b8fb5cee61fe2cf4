//! The command line: arguments in, exit code out. The only module that prints.

#[cfg(feature = "archive")]
mod archive;
mod args;
mod begun;
mod certainty;
mod convert;
mod eval;
mod files;
mod flow;
mod groups;
mod interrupt;
mod language;
mod link;
mod model_args;
mod models;
mod outcome;
mod output;
mod progress;
#[cfg(feature = "redact")]
mod redact;
mod report;
mod resume;
#[cfg(feature = "review")]
mod review;
#[cfg(feature = "server")]
mod serve;
mod shell;
mod shown;
mod tag;
mod terminal;
mod top;
#[cfg(feature = "train")]
mod train;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

use args::{Cli, Command};
use groups::LogFormat;
use outcome::COULD_NOT_RUN;
use report::Given;
use terminal::{log_as_json, say};

/// Runs the program with its command-line arguments, the first one being its own name.
///
/// The exit code is 0 when all is done, 1 when it is done but some documents failed, 2 when it could not run,
/// and 130 or 143 when SIGINT or SIGTERM ended it.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    ExitCode::from(status(args))
}

/// Runs the program as [`run`] does, for a program of another language, and returns the exit code as a number.
pub fn status(args: impl IntoIterator<Item = OsString>) -> u8 {
    let args: Vec<OsString> = args.into_iter().collect();
    let mut program = Cli::command();
    let parsed = program.try_get_matches_from_mut(&args).and_then(|matches| {
        let given = Given::of(&program, &matches, &args);
        Cli::from_arg_matches(&matches).map(|cli| (cli, given)).map_err(|error| error.format(&mut program))
    });
    let (cli, given) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => {
            // Help and version are answers, not errors; clap knows their stream. A closed one is nobody's loss.
            let _ = error.print();
            return if error.use_stderr() { COULD_NOT_RUN } else { 0 };
        }
    };
    let log_format = match &cli.command {
        Some(Command::Tag(args)) => Some(args.output.messages.log_format),
        Some(Command::Link(args)) => Some(args.output.messages.log_format),
        Some(Command::Convert(args)) => Some(args.output.messages.log_format),
        #[cfg(feature = "redact")]
        Some(Command::Redact(args)) => Some(args.output.messages.log_format),
        #[cfg(feature = "server")]
        Some(Command::Serve(args)) => Some(args.messages.log_format),
        #[cfg(feature = "review")]
        Some(Command::Review(args)) => Some(args.messages.log_format),
        #[cfg(feature = "train")]
        Some(Command::Train(args)) => Some(args.messages.log_format),
        _ => None,
    };
    if log_format == Some(LogFormat::Json) {
        log_as_json();
    }
    let outcome = match cli.command {
        None => shell::version(cli.json),
        Some(Command::Tag(args)) => tag::run(&args, given),
        Some(Command::Link(args)) => link::run(&args, given),
        Some(Command::Top(args)) => top::run(&args),
        Some(Command::Convert(args)) => convert::run(&args, given),
        #[cfg(feature = "archive")]
        Some(Command::Archive(args)) => archive::run(&args),
        Some(Command::Eval(args)) => eval::run(&args),
        #[cfg(feature = "redact")]
        Some(Command::Redact(args)) => redact::run(&args),
        #[cfg(feature = "server")]
        Some(Command::Serve(args)) => serve::run(&args),
        #[cfg(feature = "review")]
        Some(Command::Review(args)) => review::run(&args),
        #[cfg(feature = "train")]
        Some(Command::Train(args)) => train::run(&args),
        Some(Command::Models(args)) => models::run(&args),
        Some(Command::Completions(args)) => shell::completions(&args, Cli::command()),
        Some(Command::Man) => shell::man(Cli::command()),
    };
    match outcome {
        Ok(outcome) => outcome.code(),
        Err(error) => {
            say(&format!("error: {error:#}"));
            COULD_NOT_RUN
        }
    }
}
