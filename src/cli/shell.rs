//! `allonym completions`, `allonym man`, `allonym --version`

use anyhow::Result;
use clap::{Args, Command};
use clap_complete::Shell;
use serde_json::json;

use super::outcome::Outcome;
use super::terminal::print;
use crate::model::{Embedded, embedded};

/// Print a completion script for a shell
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allonym completions bash > ~/.local/share/bash-completion/completions/allonym
  allonym completions zsh > ~/.zfunc/_allonym
  allonym completions fish > ~/.config/fish/completions/allonym.fish")]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

/// The features of this build.
const FEATURES: [(&str, bool); 15] = [
    ("arrow", cfg!(feature = "arrow")),
    ("cli", cfg!(feature = "cli")),
    ("compress", cfg!(feature = "compress")),
    ("embedded-model", cfg!(feature = "embedded-model")),
    ("embedded-multi", cfg!(feature = "embedded-multi")),
    ("eval", cfg!(feature = "eval")),
    ("files", cfg!(feature = "files")),
    ("html", cfg!(feature = "html")),
    ("hub", cfg!(feature = "hub")),
    ("language", cfg!(feature = "language")),
    ("link", cfg!(feature = "link")),
    ("review", cfg!(feature = "review")),
    ("rust-bert", cfg!(feature = "rust-bert")),
    ("server", cfg!(feature = "server")),
    ("train", cfg!(feature = "train")),
];

pub(crate) fn completions(args: &Completions, mut program: Command) -> Result<Outcome> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut program, "allonym", &mut text);
    print(&String::from_utf8_lossy(&text))?;
    Ok(Outcome::Done)
}

/// Prints the manual: the page of the program, then those of its commands.
pub(crate) fn man(mut program: Command) -> Result<Outcome> {
    let mut text = Vec::new();
    program.build();
    clap_mangen::Man::new(program.clone()).render(&mut text)?;
    for sub in program.get_subcommands().filter(|sub| sub.get_name() != "help") {
        clap_mangen::Man::new(sub.clone()).render(&mut text)?;
    }
    print(&String::from_utf8_lossy(&text))?;
    Ok(Outcome::Done)
}

pub(crate) fn version(as_json: bool) -> Result<Outcome> {
    if as_json {
        let features: Vec<&str> = FEATURES.iter().filter(|(_, is_on)| *is_on).map(|(name, _)| *name).collect();
        let models: Vec<&str> = embedded().iter().map(Embedded::name).collect();
        let version = json!({
            "version": env!("CARGO_PKG_VERSION"),
            "commit": option_env!("ALLONYM_COMMIT"),
            "target": format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS),
            "features": features,
            "models": models,
        });
        print(&format!("{version:#}\n"))?;
    } else {
        print(&format!("allonym {}\n", env!("CARGO_PKG_VERSION")))?;
    }
    Ok(Outcome::Done)
}
