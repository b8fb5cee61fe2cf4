//! Family names of one syllable, which stand first.

use std::collections::HashSet;

use super::hash::FixedState;
use super::table::rows;

/// Languages whose names are a family name and one or two syllables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum FamilyLanguage {
    Chinese,
    Korean,
    Vietnamese,
}

impl FamilyLanguage {
    /// Reads a cell of a table.
    fn read(cell: &str) -> Self {
        match cell {
            "chinese" => Self::Chinese,
            "korean" => Self::Korean,
            "vietnamese" => Self::Vietnamese,
            _ => panic!("expected a language of family names, found {cell:?}; a test reads all tables"),
        }
    }
}

/// Family names by language, in lower-case Latin letters of any romanisation.
#[derive(Clone, Debug, Default)]
pub(super) struct FamilyNames {
    names: HashSet<(&'static str, FamilyLanguage), FixedState>,
}

impl FamilyNames {
    /// Reads a table of `name`, `language` and `source`.
    pub(super) fn new(table: &'static str) -> Self {
        let names = rows(table).map(|[name, language, _source]| (name, FamilyLanguage::read(language)));
        Self { names: names.collect() }
    }

    pub(super) fn has(&self, name: &str, language: FamilyLanguage) -> bool {
        self.names.contains(&(name, language))
    }
}
