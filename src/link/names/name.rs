//! Names of persons, parsed.

use super::east_asian::EastAsian;
use super::frequency::Frequencies;
use super::joined::Joined;
use super::letters::Letters;
use super::parts::{Foreign, Parts};
use super::scripts::{Script, ScriptWord};
use super::set_aside::{generation, inverted, leading_titles, numeral};
use super::token::Token;
use super::word::words;
use crate::lexicon::{Lexicon, WordKind};

/// A parsed name: its parts, given names first, without titles, suffixes and particles. [`NameModel::parse`](super::NameModel::parse)
/// makes one.
#[derive(Clone, Debug, PartialEq)]
pub struct Name {
    pub(super) tokens: Box<[Token]>,
    pub(super) has_kunya: bool,
    pub(super) has_patronymic: bool,
    /// How it may be read as a Chinese, Korean or Vietnamese name.
    pub(super) east_asian: Option<EastAsian>,
    /// What few names have.
    rest: Option<Box<Rest>>,
}

/// What few names have besides their parts.
#[derive(Clone, Debug, Default, PartialEq)]
struct Rest {
    titles: Vec<Letters>,
    suffix: Option<Letters>,
    /// Of a name in another script, per part what it was read from.
    foreign: Option<Box<[Option<Foreign>]>>,
}

/// Most words of a name; of a longer one the first and the last count. No person has so many, and each is compared with each.
const MOST_WORDS: usize = 32;

impl Name {
    /// Parses a name of any script, written "Given Surname" or "Surname, Given".
    pub(super) fn new(text: &str, frequencies: &Frequencies) -> Self {
        let mut words = inverted(words(text));
        if words.len() > MOST_WORDS {
            words.drain(MOST_WORDS / 2..words.len() - MOST_WORDS / 2);
        }
        let n_titles = leading_titles(&words);
        let mut titles: Vec<Letters> = words.drain(..n_titles).map(|word| word.letters).collect();
        let mut suffix = numeral(&words);
        if suffix.is_some() {
            words.pop();
        }
        let mut at = 0;
        while at < words.len() && words.len() > 1 {
            let text = words[at].letters;
            match words[at].kind {
                WordKind::Suffix if at > 0 || words.len() > 2 => {
                    words.remove(at);
                    suffix = Some(generation(text)).filter(|generation| generation.len() > 0).or(suffix);
                }
                WordKind::Title if Lexicon::english().is_inner_title(text.text()) => {
                    titles.push(words.remove(at).letters);
                }
                _ => at += 1,
            }
        }
        let all_capitals = words.iter().all(|word| word.capitals);
        let mut parts = Parts::new(words.len());
        parts.add(&words, all_capitals, frequencies);
        let Parts { tokens, has_kunya, has_patronymic, foreign } = parts;
        let rest = Rest { titles, suffix, foreign: (!foreign.is_empty()).then(|| foreign.into_boxed_slice()) };
        let mut name =
            Self { tokens: tokens.into_boxed_slice(), has_kunya, has_patronymic, east_asian: None, rest: rest.boxed() };
        name.east_asian = EastAsian::find(&name.parts().collect::<Vec<_>>());
        name
    }

    /// The same name with other tokens, in Latin letters.
    pub(super) fn with_tokens(&self, tokens: Vec<Token>) -> Self {
        let rest = Rest { titles: self.titles_set_aside().to_vec(), suffix: self.suffix(), foreign: None };
        let mut name = Self { tokens: tokens.into_boxed_slice(), rest: rest.boxed(), ..*self };
        name.east_asian = EastAsian::find(&name.parts().collect::<Vec<_>>());
        name
    }

    /// The letters of all parts.
    pub(super) fn whole(&self) -> Joined {
        Joined::new(self.tokens.iter().map(|token| &token.letters))
    }

    /// The skeleton keys of all parts.
    pub(super) fn whole_key(&self) -> Joined {
        Joined::new(self.tokens.iter().map(|token| &token.skeleton.key))
    }

    /// The generation.
    pub(super) fn suffix(&self) -> Option<Letters> {
        self.rest.as_ref()?.suffix
    }

    fn titles_set_aside(&self) -> &[Letters] {
        self.rest.as_ref().map_or(&[], |rest| &rest.titles)
    }

    fn foreign_parts(&self) -> &[Option<Foreign>] {
        self.rest.as_ref().and_then(|rest| rest.foreign.as_deref()).unwrap_or_default()
    }

    /// The script of a name that is not written in Latin letters.
    pub(super) fn script(&self) -> Option<Script> {
        self.script_words().next().map(|word| word.script)
    }

    /// The words that are not written in Latin letters.
    pub(super) fn script_words(&self) -> impl Iterator<Item = &ScriptWord> {
        self.foreign_parts().iter().flatten().map(|foreign| &foreign.word)
    }

    /// Whether the two names are compared in the other order: fewer tokens come first, equals in alphabetical order.
    pub(super) fn is_after(&self, other: &Self) -> bool {
        let by_length = self.tokens.len().cmp(&other.tokens.len());
        let by_letters = by_length.then_with(|| self.whole().cmp(&*other.whole()));
        let by_parts = by_letters.then_with(|| self.parts().cmp(other.parts()));
        by_parts.then_with(|| self.script_words().cmp(other.script_words())).is_gt()
    }

    /// Whether both names are written in the same letters.
    pub(in crate::link) fn is_in_script_of(&self, other: &Self) -> bool {
        self.script() == other.script()
    }

    /// The word of another script that a part was read from.
    pub(super) fn foreign(&self, at: usize) -> Option<&ScriptWord> {
        Some(&self.foreign_parts().get(at)?.as_ref()?.word)
    }

    /// Skeleton keys of all readings of a part, the usual one first.
    pub(super) fn keys_of(&self, at: usize) -> &[Letters] {
        let foreign = self.foreign_parts().get(at).and_then(Option::as_ref);
        foreign.map_or(std::slice::from_ref(&self.tokens[at].skeleton.key), |foreign| &foreign.keys)
    }

    /// Whether the parts have the same skeleton keys.
    pub(super) fn has_keys_of(&self, other: &Self) -> bool {
        self.tokens.iter().map(|token| token.skeleton.key).eq(other.tokens.iter().map(|token| token.skeleton.key))
    }

    /// The parts in lower-case Latin letters, given names first.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        self.tokens.iter().map(|token| token.letters.text())
    }

    /// The part by which news calls the bearer alone: the last one, or the family name where that comes first.
    pub(in crate::link) fn surname(&self) -> Option<&str> {
        self.surname_token().map(|token| token.letters.text())
    }

    /// Key of the surname's skeleton.
    pub(in crate::link) fn surname_key(&self) -> Option<&str> {
        self.surname_token().filter(|token| !token.is_initial()).map(|token| token.skeleton.key.text())
    }

    fn surname_token(&self) -> Option<&Token> {
        if self.is_family_first() { self.tokens.first() } else { self.tokens.last() }
    }

    /// Whether the first part is the family name, as in Chinese and Korean names.
    pub(in crate::link) fn is_family_first(&self) -> bool {
        self.east_asian == Some(EastAsian::ByFirst)
    }

    /// The titles and honorifics that were set aside, in lower-case Latin letters.
    pub fn titles(&self) -> impl Iterator<Item = &str> {
        self.titles_set_aside().iter().map(Letters::text)
    }

    /// The generation that was set aside: `jr`, `sr`, `ii`, `iii` or `iv`.
    pub fn generation(&self) -> Option<&str> {
        self.rest.as_ref()?.suffix.as_ref().map(Letters::text)
    }
}

impl Rest {
    /// Nothing if there is nothing.
    fn boxed(self) -> Option<Box<Self>> {
        let is_empty = self.titles.is_empty() && self.suffix.is_none() && self.foreign.is_none();
        (!is_empty).then(|| Box::new(self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> String {
        let name = Name::new(text, &Frequencies::default());
        name.parts().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn names_are_parsed() {
        for (text, want) in [
            ("Khan, Imran", "imran khan"),
            ("KHAN, Dr. Imran", "imran khan"),
            ("Bush, George W.", "george w bush"),
            ("Martin Luther King, Jr.", "martin luther king"),
            ("A. Q. Khan", "a q khan"),
            ("A.Q. Khan", "a q khan"),
            ("AQ Khan", "a q khan"),
            ("Prime Minister Imran Khan", "imran khan"),
            ("Foreign Minister Shah Mehmood Qureshi", "shah mehmood qureshi"),
            ("Gen. (retd) Pervez Musharraf", "pervez musharraf"),
            ("Lt Gen Asim Munir", "asim munir"),
            ("Hujjat al-Islam Hassan Rouhani", "hassan rouhani"),
            ("Sheikh Mohammed bin Rashid al-Maktoum", "mohammed rashid maktoum"),
            ("Ayatollah Khomeini", "khomeini"),
            ("Sardar Ayaz Sadiq", "ayaz sadiq"),
            ("Hossein Amir-Abdollahian", "hossein amir abdollahian"),
            ("Abdurrashid Dostum", "abd rashid dostum"),
            ("Abdul Rashid Dostum", "abd rashid dostum"),
            ("Abdullah Abdullah", "abdullah abdullah"),
            ("Recep Tayyip Erdoğan", "recep tayyip erdogan"),
            ("Muhammad Sa‘id", "muhammad said"),
            ("Sardar", "sardar"),
            ("Владимир Путин", "vladimir putin"),
            ("Ludwig van Beethoven", "ludwig beethoven"),
            ("Al Gore", "al gore"),
            ("", ""),
        ] {
            assert_eq!(parts(text), want, "{text}");
        }
    }

    #[test]
    fn what_is_set_aside_is_kept() {
        let name = Name::new("Senator Dr. Joseph Biden Jr.", &Frequencies::default());
        assert_eq!(name.titles().collect::<Vec<_>>(), ["senator", "dr"]);
        assert_eq!(name.generation(), Some("jr"));
    }
}
