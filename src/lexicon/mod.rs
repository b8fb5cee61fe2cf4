//! The words of a language that linking knows.
//!
//! A [`Lexicon`] has what `models/link/en` says: titles and what they tell of a person, given names, words that say what kind of
//! organisation or place a name is of, legal forms, spellings. Rules ask it and have no words of their own. [`ArabicWords`] has what
//! `models/words/arabic.tsv` says.

mod arabic;
mod family_names;
mod gender;
mod given;
mod hash;
mod language;
mod letters;
mod name_words;
mod occupations;
mod spelling;
mod states;
mod table;
mod titles;
mod words;

pub(crate) use arabic::ArabicWords;
pub(crate) use family_names::FamilyLanguage;
pub use gender::Gender;
pub(crate) use given::GivenName;
pub use language::Lexicon;
pub(crate) use letters::fold_letters;
pub(crate) use name_words::WordKind;
pub(crate) use occupations::Occupation;
pub(crate) use table::rows;
pub use titles::{Title, TitleKind};
