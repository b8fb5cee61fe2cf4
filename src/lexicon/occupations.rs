//! Occupations: what ordinary people are called by, and public figures are not.

use std::collections::HashMap;

use super::hash::FixedState;
use super::table::rows;

/// What an occupation says of its bearer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Occupation {
    /// Work that holders of offices are not called by: teacher, farmer.
    Work,
    /// Sport: striker, coach.
    Sport,
    /// Work that holders of offices often have besides: lawyer, professor.
    Overlapping,
}

/// Occupations by their last word.
#[derive(Clone, Debug, Default)]
pub(super) struct Occupations {
    words: HashMap<&'static str, Occupation, FixedState>,
}

impl Occupations {
    /// Reads a table of `word`, `class` and `source`.
    pub(super) fn new(table: &'static str) -> Self {
        let read = |[word, class, _source]: [&'static str; 3]| {
            let class = match class {
                "work" => Occupation::Work,
                "sport" => Occupation::Sport,
                "overlapping" => Occupation::Overlapping,
                _ => panic!("expected a class of occupations, found {class:?}; a test reads all tables"),
            };
            (word, class)
        };
        Self { words: rows(table).map(read).collect() }
    }

    pub(super) fn get(&self, word: &str) -> Option<Occupation> {
        self.words.get(word).copied()
    }
}
