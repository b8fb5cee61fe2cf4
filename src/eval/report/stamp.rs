//! How did a report come about?

use serde::Serialize;

use super::inputs::InputStamp;
use super::options::ReportOptions;
use crate::eval::unit::unit_counts;
use crate::eval::{Alignment, Pairing, Renaming, Unit};

/// All that is needed to make the report again; part of every report.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Stamp {
    /// The version of allonym.
    pub allonym: String,
    /// The command.
    pub command: String,
    /// The files that were read, the gold first.
    pub inputs: Vec<InputStamp>,
    /// How tags that break their scheme were read: `begin`, `discard` or `error`.
    pub repair: String,
    /// How documents were aligned: by `text` or by `tokens`.
    pub alignment: String,
    /// The renamings of labels.
    pub map: Vec<Renaming>,
    /// The labels that were scored; `None` if all were.
    pub labels: Option<Vec<String>>,
    /// What was resampled.
    pub unit: Unit,
    /// The number of units in the corpus.
    pub units: u64,
    /// The number of samples for the intervals; 0 if there are none.
    pub samples: u32,
    /// The number of trials for each p-value; 0 if there are none.
    pub trials: u32,
    /// The seed of the random numbers.
    pub seed: u64,
}

impl Stamp {
    pub(super) fn new(pairing: &Pairing, options: &ReportOptions<'_>) -> Self {
        let unit = Unit::of(&pairing.corpus);
        let n_systems = pairing.corpus.n_systems;
        let units = if n_systems > 0 { unit_counts(&pairing.corpus, 0, unit).len() as u64 } else { 0 };
        let alignment = match pairing.alignment {
            Alignment::Text => "text",
            Alignment::Tokens => "tokens",
        };
        Self {
            allonym: env!("CARGO_PKG_VERSION").to_owned(),
            command: options.command.clone(),
            inputs: options.inputs.clone(),
            repair: options.repair.to_string(),
            alignment: alignment.to_owned(),
            map: pairing.renamings.clone(),
            labels: pairing.labels.clone(),
            unit,
            units,
            samples: options.samples,
            trials: if n_systems > 1 { options.trials } else { 0 },
            seed: options.seed,
        }
    }
}
