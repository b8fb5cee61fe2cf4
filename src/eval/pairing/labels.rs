//! Which label is scored as which?

use std::collections::BTreeMap;

use serde::Serialize;

use super::error::PairingError;
use super::options::PairingOptions;
use crate::label::{LabelId, LabelSet};

/// A renaming of labels, and how often it was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Renaming {
    /// The label in the input.
    pub from: String,
    /// The label that is scored.
    pub to: String,
    /// How many mentions of all sides it renamed.
    pub mentions: u64,
}

/// Most labels: reports have a cell for each pair of them.
const MOST: usize = 2000;

/// The labels that are scored.
pub(super) struct Labels {
    pub(super) set: LabelSet,
    pub(super) renamings: Vec<Renaming>,
    kept: Option<Vec<String>>,
    known: BTreeMap<String, Known>,
}

/// A label of the input.
#[derive(Clone, Copy)]
struct Known {
    /// The index of its renaming.
    renaming: Option<usize>,
    /// The label that is scored; `None` if it is left out.
    id: Option<LabelId>,
}

impl Labels {
    pub(super) fn new(options: &PairingOptions) -> Self {
        let renaming = |(from, to): &(String, String)| Renaming { from: from.clone(), to: to.clone(), mentions: 0 };
        Self {
            set: LabelSet::new(),
            renamings: options.label_map.iter().map(renaming).collect(),
            kept: options.labels.clone(),
            known: BTreeMap::new(),
        }
    }

    /// The label that is scored; `None` if it is left out.
    pub(super) fn id(&mut self, name: &str) -> Result<Option<LabelId>, PairingError> {
        let Known { renaming, id } = match self.known.get(name) {
            Some(&known) => known,
            None => {
                let known = self.learn(name)?;
                self.known.insert(name.to_owned(), known);
                known
            }
        };
        if let Some(index) = renaming {
            self.renamings[index].mentions += 1;
        }
        Ok(id)
    }

    fn learn(&mut self, name: &str) -> Result<Known, PairingError> {
        let renaming = self.renamings.iter().position(|renaming| renaming.from == name);
        let scored = renaming.map_or(name, |index| self.renamings[index].to.as_str());
        let is_kept = self.kept.as_ref().is_none_or(|kept| kept.iter().any(|label| label == scored));
        let id = match is_kept {
            true => {
                Some(self.set.add(scored).filter(|id| usize::from(id.0) < MOST).ok_or(PairingError::TooManyLabels)?)
            }
            false => None,
        };
        Ok(Known { renaming, id })
    }
}
