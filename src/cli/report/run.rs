//! A run that is reported on.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::time::SystemTime;

use anyhow::{Context, Result};

use super::given::Given;
use super::model::ModelUsed;
use super::options::ReportTo;
use super::record::{Counts, InputsRead, OutputWritten, Program, Record, SCHEMA, Skipped, State};
use crate::cli::outcome::{COULD_NOT_RUN, Ended, Outcome};
use crate::cli::progress::Progress;
use crate::cli::terminal::say;
use crate::io::Staged;

/// What is known of a run before it has ended.
pub(crate) struct Run {
    given: Given,
    started: SystemTime,
    path: Option<PathBuf>,
    /// The report on its way to its place.
    file: Option<(File, Staged)>,
    pub(crate) inputs: InputsRead,
    pub(crate) output: Option<OutputWritten>,
    pub(crate) model: Option<ModelUsed>,
    /// The one for documents in other languages.
    pub(crate) other_model: Option<ModelUsed>,
    pub(crate) ended: Option<Ended>,
}

impl Run {
    /// A run that begins now.
    pub(crate) fn new(to: &ReportTo, given: Given) -> Self {
        let (path, started) = (to.path.clone(), SystemTime::now());
        Self {
            given,
            started,
            path,
            file: None,
            inputs: InputsRead::default(),
            output: None,
            model: None,
            other_model: None,
            ended: None,
        }
    }

    /// Whether anybody wants a report.
    pub(crate) fn is_reported(&self) -> bool {
        self.path.is_some()
    }

    /// Opens the report, once it is sure that it destroys nothing that is read. A run that ends before has none.
    pub(crate) fn open(&mut self) -> Result<()> {
        if let Some(path) = &self.path {
            let file =
                Staged::create(path).with_context(|| format!("--report: {}: cannot be written", path.display()))?;
            self.file = Some(file);
        }
        Ok(())
    }

    /// Writes the report on a run that ended like this, and returns its outcome.
    pub(crate) fn end(mut self, result: Result<Outcome>, progress: &Progress) -> Result<Outcome> {
        let Some((file, staged)) = self.file.take() else { return result };
        let path = self.path.clone().unwrap_or_default();
        let written = serde_json::to_string_pretty(&self.record(&result, progress)).map_err(std::io::Error::from);
        let written = written.and_then(|text| {
            let mut file = BufWriter::new(file);
            writeln!(file, "{text}").and_then(|()| file.flush())
        });
        let written = written.and_then(|()| staged.commit());
        let written = written.with_context(|| format!("--report: {}: cannot be written", path.display()));
        match (result, written) {
            (Ok(outcome), written) => written.map(|()| outcome),
            // What went wrong first is what counts.
            (Err(first), written) => {
                written.err().iter().for_each(|error| say(&format!("error: {error:#}")));
                Err(first)
            }
        }
    }

    fn record<'r>(&'r self, result: &Result<Outcome>, progress: &'r Progress) -> Record<'r> {
        let tally = progress.tally();
        Record {
            schema: SCHEMA,
            allonym: Program { version: env!("CARGO_PKG_VERSION"), commit: option_env!("ALLONYM_COMMIT") },
            command: &self.given.command,
            arguments: &self.given.arguments,
            options: &self.given.options,
            started: rfc3339(self.started),
            ended: rfc3339(SystemTime::now()),
            state: state(result, self.ended),
            exit_code: result.as_ref().map_or(COULD_NOT_RUN, |outcome| outcome.code()),
            error: result.as_ref().err().map(|error| format!("{error:#}")),
            inputs: &self.inputs,
            output: self.output.as_ref(),
            model: self.model.as_ref(),
            other_model: self.other_model.as_ref(),
            counts: Counts {
                documents: tally.documents,
                words: tally.words.unwrap_or_else(|| progress.words()),
                mentions: tally.n_mentions(),
                mentions_by_label: &tally.mentions,
                entities: progress.n_entities(),
                skipped: Skipped { done_before: progress.done_before(), other_language: progress.left_out() },
                failed: progress.n_failed(),
            },
            failures: progress.failures(),
            notices: progress.notices(),
        }
    }
}

fn state(result: &Result<Outcome>, ended: Option<Ended>) -> State {
    match (result, ended) {
        (Err(_), _) => State::Failed,
        (Ok(Outcome::Interrupted(_)), _) => State::Interrupted,
        (Ok(_), Some(Ended::Stopped)) => State::Stopped,
        (Ok(_), Some(Ended::Closed(_))) => State::Closed,
        (Ok(Outcome::SomeFailed), _) => State::SomeFailed,
        (Ok(Outcome::Done), _) => State::Done,
    }
}

/// A moment in UTC, to the millisecond, as RFC 3339 has it.
fn rfc3339(moment: SystemTime) -> String {
    humantime::format_rfc3339_millis(moment).to_string()
}
