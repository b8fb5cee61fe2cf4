//! `allonym link`

#[cfg(feature = "archive")]
mod archive;
mod args;
mod corpus;
#[cfg(feature = "arrow")]
mod counted;
mod explain;
mod names;
mod pairs;

use std::convert::Infallible;
use std::path::Path;

use anyhow::{Result, bail};
use rayon::prelude::*;

pub(crate) use args::{Link, Linking};

use super::flow::{self, Item, Items, Reading};
use super::outcome::Outcome;
use super::progress::Progress;
use super::report::{Given, Run, Tally};
use super::resume::Done;
use crate::io::EntitiesWritten;
use crate::pipeline::{HasDocument, Stream};

pub(crate) fn run(args: &Link, given: Given) -> Result<Outcome> {
    if let Some(shard) = &args.shard {
        bail!(
            "--shard: expected all documents, found the part {shard}: names of one part may be those of another; tag in parts \
             (allonym tag --shard), then link their outputs together"
        );
    }
    #[cfg(feature = "arrow")]
    if let Some(table) = &args.names {
        return counted::run(table, args);
    }
    if let Some(path) = &args.pairs {
        let pool = args.threads.pool();
        return pool.install(|| pairs::run(path, args.output.output.as_deref()));
    }
    #[cfg(feature = "archive")]
    if let Some(path) = &args.archive.file {
        return reported(args, given, |progress, run| archive::run(path, args, progress, run));
    }
    if args.no_documents && args.entities.is_none() {
        bail!("--no-documents: expected --entities or --archive beside it, found neither");
    }
    match (args.explain.as_slice(), args.input.inputs.as_slice()) {
        ([], _) if args.within => reported(args, given, |progress, run| within(args, progress, run)),
        ([], _) => reported(args, given, |progress, run| corpus::run(args, progress, run)),
        ([first, second], []) if Path::new(second).exists() => bail!(
            "--explain: expected two names, found {second:?}, which is a file; documents come first: \
             allonym link {second} --explain {first:?}"
        ),
        ([first, second], []) => names::run(first, second),
        ([entity], _) => explain::run(entity, args),
        (_, inputs) => bail!(
            "--explain: expected one entity of the documents {}, or two names without documents, found both; documents come \
             first: allonym link {} --explain {:?}",
            inputs.join(" "),
            inputs.join(" "),
            args.explain[0]
        ),
    }
}

/// Links, and reports on it.
fn reported(
    args: &Link,
    given: Given,
    link: impl FnOnce(&mut Progress, &mut Run) -> Result<Outcome>,
) -> Result<Outcome> {
    let mut run = Run::new(&args.report, given);
    let mut progress = Progress::new("linked", args.output.messages.quiet);
    if run.is_reported() {
        progress.counted(Tally::with_words());
    }
    run.output = (!args.no_documents).then(|| args.output.written());
    let result = link(&mut progress, &mut run);
    run.end(result, &progress)
}

/// Links within each document, as `allonym tag` does.
fn within(args: &Link, progress: &mut Progress, run: &mut Run) -> Result<Outcome> {
    let (documents, mut files) = flow::open(&args.input, Some(run))?;
    args.output.list(&mut files);
    args.report.list(&mut files)?;
    args.linking.list(&mut files);
    files.check()?;
    run.open()?;
    progress.keep_errors(args.output.errors.as_deref())?;
    let pool = args.threads.pool();
    let linker = args.linking.linker(&pool)?;
    let sink = args.output.create(EntitiesWritten::Always)?;
    let step = move |items: &mut [Item]| -> Vec<Result<usize, Infallible>> {
        items.par_iter_mut().for_each(|item| {
            if let Some(document) = item.document_mut() {
                linker.link_document(document).expect("readers check that spans slice the text");
            }
        });
        items.iter().map(|_| Ok(0)).collect()
    };
    let stream = Stream::new(&pool, Items::new(documents, Done::nothing(), progress), step);
    let ended = flow::write(stream, Reading::First(args.input.on_error), sink, progress)?;
    run.ended = Some(ended);
    progress.finish(ended);
    Ok(ended.outcome())
}
