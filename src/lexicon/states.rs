//! Abbreviations of states: "Calif.", "D.C.", "NY".

use std::collections::HashMap;

use super::hash::FixedState;
use super::table::rows;

/// States, provinces and territories by their abbreviations, which are lower-case letters only.
#[derive(Clone, Debug, Default)]
pub(super) struct States {
    names: HashMap<&'static str, &'static str, FixedState>,
}

impl States {
    /// Reads a table of `abbreviation`, `state` and `source`.
    pub(super) fn new(table: &'static str) -> Self {
        Self { names: rows(table).map(|[abbreviation, state, _source]| (abbreviation, state)).collect() }
    }

    /// Whether a text is the name or an abbreviation of a state.
    pub(super) fn has(&self, text: &str) -> bool {
        self.get(text).is_some() || self.names.values().any(|name| name.eq_ignore_ascii_case(text))
    }

    /// The state that an abbreviation stands for, whatever its dots and capitals.
    pub(super) fn get(&self, abbreviation: &str) -> Option<&'static str> {
        let key: String = abbreviation.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        self.names.get(key.as_str()).copied()
    }
}
