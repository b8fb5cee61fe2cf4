//! What is shown of a training on stderr.

use std::io::IsTerminal;
use std::path::Path;
use std::time::{Duration, Instant};

use indicatif::{HumanCount, HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;

use crate::cli::terminal::{is_json, log, say};
use crate::text::plural;
use crate::train::{Event, Summary};

/// A bar on a terminal, a line for each score, events in JSON.
pub(super) struct Shown {
    quiet: bool,
    bar: ProgressBar,
    began: Instant,
    /// Since the first step.
    steps_began: Option<Instant>,
    pieces: u64,
    logged: Instant,
    best: f64,
    loss: f64,
}

/// How long it is between two events of progress.
const BETWEEN: Duration = Duration::from_secs(10);

/// How much of the loss that is shown is of the last step.
const LAST: f64 = 0.1;

impl Shown {
    pub(super) fn new(quiet: bool) -> Self {
        let is_shown = !quiet && std::io::stderr().is_terminal() && !is_json();
        let target = if is_shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        let now = Instant::now();
        Self { quiet, bar, began: now, steps_began: None, pieces: 0, logged: now, best: 0.0, loss: 0.0 }
    }

    /// Prints a line that is no error.
    pub(super) fn note(&self, line: &str) {
        if !self.quiet {
            self.bar.suspend(|| say(&format!("note: {line}")));
        }
    }

    fn line(&self, line: &str) {
        if !self.quiet && !is_json() {
            self.bar.suspend(|| say(line));
        }
    }

    fn log(&self, event: &serde_json::Value) {
        if !self.quiet && is_json() {
            log(event);
        }
    }

    pub(super) fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Note(note) => self.note(note),
            Event::Begun { documents, dev, words, labels, epochs, steps, begun_as } => {
                let names = labels.iter().map(ToString::to_string).collect::<Vec<_>>();
                let head = begun_as.map_or("from nothing".to_owned(), |name| format!("as the head {name}"));
                self.line(&format!(
                    "learns {} from {} ({} words), scored on {}; begins {head}; at most {}, {}",
                    names.join(", "),
                    plural(*documents as u64, "document"),
                    HumanCount(*words as u64),
                    plural(*dev as u64, "document"),
                    plural(*epochs as u64, "epoch"),
                    plural(*steps as u64, "step"),
                ));
                self.log(&json!({
                    "event": "begin", "labels": names, "documents": documents, "dev": dev, "words": words, "epochs": epochs,
                    "steps": steps, "begun_as": begun_as,
                }));
                self.bar.set_length(*steps as u64);
                let template = "{bar:30} {percent:>3} %  {msg}  ETA {eta}";
                self.bar.set_style(ProgressStyle::with_template(template).expect("the template is sound"));
                self.bar.enable_steady_tick(Duration::from_millis(250));
            }
            Event::Step { epoch, step, steps, loss, pieces } => {
                if self.steps_began.is_none() {
                    // What was done before an interruption is no measure of the time that is left.
                    self.bar.set_position(*step as u64);
                    self.bar.reset_eta();
                }
                // The time of the first step is not known, so its pieces do not count.
                let began = match self.steps_began {
                    Some(began) => {
                        self.pieces += *pieces as u64;
                        began
                    }
                    None => *self.steps_began.insert(Instant::now()),
                };
                self.loss = if self.loss == 0.0 { *loss } else { self.loss + LAST * (loss - self.loss) };
                let rate = self.pieces as f64 / began.elapsed().as_secs_f64().max(1e-3);
                self.bar.set_position(*step as u64);
                self.bar.set_message(format!(
                    "epoch {}  loss {:.3}  best F1 {:.2}  {} pieces/s",
                    epoch + 1,
                    self.loss,
                    100.0 * self.best,
                    HumanCount(rate as u64)
                ));
                if self.logged.elapsed() > BETWEEN {
                    self.logged = Instant::now();
                    self.log(&json!({
                        "event": "progress", "epoch": epoch + 1, "step": step, "steps": steps, "loss": self.loss,
                        "pieces_per_second": rate.round(),
                    }));
                }
            }
            Event::Scored { score, best, .. } => {
                self.best = best.f1;
                let mark = if score == best { "" } else { "  (not better)" };
                let elapsed = self.began.elapsed().as_secs_f64();
                let loss = if score.epoch == 0 { String::new() } else { format!("  loss {:.4}", score.loss) };
                self.line(&format!(
                    "epoch {:>2}{loss}  F1 on dev {:.2}{mark}  {elapsed:.1} s",
                    score.epoch,
                    100.0 * score.f1
                ));
                self.log(&json!({
                    "event": "score", "epoch": score.epoch, "loss": score.loss, "f1": score.f1, "best": best.f1,
                    "seconds": (elapsed * 10.0).round() / 10.0,
                }));
            }
            Event::Stopped { step, steps } => self.note(&format!("stopped after step {step} of {steps}")),
            Event::Finishing => self.bar.finish_and_clear(),
        }
    }

    /// Prints what came out.
    pub(super) fn done(&self, folder: &Path, summary: &Summary) {
        self.bar.finish_and_clear();
        let percent = |ratio: Option<f64>| ratio.map_or("-".to_owned(), |ratio| format!("{:.2}", 100.0 * ratio));
        let (scores, exact) = (&summary.scores.micro, &summary.exact.micro);
        self.line(&format!(
            "{}: F1 on dev {} (precision {}, recall {}; in single precision {}), temperature {:.2}, of epoch {}, in {}",
            folder.display(),
            percent(scores.f1),
            percent(scores.precision),
            percent(scores.recall),
            percent(exact.f1),
            summary.temperature,
            summary.best.epoch,
            HumanDuration(self.began.elapsed()),
        ));
        for (head, f1) in &summary.kept {
            self.line(&format!("head {head}: finds what it found before with F1 {}", percent(Some(*f1))));
        }
        if let (Some(one), Some(other)) = (scores.f1, exact.f1)
            && other - one > 0.01
        {
            self.note(
                "the model is worse in bytes than in single precision: `tag --precision f32` runs it in the latter",
            );
        }
        self.log(&json!({
            "event": "end", "model": folder.display().to_string(), "f1": scores.f1, "precision": scores.precision,
            "recall": scores.recall, "f1_single_precision": exact.f1, "temperature": summary.temperature, "epoch": summary.best.epoch,
            "seconds": self.began.elapsed().as_secs_f64().round(),
        }));
    }
}
