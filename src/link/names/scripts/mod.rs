//! Words of other scripts, and the Latin letters that they may be written with.
//!
//! A word is cut into the units of its script: letters, groups of letters that write one sound, the consonants and vowels of a syllable.
//! `models/link/scripts/letters.tsv` has the readings of each unit by the standards of its languages; `costs.tsv`, learnt from a table of the
//! world's names, says how often a unit is written as which Latin letters, and which letters stand between units that no unit writes: the
//! short vowels of Arabic and Hebrew, the inherent vowel of Devanagari.

mod fit;
mod korean;
mod table;
mod word;

pub(super) use fit::{Fit, fit};
pub(super) use korean::KoreanName;
pub(super) use table::Script;
pub(super) use word::ScriptWord;
