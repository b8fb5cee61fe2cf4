//! How is a whole corpus linked, when it may be larger than the memory?
//!
//! It is read twice: once for the mentions, which are kept, and once to write every document with its entities.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufWriter, stdout};
use std::path::Path;

use anyhow::{Context, Result, bail};
use rayon::prelude::*;

use super::Link;
use crate::cli::Outcome;
use crate::cli::flow::{self, Ended, Reading};
use crate::cli::output::is_closed;
use crate::cli::progress::Progress;
use crate::cli::resume::Done;
use crate::io::{EntitiesWritten, EntityForm, EntityWriter, Inputs};
use crate::link::{Collection, Links};
use crate::text::Document;

/// The documents of a command, read once.
pub(super) struct Corpus {
    pub(super) inputs: Inputs,
    pub(super) collection: Collection,
    /// What tells each document from a changed one.
    fingerprints: Vec<u64>,
    pub(super) outcome: Outcome,
}

impl Corpus {
    /// Finds the inputs; [`Corpus::read`] then reads them.
    pub(super) fn open(args: &Link) -> Result<Self> {
        let inputs =
            Inputs::open(&flow::inputs(&args.input)?, &args.input.options()).context("cannot open the input")?;
        Ok(Self { inputs, collection: Collection::new(), fingerprints: Vec::new(), outcome: Outcome::Done })
    }

    /// Reads the mentions.
    pub(super) fn read(&mut self, args: &Link, progress: &mut Progress) -> Result<()> {
        let (mut n_mentions, mut n_replaced) = (0, 0);
        let Self { inputs, collection, fingerprints, .. } = self;
        self.outcome = flow::collect(inputs.documents(), args.input.on_error, progress, |document| {
            n_mentions += document.mentions.len();
            n_replaced += usize::from(document.extra.raw("entities").is_some());
            collection.add(&document);
            fingerprints.push(fingerprint(&document));
        })?;
        if n_mentions == 0 {
            progress.note("there are no mentions: documents are tagged first (allonym tag)");
        }
        if n_replaced > 0 {
            progress.note(&format!("entities of {n_replaced} documents are replaced"));
        }
        Ok(())
    }
}

pub(super) fn run(args: &Link) -> Result<Outcome> {
    let linker = args.linking.linker()?;
    let mut corpus = Corpus::open(args)?;
    for path in [args.output.output.as_deref(), args.entities.as_deref()].into_iter().flatten() {
        if corpus.inputs.include(path) {
            bail!("{}", flow::is_input(path));
        }
    }
    // Opened before the work, so that it is not done for nothing.
    let mut table = args.entities.as_deref().map(|path| open_table(path, args)).transpose()?;
    let sink = if args.no_documents { None } else { Some(args.output.create(EntitiesWritten::Always)?) };
    let mut progress = Progress::new("linked", args.output.quiet);
    corpus.read(args, &mut progress)?;
    progress.busy("linking");
    let links = linker.link(&corpus.collection);
    progress.entities(links.entities().len());
    if let Some(table) = table.take() {
        write_table(table, &links)?;
    }
    let Some(sink) = sink else {
        progress.finish(Ended::Whole(corpus.outcome));
        return Ok(corpus.outcome);
    };
    let mut n = 0;
    let ended =
        flow::run(corpus.inputs.documents(), Reading::Again, sink, Done::nothing(), &mut progress, |documents| {
            for (at, document) in documents.iter().enumerate() {
                if corpus.fingerprints.get(n + at) != Some(&fingerprint(document)) {
                    bail!("{} (document {:?})", CHANGED, document.id);
                }
            }
            documents.par_iter_mut().enumerate().for_each(|(at, document)| links.write(n + at, document));
            n += documents.len();
            Ok(0)
        })?;
    if matches!(ended, Ended::Whole(_)) && n < corpus.fingerprints.len() {
        bail!("{CHANGED} ({n} documents instead of {})", corpus.fingerprints.len());
    }
    progress.finish(ended);
    Ok(match corpus.outcome {
        Outcome::Done => ended.outcome(),
        Outcome::SomeFailed => Outcome::SomeFailed,
    })
}

const CHANGED: &str = "expected the same documents when the inputs were read for the second time, found others: what was written is not \
                       whole; run it again when nobody writes there";

/// Tells a document from one that has changed since.
fn fingerprint(document: &Document) -> u64 {
    let mut hasher = DefaultHasher::new();
    (&document.id, &document.text).hash(&mut hasher);
    for mention in &document.mentions {
        (mention.span.start(), mention.span.end(), &mention.label).hash(&mut hasher);
    }
    hasher.finish()
}

fn open_table(path: &Path, args: &Link) -> Result<EntityWriter<'static>> {
    let writer = if path != Path::new("-") {
        EntityWriter::create(path)
    } else if args.no_documents || args.output.output.is_some() {
        EntityWriter::new(EntityForm::Tsv, BufWriter::new(stdout()))
    } else {
        bail!(
            "--entities -: expected --no-documents or an --output for the documents, as both cannot go to the standard output"
        );
    };
    writer.context("cannot open the table of entities")
}

/// Writes the table; a closed pipe is no error.
fn write_table(mut table: EntityWriter<'_>, links: &Links) -> Result<()> {
    for entity in links.entities() {
        match table.write(entity, &[]) {
            Err(error) if is_closed(&error) => return Ok(()),
            other => other?,
        }
    }
    match table.finish() {
        Err(error) if is_closed(&error) => Ok(()),
        other => Ok(other?),
    }
}
