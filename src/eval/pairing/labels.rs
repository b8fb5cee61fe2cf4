//! Which label is scored as which?

use std::collections::BTreeMap;

use super::{PairingError, PairingOptions, Renaming};
use crate::label::{LabelId, LabelSet};

/// The labels that are scored.
pub(super) struct Labels {
    pub(super) set: LabelSet,
    pub(super) renamings: Vec<Renaming>,
    kept: Option<Vec<String>>,
    /// What each label of the input is; a renaming's index and the label that is scored.
    known: BTreeMap<String, (Option<usize>, Option<LabelId>)>,
}

impl Labels {
    pub(super) fn new(options: &PairingOptions) -> Self {
        let renaming = |(from, to): &(String, String)| Renaming { from: from.clone(), to: to.clone(), mentions: 0 };
        Self {
            set: LabelSet::new(),
            renamings: options.map.iter().map(renaming).collect(),
            kept: options.labels.clone(),
            known: BTreeMap::new(),
        }
    }

    /// The label that is scored; `None` where it is not scored.
    pub(super) fn id(&mut self, name: &str) -> Result<Option<LabelId>, PairingError> {
        let (renaming, id) = match self.known.get(name) {
            Some(&known) => known,
            None => {
                let renaming = self.renamings.iter().position(|renaming| renaming.from == name);
                let scored = renaming.map_or(name, |index| self.renamings[index].to.as_str());
                let kept = self.kept.as_ref().is_none_or(|kept| kept.iter().any(|label| label == scored));
                let id = match kept {
                    true => Some(self.set.add(scored).ok_or(PairingError::TooManyLabels)?),
                    false => None,
                };
                self.known.insert(name.to_owned(), (renaming, id));
                (renaming, id)
            }
        };
        if let Some(index) = renaming {
            self.renamings[index].mentions += 1;
        }
        Ok(id)
    }
}
