//! `allonym tag`

use anyhow::Result;
use rayon::prelude::*;

use super::args::Tag;
use super::flow::Reading;
use super::progress::Progress;
use super::resume::Done;
use super::{Outcome, flow, models, start_threads};
use crate::Pool;
use crate::io::EntitiesWritten;
use crate::link::Linker;
use crate::pipeline::TagOptions;
use crate::text::Document;

pub(crate) fn run(args: &Tag) -> Result<Outcome> {
    start_threads(args.threads)?;
    let documents = flow::open(&args.input, &args.output)?;
    let linker = if args.no_link { None } else { Some(args.linking.linker(Pool::current())?) };
    let options = TagOptions {
        head: args.head.clone(),
        labels: args.labels.clone(),
        min_score: args.min_score,
        precision: args.precision.into(),
        engine: args.engine.engine()?,
    };
    let tagger = models::open(args.model.as_deref(), &options)?;
    let entities = if linker.is_some() { EntitiesWritten::Always } else { EntitiesWritten::WherePresent };
    let (done, sink) = match &args.output.output {
        Some(path) if args.resume => (Done::read(path)?, args.output.append(path, entities)?),
        _ => (Done::nothing(), args.output.create(entities)?),
    };
    let mut progress = Progress::new("tagged", args.output.quiet);
    let reading = Reading::First(args.input.on_error);
    let ended = flow::run(documents, reading, sink, done, &mut progress, |_, documents| {
        let words = tagger.tag(documents)?;
        if let Some(linker) = &linker {
            link_each(linker, documents);
        }
        Ok(words)
    })?;
    progress.finish(ended);
    Ok(ended.outcome())
}

/// Links the mentions of each document with each other.
pub(crate) fn link_each(linker: &Linker, documents: &mut [Document]) {
    let link = |document| linker.link_document(document).expect("readers and taggers give spans that slice the text");
    documents.par_iter_mut().for_each(link);
}
