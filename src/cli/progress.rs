//! Progress bar, messages and summary.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;

use super::outcome::Ended;
use super::terminal::{is_json, log, say};
use crate::text::{Document, plural};

/// What a command reports on stderr while it runs and when it ends.
pub(crate) struct Progress {
    verb: &'static str,
    quiet: bool,
    bar: ProgressBar,
    began: Instant,
    documents: u64,
    words: u64,
    mentions: u64,
    entities: Option<u64>,
    skipped: u64,
    failed: u64,
    /// When progress was logged last.
    logged: Instant,
}

/// How long it is between two events of progress.
const BETWEEN: Duration = Duration::from_secs(10);

impl Progress {
    /// A report on documents that are `verb` ("tagged"): a bar if stderr is a terminal, and a summary line.
    pub(crate) fn new(verb: &'static str, quiet: bool) -> Self {
        let shown = !quiet && std::io::stderr().is_terminal() && !is_json();
        let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        let (documents, words, mentions, skipped, failed) = (0, 0, 0, 0, 0);
        let began = Instant::now();
        Self { verb, quiet, bar, began, documents, words, mentions, entities: None, skipped, failed, logged: began }
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
        self.documents += 1;
        self.mentions += document.mentions.len() as u64;
    }

    /// Updates the bar: words tagged so far, bytes of input read for them.
    pub(crate) fn show(&mut self, words: u64, bytes_read: u64) {
        self.words = words;
        if is_json() && !self.quiet && self.logged.elapsed() > BETWEEN {
            self.logged = Instant::now();
            self.log("progress", bytes_read);
        }
        let counts = [(self.documents, "documents"), (self.words, "words")];
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

    /// Sets the counts for the summary.
    pub(crate) fn counted(&mut self, documents: u64, mentions: u64, entities: u64) {
        (self.documents, self.mentions, self.entities) = (documents, mentions, Some(entities));
    }

    /// Counts documents that were in the output already.
    pub(crate) fn skipped(&mut self, n: u64) {
        self.skipped += n;
    }

    /// Counts a document that failed, and prints why, even when quiet.
    pub(crate) fn failed(&mut self, line: &str) {
        self.failed += 1;
        self.bar.suspend(|| say(line));
    }

    /// Prints a notice.
    pub(crate) fn note(&self, line: &str) {
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
        if self.quiet || matches!(ended, Ended::Closed(_)) {
            return;
        }
        if is_json() {
            return self.log(if matches!(ended, Ended::Interrupted(_)) { "interrupted" } else { "end" }, 0);
        }
        let mut line = format!("{} {}", plural(self.documents, "document"), self.verb);
        if self.words > 0 {
            line += &format!(", {}", plural(self.words, "word"));
        }
        line += &format!(", {}", plural(self.mentions, "mention"));
        if let Some(entities) = self.entities {
            line += &format!(", {}", HumanCount(entities));
            line += if entities == 1 { " entity" } else { " entities" };
        }
        line += &format!(" in {:.1} s{}", self.began.elapsed().as_secs_f64(), self.rate());
        if self.skipped > 0 {
            line += &format!("; {} were done before", plural(self.skipped, "document"));
        }
        if self.failed > 0 {
            line += &format!("; {} failed", plural(self.failed, "document"));
        }
        say(&line);
    }

    /// Logs how far it came, as JSON.
    fn log(&self, event: &str, bytes_read: u64) {
        let seconds = self.began.elapsed().as_secs_f64();
        let mut line = json!({
            "event": event, "command": self.verb, "documents": self.documents, "words": self.words, "mentions": self.mentions,
            "skipped": self.skipped, "failed": self.failed, "seconds": (seconds * 10.0).round() / 10.0,
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
