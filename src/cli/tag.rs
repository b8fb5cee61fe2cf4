//! `allonym tag`

use anyhow::Result;

use super::args::Tag;
use super::progress::Progress;
use super::resume::Done;
use super::{Outcome, flow, models, start_threads};
use crate::pipeline::TagOptions;

pub(crate) fn run(args: &Tag) -> Result<Outcome> {
    start_threads(args.threads)?;
    let documents = flow::open(&args.input)?;
    let options = TagOptions {
        head: args.head.clone(),
        labels: args.labels.clone(),
        min_score: args.min_score,
        precision: args.precision.into(),
    };
    let tagger = models::open(args.model.as_deref(), &options)?;
    let (done, sink) = match &args.output.output {
        Some(path) if args.resume => (Done::read(path)?, args.output.append(path)?),
        _ => (Done::nothing(), args.output.create()?),
    };
    let progress = Progress::new("tagged", args.output.quiet);
    flow::run(documents, args.input.on_error, sink, done, progress, |documents| Ok(tagger.tag(documents)?))
}
