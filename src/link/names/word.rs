//! The words of a name, romanised.

use super::letters::Letters;
use super::romanise::{Place, Romanised, is_abjad, romanise};
use super::scripts::{KoreanName, ScriptWord};
use crate::lexicon::{Lexicon, WordKind};

/// A word of a text, romanised.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word {
    pub(super) letters: Letters,
    pub(super) capitals: bool,
    pub(super) unwritten: bool,
    pub(super) hyphen_after: bool,
    pub(super) group: usize,
    pub(super) kind: WordKind,
    pub(super) foreign: Option<ScriptWord>,
}

/// Number of words of a text that can be titles: a name with these words has at most so many titles among them.
pub(in crate::link) fn n_title_words(text: &str) -> usize {
    let may_be_title =
        |kind| matches!(kind, WordKind::Title | WordKind::Qualifier | WordKind::Suffix | WordKind::Article);
    words(text).iter().filter(|word| may_be_title(word.kind)).count()
}

/// The words of a text, romanised; `group` counts the commas before them.
pub(super) fn words(text: &str) -> Vec<Word> {
    let empty = Word {
        letters: Letters::default(),
        capitals: true,
        unwritten: false,
        hyphen_after: false,
        group: 0,
        kind: WordKind::Word,
        foreign: None,
    };
    if let Some(name) = KoreanName::find(text.trim()) {
        let spelling = Letters::new(name.spelling.as_bytes());
        return [(name.surname, Some(spelling)), (name.given, None)]
            .map(|(part, spelling)| foreign(part, spelling, empty))
            .into();
    }
    let mut words = Vec::with_capacity(8);
    let mut word = empty;
    let mut group = 0;
    // The letters of a word, if none of them is Latin.
    let mut raw = String::new();
    let mut is_latin = false;
    for c in text.chars() {
        let place = if word.letters.len() == 0 { Place::Start } else { Place::Inside };
        let romanised = romanise(c, place);
        is_latin |= c.is_ascii_alphabetic();
        if c >= FIRST_FOREIGN && (c.is_alphanumeric() || !raw.is_empty())
            || c == '\'' && raw.ends_with(['ג', 'ז', 'צ', 'ץ'])
        {
            raw.push(c);
        }
        match romanised {
            Romanised::Letter(letter) => {
                word.capitals &= letter.is_ascii_uppercase();
                word.letters.push(letter.to_ascii_lowercase());
            }
            Romanised::Letters(letters) => {
                word.capitals &= c.is_uppercase();
                word.unwritten |= is_abjad(c);
                for letter in letters.bytes().filter(u8::is_ascii_alphabetic) {
                    word.letters.push(letter.to_ascii_lowercase());
                }
            }
            Romanised::Nothing => {}
            Romanised::Gap | Romanised::Dot | Romanised::Comma => {
                if !is_latin {
                    word = foreign(&raw, None, word);
                }
                if word.letters.len() > 0 {
                    words.push(Word { hyphen_after: c == '-', group, kind: kind_of(&word), ..word });
                }
                raw.clear();
                is_latin = false;
                word = empty;
                group += usize::from(romanised == Romanised::Comma);
            }
        }
    }
    if !is_latin {
        word = foreign(&raw, None, word);
    }
    if word.letters.len() > 0 {
        words.push(Word { group, kind: kind_of(&word), ..word });
    }
    words
}

/// The first letter of other scripts.
const FIRST_FOREIGN: char = '\u{370}';

/// A word of another script with its usual reading, or a given one. The word as it is if the script is not one of the table.
fn foreign(text: &str, reading: Option<Letters>, word: Word) -> Word {
    let Some(foreign) = (if text.is_empty() { None } else { ScriptWord::cut(text) }) else { return word };
    let letters = reading.unwrap_or_else(|| foreign.reading());
    Word { letters, unwritten: foreign.script.is_bare(), foreign: Some(foreign), ..word }
}

/// What a word is. Titles in the Arabic script lack the vowels of the lists.
fn kind_of(word: &Word) -> WordKind {
    let (lexicon, text) = (Lexicon::english(), word.letters.text());
    if word.unwritten && lexicon.is_unwritten_title(text) { WordKind::Title } else { lexicon.kind(text) }
}
