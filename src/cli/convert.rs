//! `allonym convert`

use anyhow::Result;
use clap::Args;

use super::flow::{self, Items, Reading};
use super::groups::{Input, Output};
use super::outcome::Outcome;
use super::progress::Progress;
use super::report::{Given, ReportTo, Run, Tally};
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
    #[command(flatten)]
    pub(crate) report: ReportTo,
}

pub(crate) fn run(args: &Convert, given: Given) -> Result<Outcome> {
    let mut run = Run::new(&args.report, given);
    let mut progress = Progress::new("converted", args.output.messages.quiet);
    let result = convert(args, &mut progress, &mut run);
    run.end(result, &progress)
}

fn convert(args: &Convert, progress: &mut Progress, run: &mut Run) -> Result<Outcome> {
    let (documents, mut files) = flow::open(&args.input, Some(run))?;
    args.output.list(&mut files);
    args.report.list(&mut files)?;
    files.check()?;
    run.open()?;
    progress.keep_errors(args.output.errors.as_deref())?;
    run.output = Some(args.output.written());
    let sink = args.output.create(EntitiesWritten::WherePresent)?;
    if run.is_reported() {
        progress.counted(Tally::with_words());
    }
    progress.restart();
    let stream = flow::unchanged(Items::new(documents, Done::nothing(), progress), &Pool::default());
    let ended = flow::write(stream, Reading::First(args.input.on_error), sink, progress)?;
    run.ended = Some(ended);
    progress.finish(ended);
    Ok(ended.outcome())
}
