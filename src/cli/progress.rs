//! Progress bar, messages and summary.

use std::fs::File;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;

use super::certainty::Certainty;
use super::outcome::Ended;
use super::report::{Failures, Notices, Tally};
use super::terminal::{is_json, log, say};
use crate::io::Notice;
use crate::text::{Document, plural};

/// What a command reports on stderr while it runs and when it ends.
pub(crate) struct Progress {
    verb: &'static str,
    quiet: bool,
    bar: ProgressBar,
    began: Instant,
    tally: Tally,
    words: u64,
    certainty: Certainty,
    entities: Option<u64>,
    /// Names that were linked without documents.
    names: Option<u64>,
    /// Documents that were in the output already.
    skipped: u64,
    /// Documents in another language, which are not written.
    left_out: u64,
    failures: Vec<Failures>,
    /// The file for all errors, and its name.
    errors: Option<(File, PathBuf)>,
    notices: Notices,
    /// When progress was logged last.
    logged: Instant,
}

/// Most errors of one kind that are shown.
const SHOWN: u64 = 20;

/// How long it is between two events of progress.
const BETWEEN: Duration = Duration::from_secs(10);

impl Progress {
    /// A report on documents that are `verb` ("tagged"): a bar if stderr is a terminal, and a summary line.
    pub(crate) fn new(verb: &'static str, quiet: bool) -> Self {
        let shown = !quiet && std::io::stderr().is_terminal() && !is_json();
        let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        let began = Instant::now();
        Self {
            verb,
            quiet,
            bar,
            began,
            tally: Tally::default(),
            words: 0,
            certainty: Certainty::default(),
            entities: None,
            names: None,
            skipped: 0,
            left_out: 0,
            failures: Vec::new(),
            errors: None,
            notices: Notices::default(),
            logged: began,
        }
    }

    /// The time counts from now on.
    pub(crate) fn restart(&mut self) {
        (self.began, self.logged) = (Instant::now(), Instant::now());
    }

    /// Starts a pass over the inputs; `bytes` is their total size, if known.
    pub(crate) fn start(&self, bytes: Option<u64>) {
        self.bar.reset();
        let template = match bytes {
            Some(bytes) => {
                self.bar.set_length(bytes);
                "{bar:30} {percent:>3} %  {msg}  ETA {eta}"
            }
            None => "{spinner} {msg}  {elapsed}",
        };
        self.bar.set_style(ProgressStyle::with_template(template).expect("the template is sound"));
        self.bar.enable_steady_tick(Duration::from_millis(250));
    }

    /// Counts a document that was written.
    pub(crate) fn wrote(&mut self, document: &Document) {
        self.tally.add(document);
        self.certainty.add(document);
    }

    /// How sure the mentions are that were written.
    pub(crate) fn certainty(&self) -> Certainty {
        self.certainty
    }

    /// Counts names that were linked without documents.
    #[cfg(feature = "arrow")]
    pub(crate) fn names(&mut self, n: usize) {
        self.names = Some(n as u64);
    }

    /// Takes over counts that were made elsewhere.
    pub(crate) fn counted(&mut self, tally: Tally) {
        self.tally = tally;
    }

    /// Updates the bar: words tagged so far, bytes of input read for them.
    pub(crate) fn show(&mut self, words: u64, bytes_read: u64) {
        self.words = words;
        if is_json() && !self.quiet && self.logged.elapsed() > BETWEEN {
            self.logged = Instant::now();
            self.log("progress", bytes_read);
        }
        let counts = [(self.tally.documents, "documents"), (self.words, "words")];
        let known: Vec<String> =
            counts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{} {what}", HumanCount(*n))).collect();
        self.bar.set_message(format!("{}{}", known.join(", "), self.rate()));
        self.bar.set_position(bytes_read);
    }

    /// Updates the bar while inputs are only read.
    pub(crate) fn seen(&self, documents: usize, bytes_read: u64) {
        self.bar.set_message(format!("{} read", plural(documents as u64, "document")));
        self.bar.set_position(bytes_read);
    }

    /// Shows a spinner for work of unknown length.
    pub(crate) fn busy(&self, what: &'static str) {
        self.bar.set_style(ProgressStyle::with_template("{spinner} {msg}  {elapsed}").expect("the template is sound"));
        self.bar.set_message(what);
    }

    /// Sets the number of entities for the summary.
    pub(crate) fn entities(&mut self, n: usize) {
        self.entities = Some(n as u64);
    }

    /// Counts documents that were in the output already.
    pub(crate) fn skipped(&mut self, n: u64) {
        self.skipped += n;
    }

    /// Counts a document that failed, and prints why, even when quiet.
    pub(crate) fn failed(&mut self, kind: &'static str, why: &str) {
        let nth = match self.failures.iter_mut().find(|failures| failures.kind == kind) {
            Some(failures) => {
                failures.count += 1;
                failures.count
            }
            None => {
                self.failures.push(Failures { kind, count: 1, first: why.to_owned() });
                1
            }
        };
        if let Some((file, path)) = &mut self.errors
            && let Err(error) = writeln!(file, "{kind}\t{}", why.replace(['\n', '\r'], " "))
        {
            let lost = format!("error: --errors: {}: {error}", path.display());
            self.errors = None;
            self.bar.suspend(|| say(&lost));
        }
        if nth <= SHOWN || is_json() {
            self.bar.suspend(|| say(&format!("error: {why}")));
        }
    }

    /// Opens the file for all errors.
    pub(crate) fn keep_errors(&mut self, path: Option<&Path>) -> Result<()> {
        if let Some(path) = path {
            let file =
                File::create(path).with_context(|| format!("--errors: {}: cannot be written", path.display()))?;
            self.errors = Some((file, path.to_owned()));
        }
        Ok(())
    }

    /// Tells how many errors were not shown.
    fn unshown(&self) {
        if is_json() {
            return;
        }
        for Failures { kind, count, .. } in self.failures.iter().filter(|failures| failures.count > SHOWN) {
            let all = match &self.errors {
                Some((_, path)) => format!("all are in {}", path.display()),
                None => "--errors FILE keeps all".to_owned(),
            };
            say(&format!("error: {} more of the kind {kind:?} ({all})", HumanCount(count - SHOWN)));
        }
    }

    /// Prints a notice of a reader or writer.
    pub(crate) fn notice(&mut self, notice: &Notice) {
        if let Notice::Foreign { counts, skipped: true, .. } = notice {
            self.left_out += counts.iter().map(|(_, count)| count).sum::<u64>();
        }
        self.note(&notice.to_string());
    }

    /// Prints a line that is no error.
    pub(crate) fn note(&mut self, line: &str) {
        self.notices.add(line);
        if !self.quiet {
            self.bar.suspend(|| say(&format!("note: {line}")));
        }
    }

    /// Removes the bar.
    pub(crate) fn clear(&self) {
        self.bar.finish_and_clear();
    }

    /// Prints the summary, unless the reader of the output is gone.
    pub(crate) fn finish(&self, ended: Ended) {
        self.bar.finish_and_clear();
        self.unshown();
        if self.quiet || matches!(ended, Ended::Closed(_)) {
            return;
        }
        if is_json() {
            return self.log(if matches!(ended, Ended::Interrupted(_)) { "interrupted" } else { "end" }, 0);
        }
        let (unit, n) = self.names.map_or(("document", self.tally.documents), |names| ("name", names));
        let mut line = format!("{} {}", plural(n, unit), self.verb);
        if self.words > 0 {
            line += &format!(", {}", plural(self.words, "word"));
        }
        if self.names.is_none() {
            line += &format!(", {}", plural(self.tally.n_mentions(), "mention"));
        }
        if let Some(entities) = self.entities {
            line += &format!(", {}", HumanCount(entities));
            line += if entities == 1 { " entity" } else { " entities" };
        }
        line += &format!(" in {:.1} s{}", self.began.elapsed().as_secs_f64(), self.rate());
        if self.skipped > 0 {
            line += &format!("; {} were done before", plural(self.skipped, "document"));
        }
        if self.n_failed() > 0 {
            line += &format!("; {} failed", plural(self.n_failed(), unit));
        }
        say(&line);
    }

    pub(crate) fn tally(&self) -> &Tally {
        &self.tally
    }

    /// The number of words that were tagged.
    pub(crate) fn words(&self) -> u64 {
        self.words
    }

    pub(crate) fn n_entities(&self) -> Option<u64> {
        self.entities
    }

    pub(crate) fn done_before(&self) -> u64 {
        self.skipped
    }

    pub(crate) fn left_out(&self) -> u64 {
        self.left_out
    }

    pub(crate) fn n_failed(&self) -> u64 {
        self.failures.iter().map(|failures| failures.count).sum()
    }

    pub(crate) fn failures(&self) -> &[Failures] {
        &self.failures
    }

    pub(crate) fn notices(&self) -> &Notices {
        &self.notices
    }

    /// Logs how far it came, as JSON.
    fn log(&self, event: &str, bytes_read: u64) {
        let seconds = self.began.elapsed().as_secs_f64();
        let mut line = json!({
            "event": event, "command": self.verb, "documents": self.tally.documents, "words": self.words,
            "mentions": self.tally.n_mentions(), "skipped": self.skipped, "failed": self.n_failed(), "seconds": (seconds * 10.0).round() / 10.0,
            "words_per_second": (self.words as f64 / seconds.max(1e-3)).round(),
        });
        if let Some(entities) = self.entities {
            line["entities"] = entities.into();
        }
        if bytes_read > 0 {
            line["bytes_read"] = bytes_read.into();
        }
        log(&line);
    }

    fn rate(&self) -> String {
        let seconds = self.began.elapsed().as_secs_f64();
        if self.words == 0 || seconds <= 0.0 {
            return String::new();
        }
        format!(" ({} words/s)", HumanCount((self.words as f64 / seconds) as u64))
    }
}
