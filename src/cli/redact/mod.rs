//! `allonym redact`

mod args;
mod output;
mod recall;
mod spool;
mod table;
mod undo;

use std::path::Path;

use anyhow::{Result, bail};

pub(crate) use args::Redact;

use super::flow::{self, Item, Items};
use super::groups::OnError;
use super::language::Languages;
use super::models;
use super::outcome::{Ended, Outcome};
use super::progress::Progress;
use super::resume::Done;
use super::tag::MinScore;
use crate::io::Documents;
use crate::model::LoadOptions;
use crate::pipeline::{HasDocument, Pipeline, Request};
use crate::pool::Pool;
use crate::redact::{Redaction, Redactor};
use crate::text::plural;
use spool::Spool;
use table::TableFile;

pub(crate) fn run(args: &Redact) -> Result<Outcome> {
    match args.table.as_deref() {
        _ if args.recall => recall::run(args),
        Some(table) if args.undo => undo::run(args, table),
        Some(table) => redact(args, table),
        None => bail!("--table: expected a file, found none"),
    }
}

fn redact(args: &Redact, path: &Path) -> Result<Outcome> {
    let (documents, mut files) = flow::open(&args.input)?;
    args.linking.list(&mut files);
    files.reads_model(args.model.as_deref());
    files.writes("--table", Some(path));
    match &args.output.output {
        Some(output) => files.writes("--output", Some(output)),
        None => files.writes_stdout(),
    }
    files.check()?;
    let pool = args.threads.pool();
    let linker = args.linking.linker(&pool)?;
    let (file, table) = TableFile::open(args, path)?;
    let mut progress = Progress::new("redacted", args.output.quiet);
    let mut redactor = Redactor::new(table, args.options());
    let mut spool = Spool::new()?;
    let read = tagged(args, documents, &mut progress, &pool, &mut redactor, &mut spool)?;
    if let Outcome::Interrupted(signal) = read {
        progress.finish(Ended::Interrupted(signal));
        return Ok(read);
    }
    let mut outcome = read;
    if spool.len() == 0 {
        progress.note("no document came out: nothing was written");
        progress.finish(Ended::Whole(outcome));
        return Ok(outcome);
    }
    progress.busy("linking");
    let mut redaction = redactor.link(&linker);
    let format = args.output.format(&args.input.inputs, args.input.from);
    let mut waiting = args.output.open(format, spool.len(), from_folder(args))?;
    for (nth, document) in spool.documents()?.enumerate() {
        let redacted = redaction.redact(nth, document?)?;
        let counted = redacted.clone();
        match waiting.take(redacted) {
            Ok(()) => progress.wrote(&counted),
            Err(error) => {
                outcome = Outcome::SomeFailed;
                progress.failed(&format!("error: {error:#}"));
                if args.input.on_error == OnError::Stop {
                    bail!("stopped: nothing was written");
                }
            }
        }
    }
    // Without its table, a redacted text could not be undone: the table comes first.
    file.commit(redaction.table())?;
    waiting.release()?;
    notices(&redaction, &progress);
    progress.entities(redaction.table().entries().len());
    progress.finish(Ended::Whole(outcome));
    Ok(outcome)
}

/// Tags documents with their fields, unless their mentions are given; adds each to a redactor, and keeps it.
fn tagged(
    args: &Redact,
    documents: Documents,
    progress: &mut Progress,
    pool: &Pool,
    redactor: &mut Redactor,
    spool: &mut Spool,
) -> Result<Outcome> {
    let take = |document| -> Result<()> {
        redactor.add(&document)?;
        spool.take(&document)
    };
    let fields = Redactor::new(crate::redact::Table::default(), args.options());
    let join = move |mut item: Item| {
        if let Some(document) = item.document_mut() {
            *document = fields.join(std::mem::take(document));
            document.entities.clear();
        }
        item
    };
    let languages = (args.model.is_none() && !args.given).then(|| Languages::new(args.on_language));
    let items = Items::new(documents, Done::nothing(), progress).languages(languages).map(join);
    if args.given {
        let step = |items: &mut [Item]| -> Vec<Result<usize, std::convert::Infallible>> {
            items.iter().map(|_| Ok(0)).collect()
        };
        let stream = crate::pipeline::Stream::new(pool, items, step);
        return flow::collect(stream, args.input.on_error, progress, take);
    }
    let options =
        LoadOptions::default().precision(args.precision.into()).engine(args.engine.engine()?).pool(pool.clone());
    let pipeline = Pipeline::new(models::load(args.model.as_deref(), &options)?);
    let mut request = Request::default();
    request.head.clone_from(&args.head);
    let request = args.min_score.iter().fold(request, MinScore::ask);
    for label in &args.labels {
        pipeline.tagger().labels(&Request::default().labels([label]))?;
    }
    let stream = pipeline.stream(items, &request)?;
    flow::collect(stream, args.input.on_error, progress, take)
}

/// Whether the inputs are more than one file.
fn from_folder(args: &Redact) -> bool {
    match args.input.inputs.as_slice() {
        [] => false,
        [one] => one != "-" && !Path::new(one).is_file(),
        _ => true,
    }
}

/// What users should know of what was written.
fn notices(redaction: &Redaction, progress: &Progress) {
    for (field, n) in redaction.left_out() {
        progress.note(&format!(
            "field {field:?} left out of {}, as it may hold names (--keep-fields {field} keeps it as it is)",
            plural(*n, "document")
        ));
    }
    if let Some((n, first)) = redaction.named_ids() {
        progress.note(&format!(
            "{} with a word of a replaced name in the id or file name, which stays as it is (first {first:?})",
            plural(n, "document")
        ));
    }
    if let [first, ..] = redaction.clashes() {
        progress.note(&format!(
            "the texts have {} already, as something else (first {first:?}): --undo still gives back every byte, but a reader \
             cannot tell them apart",
            plural(redaction.clashes().len() as u64, "pseudonym")
        ));
    }
}
