//! Links a corpus that may be larger than the memory.
//!
//! It is read twice: once for the mentions, which are kept, and once to write each document with its entities.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use rayon::prelude::*;

use super::Link;
use crate::cli::flow::{self, CHANGED, Item, Items, Reading};
use crate::cli::outcome::{Ended, Outcome};
use crate::cli::output::{Sink, is_closed, standard};
use crate::cli::progress::Progress;
use crate::cli::report::Run;
use crate::cli::resume::Done;
use crate::io::{EntitiesWritten, EntityForm, EntityWriter, Inputs};
use crate::link::{Links, MentionStore};
use crate::pipeline::{HasDocument, Stream};
use crate::pool::Pool;
use crate::text::{Document, plural};

/// The documents of a command, read once.
pub(super) struct Corpus {
    pub(super) inputs: Inputs,
    pub(super) mentions: MentionStore,
    /// Of each document, to notice when it has changed.
    fingerprints: Arc<Vec<u64>>,
    pub(super) outcome: Outcome,
    pub(super) pool: Pool,
}

impl Corpus {
    /// Finds the inputs; [`Corpus::read`] reads them.
    pub(super) fn open(args: &Link, run: &mut Run) -> Result<Self> {
        let (inputs, mut files) = flow::open_twice(&args.input, Some(run))?;
        args.linking.list(&mut files);
        args.list_output(&mut files);
        match args.entities.as_deref() {
            Some(path) if path == Path::new("-") => files.writes_stdout(),
            path => files.writes("--entities", path),
        }
        args.report.list(&mut files)?;
        files.check()?;
        run.open()?;
        let (mentions, fingerprints, outcome) = (MentionStore::new(), Arc::default(), Outcome::Done);
        Ok(Self { inputs, mentions, fingerprints, outcome, pool: args.threads.pool() })
    }

    /// Reads the mentions.
    pub(super) fn read(&mut self, args: &Link, progress: &mut Progress) -> Result<()> {
        progress.keep_errors(args.output.errors.as_deref())?;
        let (mut n_mentions, mut n_replaced) = (0, 0_u64);
        let Self { inputs, mentions, pool, .. } = self;
        let mut fingerprints = Vec::new();
        let items = Items::new(inputs.documents(), Done::nothing(), progress);
        let mut tally = progress.tally().clone();
        let stream = flow::unchanged(items, pool);
        self.outcome = flow::collect(stream, args.input.on_error, progress, |document| {
            // Else they are counted as they are written.
            if args.no_documents {
                tally.add(&document);
            }
            n_mentions += document.mentions.len();
            n_replaced += u64::from(!document.entities.is_empty());
            mentions.add(&document).expect("readers check that spans slice the text");
            fingerprints.push(fingerprint(&document));
            Ok(())
        })?;
        self.fingerprints = Arc::new(fingerprints);
        progress.counted(tally);
        if n_mentions == 0 {
            progress.note("there are no mentions: tag the documents first (allonym tag)");
        }
        if n_replaced > 0 {
            progress.note(&format!("entities of {} are replaced", plural(n_replaced, "document")));
        }
        Ok(())
    }

    /// Reads the documents again and writes each with its entities.
    fn write(&self, links: &Arc<Links>, sink: Sink, progress: &mut Progress) -> Result<Ended> {
        let items = Items::new(self.inputs.documents(), Done::nothing(), progress);
        let (links, fingerprints) = (Arc::clone(links), Arc::clone(&self.fingerprints));
        let step = move |items: &mut [Item]| -> Vec<Result<usize, Changed>> {
            let work = |item: &mut Item| {
                let nth = item.nth;
                let Some(document) = item.document_mut() else { return Ok(0) };
                if fingerprints.get(nth) != Some(&fingerprint(document)) {
                    return Err(Changed { id: document.id.clone() });
                }
                links.write(nth, document).expect("a document with its fingerprint has its mentions");
                Ok(0)
            };
            items.par_iter_mut().map(work).collect()
        };
        let stream = Stream::new(&self.pool, items, step);
        flow::write(stream, Reading::Again(Some(self.fingerprints.len())), sink, progress)
    }
}

pub(super) fn run(args: &Link, progress: &mut Progress, run: &mut Run) -> Result<Outcome> {
    let mut corpus = Corpus::open(args, run)?;
    let linker = args.linking.linker(&corpus.pool)?;
    // Opened first, so that no work is lost if that fails.
    let mut table = args.entities.as_deref().map(|path| open_table(path, args)).transpose()?;
    let sink = if args.no_documents { None } else { Some(args.output.create(EntitiesWritten::Always)?) };
    corpus.read(args, progress)?;
    if let Outcome::Interrupted(signal) = corpus.outcome {
        progress.finish(Ended::Interrupted(signal));
        return Ok(corpus.outcome);
    }
    progress.busy("linking");
    let links = Arc::new(linker.link(std::mem::take(&mut corpus.mentions)));
    progress.entities(links.entities().len());
    if let Some(table) = table.take() {
        write_table(table, &links, args.min_mentions)?;
    }
    let Some(sink) = sink else {
        progress.finish(Ended::Whole(corpus.outcome));
        return Ok(corpus.outcome);
    };
    let ended = corpus.write(&links, sink, progress)?;
    run.ended = Some(ended);
    progress.finish(ended);
    Ok(match corpus.outcome {
        Outcome::Done => ended.outcome(),
        other => match ended {
            Ended::Interrupted(_) => ended.outcome(),
            _ => other,
        },
    })
}

/// A document that is not the one that was read the first time.
#[derive(Debug)]
struct Changed {
    id: String,
}

impl std::fmt::Display for Changed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{CHANGED} (document {:?})", self.id)
    }
}

impl std::error::Error for Changed {}

/// Hash of everything that linking reads of a document.
fn fingerprint(document: &Document) -> u64 {
    let mut hasher = DefaultHasher::new();
    (&document.id, &document.text).hash(&mut hasher);
    for mention in &document.mentions {
        (mention.span.start(), mention.span.end(), &mention.label).hash(&mut hasher);
    }
    hasher.finish()
}

pub(super) fn open_table(path: &Path, args: &Link) -> Result<EntityWriter<'static>> {
    let writer = if path != Path::new("-") {
        EntityWriter::create(path)
    } else if args.no_documents || args.output.output.is_some() {
        EntityWriter::new(EntityForm::Tsv, standard())
    } else {
        bail!(
            "--entities -: expected --no-documents or an --output for the documents, as both cannot go to the standard output"
        );
    };
    writer.context("cannot open the table of entities")
}

/// Writes the table of entities with at least some mentions; a closed pipe is no error.
pub(super) fn write_table(mut table: EntityWriter<'_>, links: &Links, min_mentions: usize) -> Result<()> {
    for (entity, explanation) in links.explained().take_while(|(entity, _)| entity.mentions() >= min_mentions) {
        match table.write(entity, &explanation.merged()) {
            Err(error) if is_closed(&error) => return Ok(()),
            other => other?,
        }
    }
    match table.finish() {
        Err(error) if is_closed(&error) => Ok(()),
        other => Ok(other?),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::args::{Cli, Command};
    use crate::cli::report::Given;

    #[test]
    fn inputs_that_change_between_the_passes_are_noticed() {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, output) = (folder.path().join("a.jsonl"), folder.path().join("out.jsonl"));
        let line = |text: &str| {
            format!("{{\"id\":\"a\",\"text\":\"{text}\",\"mentions\":[{{\"start\":0,\"end\":4,\"label\":\"LOC\"}}]}}\n")
        };
        let before = line("Oslo") + &line("Bonn");
        for (name, after, fails) in [
            ("the same", before.clone(), false),
            ("another text", line("Oslo") + &line("Rome"), true),
            ("one document less", line("Oslo"), true),
            ("one document more", before.clone() + &line("Rome"), true),
            ("a document that cannot be read any more", line("Oslo") + "{\n", true),
        ] {
            std::fs::write(&path, &before).expect("a file is written");
            let args = ["allonym", "link", "--quiet", "-o", &output.display().to_string(), &path.display().to_string()];
            let Some(Command::Link(args)) = Cli::try_parse_from(args).expect("a sound command line").command else {
                panic!("it is allonym link")
            };
            let mut progress = Progress::new("linked", true);
            let mut run = Run::new(&args.report, Given::default());
            let mut corpus = Corpus::open(&args, &mut run).expect("it is there");
            corpus.read(&args, &mut progress).expect("it is read");
            let links = Arc::new(
                args.linking.linker(&corpus.pool).expect("a linker").link(std::mem::take(&mut corpus.mentions)),
            );
            std::fs::write(&path, after).expect("a file is written");
            let sink = args.output.create(EntitiesWritten::Always).expect("an output");
            let written = corpus.write(&links, sink, &mut progress);
            assert_eq!(written.is_err(), fails, "{name}");
            if let Err(error) = written {
                assert!(error.to_string().contains("run it again"), "{name}: {error}");
            }
        }
    }
}
