//! Classes of words: in names of organisations and places, in reports, around names, and of signs that look like names.

use std::collections::HashMap;

use super::hash::FixedState;
use super::table::rows;

/// What a word can be; a word can be several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WordClass {
    Generic,
    Topic,
    StateBody,
    Rank,
    LeftOut,
    Joining,
    Ministry,
    Small,
    LegalForm,
    FormBefore,
    Izafet,
    Party,
    Feature,
    Division,
    Locative,
    Where,
    Whither,
    Motion,
    Agency,
    Competition,
    Report,
    Before,
    After,
    FileEnding,
    Currency,
    CurrencySign,
    Amount,
    Exchange,
    PartyLetter,
    Picture,
    Credit,
}

impl WordClass {
    /// Reads a cell of a table.
    fn read(cell: &str) -> Self {
        match cell {
            "generic" => Self::Generic,
            "topic" => Self::Topic,
            "state-body" => Self::StateBody,
            "rank" => Self::Rank,
            "left-out" => Self::LeftOut,
            "joining" => Self::Joining,
            "ministry" => Self::Ministry,
            "small" => Self::Small,
            "legal-form" => Self::LegalForm,
            "form-before" => Self::FormBefore,
            "izafet" => Self::Izafet,
            "party" => Self::Party,
            "feature" => Self::Feature,
            "division" => Self::Division,
            "agency" => Self::Agency,
            "locative" => Self::Locative,
            "where" => Self::Where,
            "whither" => Self::Whither,
            "motion" => Self::Motion,
            "competition" => Self::Competition,
            "report" => Self::Report,
            "before" => Self::Before,
            "after" => Self::After,
            "file-ending" => Self::FileEnding,
            "currency" => Self::Currency,
            "currency-sign" => Self::CurrencySign,
            "amount" => Self::Amount,
            "exchange" => Self::Exchange,
            "party-letter" => Self::PartyLetter,
            "picture" => Self::Picture,
            "credit" => Self::Credit,
            _ => panic!("expected a class of words, found {cell:?}; a test reads all tables"),
        }
    }
}

/// Words, and their classes as bits.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    classes: HashMap<&'static str, u32, FixedState>,
}

impl Words {
    /// Reads tables of `word`, `class` and `source`.
    pub(super) fn new(tables: &[&'static str]) -> Self {
        let mut words = Self::default();
        for [word, class, _source] in tables.iter().flat_map(|table| rows(table)) {
            *words.classes.entry(word).or_default() |= 1 << WordClass::read(class) as u16;
        }
        words
    }

    /// Whether a word is of one of some classes.
    pub(super) fn is_any(&self, word: &str, classes: &[WordClass]) -> bool {
        let mask = classes.iter().fold(0, |mask, class| mask | 1 << *class as u16);
        self.classes.get(word).is_some_and(|of_word| of_word & mask != 0)
    }
}
