//! `allonym convert`

use anyhow::Result;

use super::args::Convert;
use super::progress::Progress;
use super::resume::Done;
use super::{Outcome, flow};

pub(crate) fn run(args: &Convert) -> Result<Outcome> {
    let documents = flow::open(&args.input)?;
    let sink = args.output.create()?;
    let progress = Progress::new("converted", args.output.quiet);
    flow::run(documents, args.input.on_error, sink, Done::nothing(), progress, |_| Ok(0))
}
