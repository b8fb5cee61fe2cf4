//! `allonym convert`

use anyhow::Result;

use super::args::Convert;
use super::flow::Reading;
use super::progress::Progress;
use super::resume::Done;
use super::{Outcome, flow};
use crate::io::EntitiesWritten;

pub(crate) fn run(args: &Convert) -> Result<Outcome> {
    let documents = flow::open(&args.input, &args.output)?;
    let sink = args.output.create(EntitiesWritten::WherePresent)?;
    let mut progress = Progress::new("converted", args.output.quiet);
    let reading = Reading::First(args.input.on_error);
    let ended = flow::run(documents, reading, sink, Done::nothing(), &mut progress, |_, _| Ok(0))?;
    progress.finish(ended);
    Ok(ended.outcome())
}
