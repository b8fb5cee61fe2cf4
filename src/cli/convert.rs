//! `allonym convert`

use anyhow::Result;
use clap::Args;

use super::flow::{self, Items, Reading};
use super::groups::{Input, Output};
use super::outcome::Outcome;
use super::progress::Progress;
use super::resume::Done;
use crate::io::EntitiesWritten;
use crate::pool::Pool;

/// Convert documents and their mentions from one format to another
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allonym convert tagged.jsonl -o tagged.html
  allonym convert corpus.conll --to brat -o corpus-brat")]
pub(crate) struct Convert {
    #[command(flatten)]
    pub(crate) input: Input,
    #[command(flatten)]
    pub(crate) output: Output,
}

pub(crate) fn run(args: &Convert) -> Result<Outcome> {
    let (documents, mut files) = flow::open(&args.input)?;
    args.output.list(&mut files);
    files.check()?;
    let sink = args.output.create(EntitiesWritten::WherePresent)?;
    let mut progress = Progress::new("converted", args.output.quiet);
    let stream = flow::unchanged(Items::new(documents, Done::nothing(), &progress), &Pool::default());
    let ended = flow::write(stream, Reading::First(args.input.on_error), sink, &mut progress)?;
    progress.finish(ended);
    Ok(ended.outcome())
}
