//! What is no part of a name: titles before it, and numbers and generations after it.

use super::letters::Letters;
use super::word::Word;
use crate::lexicon::{Lexicon, WordKind};

/// "Khan, Imran" as "Imran Khan"; "Bush, Jr." stays.
pub(super) fn inverted(mut words: Vec<Word>) -> Vec<Word> {
    let first_group = words.first().map_or(0, |word| word.group);
    let is_name = |word: &Word| word.group > first_group && word.kind != WordKind::Suffix;
    if words.iter().any(is_name) {
        let surname = words.iter().take_while(|word| word.group == first_group).count();
        words.rotate_left(surname);
    }
    words
}

/// Number of words before the name that are titles.
pub(super) fn leading_titles(words: &[Word]) -> usize {
    let mut cut = 0;
    for (at, word) in words.iter().enumerate().take(words.len().saturating_sub(1)) {
        match word.kind {
            WordKind::Title => cut = at + 1,
            WordKind::Qualifier | WordKind::Suffix => {}
            // "Hujjat al-Islam", but not "Sheikh al-Thani".
            WordKind::Article if words.get(at + 1).is_some_and(|next| next.letters.text() == "islam") && cut == at => {
                cut = (at + 2).min(words.len() - 1);
            }
            _ if at >= cut => break,
            _ => {}
        }
    }
    cut
}

/// The number of a king, pope or heir at the end of a name: "Henry VIII", "William Gates III". A single letter is one only after a single
/// word: "George V".
pub(super) fn numeral(words: &[Word]) -> Option<Letters> {
    let (last, before) = words.split_last()?;
    let is_number = match last.letters.text() {
        "i" | "v" | "x" => before.len() == 1 && before[0].letters.len() > 1,
        letters => is_roman(letters),
    };
    let is_written_so = last.capitals && before.iter().any(|word| !word.capitals);
    (is_number && is_written_so).then_some(last.letters)
}

/// Whether letters are a Roman numeral from 2 to 39, with two letters or more.
fn is_roman(letters: &str) -> bool {
    let units = letters.trim_start_matches('x');
    let tens = letters.len() - units.len();
    letters.len() > 1
        && tens <= 3
        && matches!(units, "" | "i" | "ii" | "iii" | "iv" | "v" | "vi" | "vii" | "viii" | "ix")
}

/// The generation that a suffix stands for; empty for degrees and states of service.
pub(super) fn generation(suffix: Letters) -> Letters {
    let generation = Lexicon::english().generation(suffix.text());
    generation.map_or_else(Letters::default, |generation| Letters::new(generation.as_bytes()))
}
