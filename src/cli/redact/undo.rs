//! `allonym redact --undo`

use std::path::Path;

use anyhow::Result;
use serde_json::Value;

use super::args::Redact;
use super::spool::Spool;
use super::table;
use crate::cli::flow::{self, Items};
use crate::cli::outcome::{Ended, Outcome};
use crate::cli::progress::Progress;
use crate::cli::resume::Done;
use crate::cli::terminal::chain;
use crate::redact::{Error, Table};
use crate::text::{Document, plural};

pub(super) fn run(args: &Redact, path: &Path) -> Result<Outcome> {
    let (documents, mut files) = flow::open(&args.input, None)?;
    files.reads("--table", Some(path));
    files.writes_output(args.output.output.as_deref());
    files.check()?;
    let table = table::read(path)?;
    let mut progress = Progress::new("restored", args.output.messages.quiet);
    let pool = args.computing.threads.pool();
    let mut spool = Spool::new()?;
    let items = Items::new(documents, Done::nothing(), &progress);
    let stream = flow::unchanged(items, &pool);
    let mut refused = Vec::new();
    let mut n_edited = 0;
    let read = flow::collect(stream, args.input.on_error, &mut progress, |document| {
        let restored = match table.undo(document.clone()) {
            Err(Error::Edited { .. } | Error::Unknown { .. }) if args.edited => {
                n_edited += 1;
                named(&table, document)
            }
            Err(error) => {
                refused.push(error);
                return Ok(());
            }
            Ok(restored) => restored,
        };
        spool.take(&restored)
    })?;
    if let Outcome::Interrupted(signal) = read {
        progress.finish(Ended::Interrupted(signal));
        return Ok(read);
    }
    refused.iter().for_each(|error| progress.failed("table", &chain(error)));
    if n_edited > 0 {
        progress.note(&format!(
            "{} edited since: names stand for their pseudonyms, and which spelling stood there is not known",
            plural(n_edited, "document")
        ));
    }
    let mut outcome = if refused.is_empty() { read } else { Outcome::SomeFailed };
    let format = args.output.format(&args.input.inputs, args.input.from);
    if spool.len() > 0 {
        let mut waiting = args.output.open(format, spool.len(), args.is_many())?;
        for document in spool.documents()? {
            let document = document?;
            progress.wrote(&document);
            if let Err(error) = waiting.take(&document) {
                outcome = Outcome::SomeFailed;
                progress.failed("unwritable", &format!("{error:#}"));
            }
        }
        waiting.release()?;
    }
    progress.finish(Ended::Whole(outcome));
    Ok(outcome)
}

/// An edited document with names, in its text and in its fields.
fn named(table: &Table, mut document: Document) -> Document {
    document.text = table.names_into(&document.text);
    let fields: Vec<(String, String)> = document
        .extra
        .iter()
        .filter_map(|(name, value)| match serde_json::from_str(value.get()) {
            Ok(Value::String(text)) => Some((name.to_owned(), table.names_into(&text))),
            _ => None,
        })
        .collect();
    fields.into_iter().for_each(|(name, text)| document.extra.insert(name, text.into()));
    document.mentions.clear();
    document.entities.clear();
    document.layout = None;
    document
}
