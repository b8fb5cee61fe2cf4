//! American spellings of British words: the endings and words of the Oxford style guide.

use std::collections::HashMap;

use super::hash::FixedState;
use super::table::rows;

/// Shortest stem that an ending is replaced after.
const SHORTEST_STEM: usize = 3;

/// British words and endings with their American spellings.
#[derive(Clone, Debug, Default)]
pub(super) struct Spelling {
    words: HashMap<&'static str, &'static str, FixedState>,
    endings: Vec<(&'static str, &'static str)>,
}

impl Spelling {
    /// Reads a table of `british`, `american`, `class` and `source`.
    pub(super) fn new(table: &'static str) -> Self {
        let mut spelling = Self::default();
        for [british, american, class, _source] in rows(table) {
            match class {
                "word" => drop(spelling.words.insert(british, american)),
                "ending" => spelling.endings.push((british, american)),
                _ => panic!("expected word or ending, found {class:?}; a test reads all tables"),
            }
        }
        spelling
    }

    /// The American spelling of a British word, lower-case; `None` for any other word.
    pub(super) fn american(&self, word: &str) -> Option<String> {
        for (british, american) in &self.endings {
            if let Some(stem) = word.strip_suffix(british).filter(|stem| stem.len() >= SHORTEST_STEM) {
                return Some(format!("{stem}{american}"));
            }
        }
        self.words.get(word).map(|american| (*american).to_owned())
    }
}
