//! Titles before the names of persons.

use std::ops::Range;

use super::found::Found;
use super::limits::Limits;
use super::passage::{Passage, is_capitalised, is_word};
use crate::lexicon::Lexicon;
use crate::text::Kind;

/// Most words of one title.
const MOST_WORDS: usize = 5;

/// The words of mentions that are titles: those that a person begins with, and mentions of nothing else right before a person. A title that
/// belongs to a name is in its mention.
pub(super) fn limits(passage: Passage<'_>, found: &[Found], limits: &mut Limits) {
    for name in found.iter().filter(|found| found.kind == Kind::Person).map(|found| &found.words) {
        let belongs = |&before: &usize| {
            let title = letters(passage.word(before));
            is_capitalised(passage.word(before))
                && Lexicon::english().belongs(&title, &passage.slice(name).to_lowercase())
        };
        if let Some(title) = passage.before(name.start).filter(belongs) {
            limits.mention(title..name.end, Kind::Person);
        }
    }
    for (nth, Found { words, kind }) in found.iter().enumerate() {
        let next = found.get(nth + 1).filter(|next| next.kind == Kind::Person);
        let name = match next {
            Some(next) if follows(passage, words.end, next.words.start) => words.start..next.words.end,
            _ if *kind == Kind::Person => words.clone(),
            _ => continue,
        };
        let end = titles(passage, &name);
        let is_only_titles = end >= words.end;
        // "Dr. King": a surname may be a title.
        let is_surname = || passage.before(words.start).is_some_and(|before| is_title(passage.word(before)));
        if end > words.start && (*kind == Kind::Person || is_only_titles) && !(is_only_titles && is_surname()) {
            limits.outside(words.start..end);
            if let Some(numeral) = passage.after(name.end - 1).filter(|&at| is_numeral(passage.word(at))) {
                limits.mention(end..numeral + 1, Kind::Person);
            }
        }
    }
}

/// Whether a word is the number of a ruler: "III".
fn is_numeral(word: &str) -> bool {
    (2..=5).contains(&word.len()) && word.bytes().all(|c| matches!(c, b'I' | b'V' | b'X'))
}

/// Whether nothing but apostrophes is between the end of a mention and the next one.
fn follows(passage: Passage<'_>, end: usize, next: usize) -> bool {
    end <= next
        && (end..=next).all(|word| passage.before(word).is_some())
        && (end..next).all(|word| matches!(passage.word(word), "'" | "’" | "."))
}

/// Where the titles at the beginning of a name end; at the beginning if there are none, or nothing would be left.
fn titles(passage: Passage<'_>, name: &Range<usize>) -> usize {
    let mut start = name.start;
    loop {
        let one = |end: usize| {
            let is_title = Lexicon::english()
                .is_outside(&normal(passage, start..end), &passage.slice(&(end..name.end)).to_lowercase());
            // An abbreviation alone is a title too: "Ms."
            is_title && (start..end).any(|word| is_word(passage.word(word)))
        };
        let ends = (start + 1..=(start + MOST_WORDS).min(name.end - 1)).rev();
        let Some(mut end) = ends.into_iter().find(|&end| is_word(passage.word(end)) && one(end)) else { break };
        while end < name.end && !is_word(passage.word(end)) {
            end += 1;
        }
        start = end;
    }
    let is_name = (start..name.end).any(|word| is_capitalised(passage.word(word)) || !passage.word(word).is_ascii());
    if is_name { start } else { name.start }
}

/// Whether a word is a title, of whatever kind.
fn is_title(word: &str) -> bool {
    Lexicon::english().title(&letters(word)).is_some()
}

/// Words as the tables write them: in lower case, without dots, apostrophes and hyphens.
fn normal(passage: Passage<'_>, words: Range<usize>) -> String {
    let words: Vec<String> = words.map(|word| letters(passage.word(word))).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

fn letters(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refine::fixture::Marked;

    /// What is left of the mentions in `[]`, all persons.
    fn names(marked: &str) -> String {
        let marked = Marked::new(marked);
        let passage = marked.passage();
        let found = marked.found(Kind::Person);
        let mut outside = Limits::default();
        limits(passage, &found, &mut outside);
        let outside: Vec<usize> = outside.into_list().into_iter().map(|(word, _)| word).collect();
        let left = found.iter().map(|found| {
            let words: Vec<&str> =
                found.words.clone().filter(|word| !outside.contains(word)).map(|word| passage.word(word)).collect();
            words.join(" ")
        });
        left.filter(|name| !name.is_empty()).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn titles_are_no_part_of_a_name() {
        for (marked, want) in [
            ("[Datuk Seri Anwar Ibrahim] spoke", "Anwar Ibrahim"),
            ("[Tan Sri Dr Annuar Musa]", "Annuar Musa"),
            ("[Dato’ Sri Haji Roslan]", "Roslan"),
            ("[Rt. Hon. B. U. Okoye]", "B. U. Okoye"),
            ("[King] [Charles III] and [Pope] [Francis]", "Charles III, Francis"),
            ("[Ms.] [Lee] and Dr. [King] went", "Lee, King"),
            ("[Dr. King]", "King"),
            ("[Grand] [Mufti Ahmad]", "Ahmad"),
            ("[Emir Tamim bin Hamad]", "Tamim bin Hamad"),
            ("[Queen Latifah], [Lady Gaga] and [Queen Mary]", "Queen Latifah, Lady Gaga, Mary"),
            ("[Syed Murad Ali Shah] and [Sultan Al Jaber]", "Syed Murad Ali Shah, Sultan Al Jaber"),
            ("[Tan Kheng Yian], [Major] said", "Tan Kheng Yian, Major"),
        ] {
            assert_eq!(names(marked), want, "{marked}");
        }
    }
}
