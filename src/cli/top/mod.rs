//! `allonym top`

mod args;
mod counting;
mod form;
mod html;
mod table;

use std::collections::BTreeSet;
use std::io::Write;

use anyhow::{Context, Result};

pub(crate) use args::Top;

use super::flow::{self, Items, Reading};
use super::model_args;
use super::outcome::{Ended, Outcome};
use super::output::Bytes;
use super::progress::Progress;
use super::resume::Done;
use crate::io::Inputs;
use crate::model::{LoadOptions, Models};
use crate::pipeline::Request;
use crate::pool::Pool;
use args::Form;
use counting::Counting;

pub(crate) fn run(args: &Top) -> Result<Outcome> {
    let form = args.form()?;
    let (inputs, mut files) = flow::open_twice(&args.input, None)?;
    let models = args.list(&mut files)?;
    files.check()?;
    let pool = args.threads.pool();
    let linker = args.linking.linker(&pool)?;
    // Opened first, so that no work is lost if that fails.
    let mut output = Bytes::open(args.output.as_deref())?;
    let mut progress = Progress::new("counted", args.quiet);
    let mut noted = BTreeSet::new();
    let mut counting = Counting::new(args);
    let items = Items::new(inputs.documents(), Done::nothing(), &progress);
    let stream = flow::unchanged(items, &pool);
    let mut outcome =
        flow::gather(stream, Reading::First(args.input.on_error), &mut progress, &mut noted, |document| {
            counting.take(document);
            Ok(())
        })?;
    if !counting.has_mentions() && !matches!(outcome, Outcome::Interrupted(_)) && counting.n_documents() > 0 {
        progress.note("no document has mentions: they are tagged first");
        counting = Counting::new(args);
        outcome = worse(outcome, tag(args, (&inputs, &models), &pool, &mut counting, (&mut progress, &mut noted))?);
    }
    if let Outcome::Interrupted(signal) = outcome {
        progress.finish(Ended::Interrupted(signal));
        return Ok(outcome);
    }
    counting.notes(&mut progress);
    progress.counted(counting.counted().clone());
    progress.busy("linking");
    let counts = counting.finish(&linker);
    progress.entities(counts.n_entities as usize);
    let text = match form {
        Form::Table => table::text(&counts),
        Form::Tsv => table::rows(&counts, b'\t')?,
        Form::Csv => table::rows(&counts, b',')?,
        Form::Json => table::json(&counts),
        Form::Html => html::page(&counts, args.title.as_deref()),
    };
    if matches!(form, Form::Tsv | Form::Csv)
        && let Some(left_out) = counts.left_out()
    {
        progress.note(&left_out);
    }
    match output.write_all(text.as_bytes()).and_then(|()| output.finish()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {}
        written => written.context("cannot write the output")?,
    }
    progress.finish(Ended::Whole(outcome));
    Ok(outcome)
}

/// Tags the documents, and counts what is found.
fn tag(
    args: &Top,
    (inputs, models): (&Inputs, &Models),
    pool: &Pool,
    counting: &mut Counting<'_>,
    (progress, noted): (&mut Progress, &mut BTreeSet<String>),
) -> Result<Outcome> {
    let pipeline = model_args::pipeline(models, &LoadOptions::default().pool(pool.clone()))?;
    let languages = args.tagging.languages(models);
    let items = Items::new(inputs.documents(), Done::nothing(), progress).languages(languages);
    let stream = pipeline.stream(items, &Request::default())?;
    flow::gather(stream, Reading::Again(None), progress, noted, |document| {
        counting.take(document);
        Ok(())
    })
}

/// How two passes ended, taken together.
fn worse(first: Outcome, second: Outcome) -> Outcome {
    if second == Outcome::Done { first } else { second }
}
