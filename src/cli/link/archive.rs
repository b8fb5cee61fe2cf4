//! `allonym link --archive FILE`: documents are linked with all that an archive has.
//!
//! The inputs are read twice: once to add the documents, in batches that are kept whole or not at all, and once to write each with the
//! ids that hold after the last batch.

use std::collections::HashSet;
use std::path::Path;
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result};

use super::Link;
use crate::archive::{Added, Archive, ArchiveOptions, Error};
use crate::cli::flow::{self, Item, Items, Reading};
use crate::cli::outcome::{Ended, Outcome};
use crate::cli::progress::Progress;
use crate::cli::report::Run;
use crate::cli::resume::Done;
use crate::io::EntitiesWritten;
use crate::link::Linker;
use crate::pipeline::{HasDocument, Stream};
use crate::text::{Document, plural};

/// Most mentions of a batch.
const MOST_MENTIONS: usize = 200_000;

pub(super) fn run(path: &Path, args: &Link, progress: &mut Progress, run: &mut Run) -> Result<Outcome> {
    let (inputs, mut files) = flow::open_twice(&args.input, Some(run))?;
    args.linking.list(&mut files);
    args.list_output(&mut files);
    files.writes("--archive", Some(path));
    args.report.list(&mut files)?;
    files.check()?;
    run.open()?;
    progress.keep_errors(args.output.errors.as_deref())?;
    let pool = args.threads.pool();
    let linker = args.linking.linker(&pool)?;
    let options = ArchiveOptions::default().as_of(args.archive.as_of.clone());
    let mut archive = Archive::open(path, options).context("--archive")?;
    let sink = if args.no_documents { None } else { Some(args.output.create(EntitiesWritten::Always)?) };
    let mut adding = Adding {
        archive: &mut archive,
        linker,
        batch: Vec::new(),
        n_mentions: 0,
        seen: HashSet::new(),
        added: Added::default(),
    };
    let items = Items::new(inputs.documents(), Done::nothing(), progress);
    let mut tally = progress.tally().clone();
    let size = args.archive.batch as usize;
    let stream = flow::unchanged(items, &pool);
    let outcome = flow::collect(stream, args.input.on_error, progress, |document| {
        if args.no_documents {
            tally.add(&document);
        }
        adding.take(document, size)
    })?;
    adding.flush()?;
    progress.counted(tally);
    let added = adding.added;
    report(&added, progress);
    let Some(sink) = sink.filter(|_| !matches!(outcome, Outcome::Interrupted(_))) else {
        progress.clear();
        return Ok(outcome);
    };
    let archive = Arc::new(Mutex::new(archive));
    let step = move |items: &mut [Item]| -> Vec<Result<usize, Error>> {
        let archive = archive.lock().expect("nobody panics with the archive in hand");
        let write =
            |item: &mut Item| item.document_mut().map_or(Ok(()), |document| archive.write(document)).map(|()| 0);
        items.iter_mut().map(write).collect()
    };
    let stream = Stream::new(&pool, Items::new(inputs.documents(), Done::nothing(), progress), step);
    let ended = flow::write(stream, Reading::Again(None), sink, progress)?;
    run.ended = Some(ended);
    progress.finish(ended);
    Ok(match (outcome, ended) {
        (Outcome::Done, _) | (_, Ended::Interrupted(_)) => ended.outcome(),
        _ => outcome,
    })
}

/// Documents on their way into an archive.
struct Adding<'a> {
    archive: &'a mut Archive,
    linker: Linker,
    batch: Vec<Document>,
    n_mentions: usize,
    /// Ids of all documents of this run.
    seen: HashSet<String>,
    added: Added,
}

impl Adding<'_> {
    fn take(&mut self, document: Document, size: usize) -> Result<()> {
        if !self.seen.insert(document.id.clone()) {
            return Err(Error::Twice { id: document.id }.into());
        }
        self.n_mentions += document.mentions.len();
        self.batch.push(document);
        if self.batch.len() >= size || self.n_mentions >= MOST_MENTIONS { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<()> {
        let batch = std::mem::take(&mut self.batch);
        self.n_mentions = 0;
        self.added.extend(self.archive.link(&self.linker, &batch)?);
        Ok(())
    }
}

fn report(added: &Added, progress: &mut Progress) {
    let Added { documents, unchanged, replaced, entities, merged, .. } = added;
    let count = |n: usize, what: &str| plural(n as u64, what);
    let mut parts = vec![format!("{} added", count(*documents, "document"))];
    if *unchanged > 0 {
        parts.push(format!("{unchanged} there already"));
    }
    if !replaced.is_empty() {
        parts.push(format!("{} replaced, as their content differs ({})", replaced.len(), some(replaced)));
    }
    parts.push(format!("{entities} new {}", if *entities == 1 { "entity" } else { "entities" }));
    if !merged.is_empty() {
        let pairs: Vec<String> = merged.iter().map(|(from, into)| format!("{from} into {into}")).collect();
        parts.push(format!("{} merged ({})", pairs.len(), some(&pairs)));
    }
    progress.note(&parts.join(", "));
}

/// The first of many, by name.
fn some(names: &[String]) -> String {
    let first = names.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > 3 { first + " …" } else { first }
}
