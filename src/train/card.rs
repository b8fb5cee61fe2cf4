//! The card of a model: what it was trained on, how, and how good it is.

use std::fmt;

use super::gold::Gold;
use super::options::{OldHeads, Options};
use super::state::Place;
use crate::eval::Scores;
use crate::label::LabelSet;
use crate::model::Source;

/// All that the card says.
pub(crate) struct Card<'a> {
    pub(crate) from: &'a Source,
    pub(crate) gold: &'a Gold,
    pub(crate) dev: &'a Gold,
    pub(crate) options: &'a Options,
    pub(crate) labels: &'a LabelSet,
    pub(crate) n_words: usize,
    pub(crate) step_pieces: usize,
    pub(crate) rate: f32,
    pub(crate) n_epochs: usize,
    pub(crate) place: &'a Place,
    pub(crate) begun_as: Option<&'a str>,
    pub(crate) temperature: Option<f32>,
    pub(crate) scores: &'a Scores,
    pub(crate) exact: &'a Scores,
    pub(crate) kept: &'a [(String, f64)],
    pub(crate) seconds: f64,
}

impl fmt::Display for Card<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let labels = self.labels.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        writeln!(f, "# A model for {labels}\n")?;
        writeln!(f, "Trained by allonym {} from {}.\n", env!("CARGO_PKG_VERSION"), name(self.from))?;
        writeln!(f, "## Data\n\n| | documents | mentions | SHA-256 of ids, texts and mentions |\n|---|---|---|---|")?;
        for (what, gold) in [("trained on", self.gold), ("scored on", self.dev)] {
            let mentions: usize = gold.documents.iter().map(|document| document.mentions.len()).sum();
            let (name, documents) = (cell(&gold.name), gold.documents.len());
            writeln!(f, "| {what}: {name} | {documents} | {mentions} | {} |", gold.sha256())?;
        }
        let best = self.place.history[self.place.best];
        writeln!(f, "\n## Scores on dev\n")?;
        writeln!(f, "The model was chosen by these documents, so on others it may be a little worse.\n")?;
        writeln!(f, "| label | precision | recall | F1 | mentions |\n|---|---|---|---|---|")?;
        let micro = std::iter::once(("all", &self.scores.micro));
        let rows = micro.chain(self.scores.labels.iter().map(|label| (label.label.as_str(), &label.figures)));
        for (label, figures) in rows {
            let [p, r, f1] = [figures.precision, figures.recall, figures.f1].map(percent);
            writeln!(f, "| {} | {p} | {r} | {f1} | {} |", cell(label), figures.counts.gold)?;
        }
        writeln!(f, "\nIn single precision F1 is {}.\n", percent(self.exact.micro.f1))?;
        match self.temperature {
            Some(temperature) => writeln!(f, "Temperature fitted on dev: {temperature:.2}.")?,
            None => writeln!(f, "Too few mentions were found on dev to fit a temperature: it is 1.")?,
        }
        writeln!(f, "\n| epoch | loss | F1 on dev |\n|---|---|---|")?;
        for score in &self.place.history {
            let mark = if *score == best { " (this model)" } else { "" };
            let loss = if score.epoch == 0 { "-".to_owned() } else { format!("{:.4}", score.loss) };
            let unscored = score.epoch == 0 && self.begun_as.is_none();
            let f1 = if unscored { "-".to_owned() } else { percent(Some(score.f1)) };
            writeln!(f, "| {} | {loss} | {f1}{mark} |", score.epoch)?;
        }
        if self.options.old_heads == OldHeads::Kept {
            writeln!(
                f,
                "\n## Heads that stayed\n\nWhat they find on the texts of dev, against what they found before.\n"
            )?;
            writeln!(f, "| head | F1 |\n|---|---|")?;
            for (head, f1) in self.kept {
                writeln!(f, "| {} | {} |", cell(head), percent(Some(*f1)))?;
            }
        }
        let Options { freeze, epochs, seed, head, .. } = self.options;
        writeln!(f, "\n## Settings\n\n| | |\n|---|---|")?;
        let begun = self.begun_as.map_or("random numbers".to_owned(), |name| format!("head {name}"));
        for (setting, value) in [
            ("head", cell(head)),
            ("it begins as", begun),
            ("frozen", freeze.to_string()),
            ("epochs", format!("{epochs}: at most {}", self.n_epochs)),
            ("pieces of a step", self.step_pieces.to_string()),
            ("learning rate", self.rate.to_string()),
            ("seed", seed.to_string()),
            ("words", self.n_words.to_string()),
            ("threads", self.options.pool.n_threads().to_string()),
            ("seconds", format!("{:.0}", self.seconds)),
        ] {
            writeln!(f, "| {setting} | {value} |")?;
        }
        Ok(())
    }
}

fn percent(ratio: Option<f64>) -> String {
    ratio.map_or("-".to_owned(), |ratio| format!("{:.2}", 100.0 * ratio))
}

/// Text for a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace(['\n', '\r'], " ")
}

fn name(source: &Source) -> String {
    match source {
        Source::Embedded(model) => format!("{} (built in)", model.name()),
        Source::Folder(path) => path.display().to_string(),
        Source::Hub(name) => name.clone(),
    }
}
