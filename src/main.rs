//! The command line program; see `allonym --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    allonym::cli::run(std::env::args_os())
}
