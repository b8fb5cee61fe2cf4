//! Words in and around names of persons that are no names: titles, suffixes, particles.
//!
//! A run at the start of a name is set aside up to its last [`WordKind::Title`]. Words that are also common given names or surnames (Shah,
//! Malik, Mir, Sultan, Khan, Prince, King, Major) are not listed: a name must not lose them.

use std::collections::{HashMap, HashSet};

use super::hash::FixedState;
use super::table::rows;
use super::titles::Titles;

/// What a word means before, inside or after a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WordKind {
    /// Office or honorific that may end a run of titles: minister, gen, dr, sheikh.
    Title,
    /// Part of a run that a title ends: prime, foreign, of, the.
    Qualifier,
    /// Generation, degree or state of service: jr, iii, phd, retd.
    Suffix,
    /// Arabic article and its assimilated forms: al, el, ul, ash.
    Article,
    /// "Son of" or "daughter of": bin, ibn, bint.
    Patronymic,
    /// "Father of" or "mother of": abu, umm.
    Kunya,
    /// "Of", "the" or "from" in European surnames: de, van, von.
    Nobiliary,
    /// "Servant of", which needs a name of God after it: abd, abdul.
    Servant,
    /// Any other word.
    Word,
}

/// Words of names by what they are.
#[derive(Clone, Debug, Default)]
pub(super) struct NameWords {
    kinds: HashMap<&'static str, WordKind, FixedState>,
    /// Suffixes that tell a generation, and that generation.
    generations: HashMap<&'static str, &'static str, FixedState>,
    /// Titles of scripts without short vowels, romanised letter by letter.
    unwritten_titles: HashSet<&'static str, FixedState>,
    /// Given names that are so often left out before another given name that they tell no two persons apart.
    prefixes: HashSet<&'static str, FixedState>,
}

impl NameWords {
    /// Reads a table of `word`, `class`, `generation` and `source`. What is a title before a name is nothing else.
    pub(super) fn new(table: &'static str, titles: &Titles) -> Self {
        let mut words = Self::default();
        words.kinds.extend(titles.before().map(|title| (title, WordKind::Title)));
        for [word, class, generation, _source] in rows(table) {
            let kind = match class {
                "unwritten-title" => {
                    words.unwritten_titles.insert(word);
                    continue;
                }
                "prefix" => {
                    words.prefixes.insert(word);
                    continue;
                }
                "qualifier" => WordKind::Qualifier,
                "suffix" => WordKind::Suffix,
                "article" => WordKind::Article,
                "patronymic" => WordKind::Patronymic,
                "kunya" => WordKind::Kunya,
                "nobiliary" => WordKind::Nobiliary,
                "servant" => WordKind::Servant,
                _ => panic!("expected a class of words, found {class:?}; a test reads all tables"),
            };
            assert!(words.kinds.insert(word, kind).is_none(), "{word:?} is of two classes");
            if !generation.is_empty() {
                words.generations.insert(word, generation);
            }
        }
        words
    }

    pub(super) fn kind(&self, word: &str) -> WordKind {
        self.kinds.get(word).copied().unwrap_or(WordKind::Word)
    }

    pub(super) fn generation(&self, suffix: &str) -> Option<&'static str> {
        self.generations.get(suffix).copied()
    }

    pub(super) fn is_unwritten_title(&self, word: &str) -> bool {
        self.unwritten_titles.contains(word)
    }

    pub(super) fn is_prefix(&self, word: &str) -> bool {
        self.prefixes.contains(word)
    }
}
