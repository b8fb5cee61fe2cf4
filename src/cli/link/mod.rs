//! `allonym link`

mod args;
mod corpus;
mod explain;
mod names;
mod pairs;

use std::path::Path;

use anyhow::{Result, bail};

pub(crate) use args::{Link, Linking};

use super::flow::Reading;
use super::progress::Progress;
use super::resume::Done;
use super::{Outcome, flow, start_threads};
use crate::Pool;
use crate::io::EntitiesWritten;

pub(crate) fn run(args: &Link) -> Result<Outcome> {
    start_threads(args.threads)?;
    if let Some(path) = &args.pairs {
        return pairs::run(path, args.output.output.as_deref());
    }
    match (args.explain.as_slice(), args.input.inputs.as_slice()) {
        ([], _) if args.within => within(args),
        ([], _) => corpus::run(args),
        ([first, second], []) if Path::new(second).exists() => bail!(
            "--explain: expected two names, found {second:?}, which is a file; documents stand first: \
             allonym link {second} --explain {first:?}"
        ),
        ([first, second], []) => names::run(first, second),
        ([entity], _) => explain::run(entity, args),
        (_, inputs) => bail!(
            "--explain: expected one entity of the documents {}, or two names without documents, found both; documents stand \
             first: allonym link {} --explain {:?}",
            inputs.join(" "),
            inputs.join(" "),
            args.explain[0]
        ),
    }
}

/// Links within each document, as `allonym tag` does.
fn within(args: &Link) -> Result<Outcome> {
    let documents = flow::open(&args.input, &args.output)?;
    let linker = args.linking.linker(Pool::current())?;
    let sink = args.output.create(EntitiesWritten::Always)?;
    let mut progress = Progress::new("linked", args.output.quiet);
    let reading = Reading::First(args.input.on_error);
    let ended = flow::run(documents, reading, sink, Done::nothing(), &mut progress, |_, documents| {
        super::tag::link_each(&linker, documents);
        Ok(0)
    })?;
    progress.finish(ended);
    Ok(ended.outcome())
}
