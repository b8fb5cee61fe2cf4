//! The report as JSON. docs/report.md explains each field.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

use super::model::ModelUsed;
use super::tally::{Failures, Notices};

/// The number of this form. It grows when a field goes or changes its meaning, not when one is added.
pub(super) const SCHEMA: u32 = 1;

#[derive(Debug, Serialize)]
pub(super) struct Record<'r> {
    pub(super) schema: u32,
    pub(super) allonym: Program,
    pub(super) command: &'r str,
    pub(super) arguments: &'r [String],
    pub(super) options: &'r Map<String, Value>,
    pub(super) started: String,
    pub(super) ended: String,
    pub(super) state: State,
    pub(super) exit_code: u8,
    pub(super) error: Option<String>,
    pub(super) inputs: &'r InputsRead,
    pub(super) output: Option<&'r OutputWritten>,
    pub(super) model: Option<&'r ModelUsed>,
    pub(super) other_model: Option<&'r ModelUsed>,
    pub(super) counts: Counts<'r>,
    pub(super) failures: &'r [Failures],
    pub(super) notices: &'r Notices,
}

/// The program that ran.
#[derive(Debug, Serialize)]
pub(super) struct Program {
    pub(super) version: &'static str,
    pub(super) commit: Option<&'static str>,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    /// Everything came out.
    Done,
    /// Some documents failed, and all others came out.
    SomeFailed,
    /// It stopped at a document that failed, as `--on-error stop` asks.
    Stopped,
    /// Whoever read the output went away.
    Closed,
    /// A signal ended it.
    Interrupted,
    /// It could not run, or not go on.
    Failed,
}

/// What the inputs stand for.
#[derive(Debug, Default, Serialize)]
pub(crate) struct InputsRead {
    /// As they were given.
    pub(crate) given: Vec<String>,
    /// How many files these are.
    pub(crate) files: u64,
    /// Their size, as they are on the disk; `None` where one is no file.
    pub(crate) bytes: Option<u64>,
}

/// Where documents went.
#[derive(Debug, Serialize)]
pub(crate) struct OutputWritten {
    /// `None` for the standard output.
    pub(crate) path: Option<String>,
    pub(crate) format: &'static str,
}

#[derive(Debug, Serialize)]
pub(super) struct Counts<'r> {
    pub(super) documents: u64,
    pub(super) words: u64,
    pub(super) mentions: u64,
    pub(super) mentions_by_label: &'r BTreeMap<String, u64>,
    pub(super) entities: Option<u64>,
    pub(super) skipped: Skipped,
    pub(super) failed: u64,
}

/// Documents that were read and not written, without being failures.
#[derive(Debug, Serialize)]
pub(super) struct Skipped {
    /// The output of an earlier run had them.
    pub(super) done_before: u64,
    /// Their language is not the model's.
    pub(super) other_language: u64,
}
