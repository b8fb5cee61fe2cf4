//! `allonym completions`, `allonym man`, `allonym --version`

use anyhow::Result;
use clap::{Args, CommandFactory};
use clap_complete::Shell;
use serde_json::json;

use super::args::Cli;
use super::outcome::Outcome;
use super::print;
use crate::model::embedded;

/// Print the completions of a shell
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allonym completions bash > ~/.local/share/bash-completion/completions/allonym
  allonym completions zsh > ~/.zfunc/_allonym
  allonym completions fish > ~/.config/fish/completions/allonym.fish")]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

/// What the program was built with.
const FEATURES: [(&str, bool); 9] = [
    ("cli", cfg!(feature = "cli")),
    ("compress", cfg!(feature = "compress")),
    ("embedded-model", cfg!(feature = "embedded-model")),
    ("eval", cfg!(feature = "eval")),
    ("files", cfg!(feature = "files")),
    ("html", cfg!(feature = "html")),
    ("hub", cfg!(feature = "hub")),
    ("link", cfg!(feature = "link")),
    ("rust-bert", cfg!(feature = "rust-bert")),
];

pub(crate) fn completions(args: &Completions) -> Result<Outcome> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "allonym", &mut text);
    print(&String::from_utf8_lossy(&text))?;
    Ok(Outcome::Done)
}

/// The manual: the page of the program, then those of its commands.
pub(crate) fn man() -> Result<Outcome> {
    let mut text = Vec::new();
    let mut command = Cli::command();
    command.build();
    clap_mangen::Man::new(command.clone()).render(&mut text)?;
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        clap_mangen::Man::new(sub.clone()).render(&mut text)?;
    }
    print(&String::from_utf8_lossy(&text))?;
    Ok(Outcome::Done)
}

pub(crate) fn version(as_json: bool) -> Result<Outcome> {
    if as_json {
        let features: Vec<&str> = FEATURES.iter().filter(|(_, is_on)| *is_on).map(|(name, _)| *name).collect();
        let models: Vec<&str> = embedded().iter().map(|model| model.name()).collect();
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
