//! `allonym redact`

mod args;
mod output;
mod recall;
mod spool;
mod table;
mod tagged;
mod undo;

use std::path::Path;

use anyhow::{Result, bail};

pub(crate) use args::Redact;

use super::flow;
use super::groups::OnError;
use super::outcome::{Ended, Outcome};
use super::progress::Progress;
use crate::redact::Redaction;
use crate::text::plural;
use table::TableFile;
use tagged::Tagged;

pub(crate) fn run(args: &Redact) -> Result<Outcome> {
    match args.table.as_deref() {
        _ if args.recall => recall::run(args),
        Some(table) if args.undo => undo::run(args, table),
        Some(table) => redact(args, table),
        None => bail!("--table: expected a file, found none"),
    }
}

fn redact(args: &Redact, path: &Path) -> Result<Outcome> {
    let (documents, mut files) = flow::open(&args.input, None)?;
    args.linking.list(&mut files);
    let models = args.tagging.models(&mut files)?;
    files.writes("--table", Some(path));
    files.writes_output(args.output.output.as_deref());
    files.check()?;
    let pool = args.computing.threads.pool();
    let linker = args.linking.linker(&pool)?;
    let (file, table) = TableFile::open(args, path)?;
    let mut progress = Progress::new("redacted", args.output.messages.quiet);
    let mut tagged = Tagged::new(args, table)?;
    let read = tagged.read(documents, args, (&models, &pool, &mut progress))?;
    if let Outcome::Interrupted(signal) = read {
        progress.finish(Ended::Interrupted(signal));
        return Ok(read);
    }
    let Tagged { redactor, spool } = tagged;
    let mut outcome = read;
    if spool.len() == 0 {
        progress.note("no document came out: nothing was written");
        progress.finish(Ended::Whole(outcome));
        return Ok(outcome);
    }
    progress.busy("linking");
    let mut redaction = redactor.link(&linker);
    let format = args.output.format(&args.input.inputs, args.input.from);
    let mut waiting = args.output.open(format, spool.len(), args.is_many())?;
    for (nth, document) in spool.documents()?.enumerate() {
        let redacted = redaction.redact(nth, document?)?;
        match waiting.take(&redacted) {
            Ok(()) => progress.wrote(&redacted),
            Err(error) => {
                outcome = Outcome::SomeFailed;
                progress.failed("unwritable", &format!("{error:#}"));
                if args.input.on_error == OnError::Stop {
                    bail!("stopped: nothing was written");
                }
            }
        }
    }
    // Without its table, a redacted text could not be undone: the table comes first.
    file.commit(redaction.table())?;
    waiting.release()?;
    notices(&redaction, &mut progress);
    progress.entities(redaction.table().entries().len());
    progress.finish(Ended::Whole(outcome));
    Ok(outcome)
}

/// What users should know of what was written.
fn notices(redaction: &Redaction, progress: &mut Progress) {
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
