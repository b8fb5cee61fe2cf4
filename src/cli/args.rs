//! The commands of the program.

use clap::{Parser, Subcommand};

#[cfg(feature = "archive")]
use super::archive::Archive;
use super::convert::Convert;
use super::eval::Eval;
use super::link::Link;
use super::models::Models;
#[cfg(feature = "redact")]
use super::redact::Redact;
#[cfg(feature = "review")]
use super::review::Review;
#[cfg(feature = "server")]
use super::serve::Serve;
use super::shell::Completions;
use super::tag::Tag;
use super::top::Top;
#[cfg(feature = "train")]
use super::train::Train;

/// Tag the persons, organisations and places in news articles, link the spellings of one name, and score taggers against gold.
///
/// One binary, model included, no network. Reads text, HTML, JSONL, CoNLL and brat, plain or compressed.
#[derive(Debug, Parser)]
#[command(name = "allonym", version, propagate_version = true, disable_version_flag = true, max_term_width = 110)]
#[command(args_conflicts_with_subcommands = true, arg_required_else_help = true)]
#[command(
    after_help = "Exit codes: 0 done, 1 done, but some documents failed (each is reported on stderr), 2 could not run, 130 or 143 ended by
SIGINT or SIGTERM after the line in hand.

Examples:
  allonym tag article.txt                        one JSON line a document
  allonym tag news/ --to html -o news.html       a page to read
  cat dump.jsonl.gz | allonym tag --labels PER,ORG,LOC --to tsv
  allonym link tagged.jsonl -o linked.jsonl --entities entities.tsv
  allonym top linked.jsonl                       who is mentioned most, and when
  allonym eval gold.jsonl predicted.jsonl        how good, and what is wrong
  allonym review news/                           correct it in a browser"
)]
pub(crate) struct Cli {
    /// Print the version; with --json also the commit, features and built-in models
    #[arg(short = 'V', long)]
    pub(crate) version: bool,
    /// Print the version as JSON
    #[arg(long, requires = "version")]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Tag(Box<Tag>),
    Link(Box<Link>),
    Top(Box<Top>),
    #[cfg(feature = "archive")]
    Archive(Box<Archive>),
    Eval(Box<Eval>),
    #[cfg(feature = "redact")]
    Redact(Box<Redact>),
    Convert(Box<Convert>),
    #[cfg(feature = "train")]
    Train(Box<Train>),
    #[cfg(feature = "server")]
    Serve(Box<Serve>),
    #[cfg(feature = "review")]
    Review(Box<Review>),
    Models(Models),
    Completions(Completions),
    /// Print the manual page, in roff
    #[command(after_help = "Example:\n  allonym man | man -l -")]
    Man,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        super::Cli::command().debug_assert();
    }
}
