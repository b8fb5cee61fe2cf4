//! `--report FILE`: what a run read, with what it worked, what came out and how it ended.

mod given;
mod model;
mod options;
mod record;
mod run;
mod tally;

pub(crate) use given::Given;
pub(crate) use model::ModelUsed;
pub(crate) use options::ReportTo;
pub(crate) use record::{InputsRead, OutputWritten};
pub(crate) use run::Run;
pub(crate) use tally::{Failures, Notices, Tally};
