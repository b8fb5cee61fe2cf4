//! How did a report come about?

use serde::Serialize;

use super::section::Section;
use crate::eval::{Renaming, Unit};
use crate::text::Grouped;

/// All that is needed to make the same report again; part of every report.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stamp {
    /// The version of allonym.
    pub allonym: String,
    /// The command as it was given.
    pub command: String,
    /// The files that were read, the gold first.
    pub inputs: Vec<InputStamp>,
    /// What was made of tags that break their scheme: `begin`, `discard` or `error`.
    pub repair: String,
    /// What made two texts the same: `text` or `tokens`.
    pub alignment: String,
    /// The renamings of labels.
    pub map: Vec<Renaming>,
    /// The labels that were scored; `None` when all were.
    pub labels: Option<Vec<String>>,
    /// What was resampled.
    pub unit: Unit,
    /// How many of those there are.
    pub units: u64,
    /// How many samples the intervals come from; 0 when there are none.
    pub samples: u32,
    /// How many trials the p-values come from.
    pub trials: u32,
    /// What the random numbers start from.
    pub seed: u64,
}

/// A file, or a folder of files, that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InputStamp {
    /// What it was to the report: `gold`, `system`, `train` or `model`.
    pub role: Role,
    /// Its path as it was given.
    pub path: String,
    /// The SHA-256 of its bytes; of a folder, of the list of its files' names and hashes.
    pub sha256: String,
    /// What is known about its tags, file by file.
    pub schemes: Vec<SchemeStamp>,
}

/// What an input was to the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The hand-labelled documents.
    Gold,
    /// A system's output.
    System,
    /// The documents whose names count as seen.
    Train,
    /// The model that tagged the gold's text.
    Model,
}

/// How the tags of a file were read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SchemeStamp {
    /// The file.
    pub path: String,
    /// The scheme with the evidence for it, such as `IOB2 (127 B- tags begin a mention)`.
    pub scheme: String,
    /// How many places of the file break the scheme.
    pub repairs: u64,
}

impl Stamp {
    /// The stamp as a part of the report.
    pub(crate) fn section(&self) -> Section {
        let mut section = Section::new("How this report came about").words(&["", ""]);
        let mut say = |name: &str, value: String| section.row([name.to_owned(), value]);
        say("allonym", self.allonym.clone());
        say("command", self.command.clone());
        for input in &self.inputs {
            let role = match input.role {
                Role::Gold => "gold",
                Role::System => "system",
                Role::Train => "train",
                Role::Model => "model",
            };
            say(role, format!("{} sha256 {}", input.path, input.sha256));
            for scheme in &input.schemes {
                say("", format!("{}: {}; {} repairs", scheme.path, scheme.scheme, scheme.repairs));
            }
        }
        say("repair", self.repair.clone());
        say("matching", format!("documents by id, then by order; by {}; mentions strictly", self.alignment));
        let map: Vec<String> = self
            .map
            .iter()
            .map(|renaming| format!("{}={} ({})", renaming.from, renaming.to, renaming.mentions))
            .collect();
        say("map", if map.is_empty() { "none".to_owned() } else { map.join(", ") });
        say("labels", self.labels.as_ref().map_or_else(|| "all".to_owned(), |labels| labels.join(", ")));
        let unit = match self.unit {
            Unit::Document => "documents",
            Unit::Sentence => "sentences",
        };
        say(
            "resampling",
            format!(
                "{} {unit}, {} samples, {} trials, seed {}",
                Grouped(self.units),
                self.samples,
                self.trials,
                self.seed
            ),
        );
        say("undefined", "a ratio whose denominator is zero is n/a".to_owned());
        section
    }
}
