//! Normal forms of the names of places and organisations.
//!
//! Letters of any script become plain lower-case Latin ones, dots and apostrophes are dropped, all else that is no letter or digit
//! separates words, a leading "the" is dropped, and British spellings become American ones. What this loses tells acronyms from words:
//! [`is_acronym`] looks at the surface.

use std::borrow::Cow;

use crate::lexicon::Lexicon;

/// The normal form of a name, the same for all ways to write it: words of a to z and 0 to 9 with one space between them. Empty if
/// nothing of the surface is left.
///
/// `models/kb/build.py` does the same for Latin letters; tests compare the two.
pub(super) fn normalise(surface: &str) -> String {
    let mut key = String::with_capacity(surface.len());
    let mut rest = surface.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            'a'..='z' | '0'..='9' => key.push(c),
            'A'..='Z' => key.push(c.to_ascii_lowercase()),
            '.' | '\'' | '`' | '´' | '’' | '‘' | 'ʻ' | 'ʼ' | 'ʿ' | 'ʾ' => {}
            // "AT&T" is one word, "Standard & Poor's" has three.
            '&' if key.ends_with(|c: char| c != ' ') && rest.peek().is_some_and(|c| c.is_alphanumeric()) => {}
            '&' => key.push_str(" and "),
            _ if c.is_ascii() => separate(&mut key),
            _ if is_mark(c) => {}
            // Azerbaijani: Gəncə is Ganja.
            'ə' | 'ǝ' | 'Ə' | 'Ǝ' => key.push('a'),
            _ if !c.is_alphanumeric() => separate(&mut key),
            _ => romanise(c, &mut key),
        }
    }
    if key.ends_with(' ') || key.starts_with(' ') || key.contains("  ") {
        key = key.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
    }
    if let Some(rest) = key.strip_prefix("the ").filter(|rest| !rest.is_empty()) {
        key = rest.to_owned();
    }
    // U. S. A.
    if key.len() > 1 && key.split(' ').all(|word| word.len() == 1) {
        key.retain(|c| c != ' ');
    }
    let lexicon = Lexicon::english();
    if key.split(' ').any(|word| lexicon.american(word).is_some()) {
        let words = key.split(' ').map(|word| lexicon.american(word).unwrap_or_else(|| word.to_owned()));
        key = words.collect::<Vec<_>>().join(" ");
    }
    key
}

/// A normalised name of an organisation without its legal form: at its end, with "and" before it ("Smith and Co Ltd"), or before it ("OAO
/// Gazprom").
pub(super) fn without_legal_form(text: &str) -> &str {
    let lexicon = Lexicon::english();
    let mut core = text;
    while let Some((rest, _)) = core.rsplit_once(' ').filter(|(_, last)| lexicon.is_legal_form(last)) {
        core = rest;
    }
    while core.len() < text.len()
        && let Some(rest) = core.strip_suffix(" and")
    {
        core = rest;
    }
    while let Some((_, rest)) = core.split_once(' ').filter(|(first, _)| lexicon.is_form_before(first)) {
        core = rest;
    }
    core
}

/// A surface in which the letters around an ampersand are not parted: "AT & T" as "AT&T". Borrowed if there are none.
pub(super) fn with_joined_letters(surface: &str) -> Cow<'_, str> {
    let is_letters = |word: &str| (1..=3).contains(&word.len()) && word.bytes().all(|c| c.is_ascii_uppercase());
    let joins = |before: &str, after: &str| {
        let one = before.rsplit(' ').next().unwrap_or_default();
        let other = after.split(' ').next().unwrap_or_default();
        is_letters(one) && is_letters(other) && (one.len() == 1 || other.len() == 1)
    };
    match surface.split_once(" & ") {
        Some((before, after)) if joins(before, after) => Cow::Owned(format!("{before}&{after}")),
        _ => Cow::Borrowed(surface),
    }
}

/// A surface without what surrounds the name: parentheses, article, possessive, and words joined to it by a hyphen ("London-based",
/// "ex-Beatle").
pub(super) fn bare(surface: &str) -> &str {
    let mut name = surface.split_once(" (").map_or(surface, |(name, _)| name).trim();
    // "Tiger, the newest version": a comma and a lower-case letter begin an apposition.
    if let Some((before, after)) = name.split_once(',')
        && after.trim_start().starts_with(char::is_lowercase)
    {
        name = before.trim_end();
    }
    for article in ["a ", "an ", "A ", "An "] {
        name = name.strip_prefix(article).filter(|rest| rest.starts_with(char::is_uppercase)).unwrap_or(name);
    }
    let is_hyphen = |c: char| matches!(c, '-' | '\u{2010}'..='\u{2015}');
    let lexicon = Lexicon::english();
    if let Some((before, rest)) = name.split_once(is_hyphen)
        && lexicon.is_affix_before(&before.to_lowercase())
        && !rest.is_empty()
    {
        name = rest;
    }
    while let Some((rest, after)) = name.rsplit_once(is_hyphen)
        && lexicon.is_affix_after(&after.to_lowercase())
        && !rest.is_empty()
    {
        name = rest;
    }
    for possessive in ["'s", "’s", "'S", "’S", "`s", "ʼs"] {
        name = name.strip_suffix(possessive).map(str::trim_end).filter(|rest| !rest.is_empty()).unwrap_or(name);
    }
    if name.chars().any(char::is_alphanumeric) { name } else { surface }
}

/// Whether a surface is written as an acronym: one word of two to eight letters and digits, at least two thirds of them capitals or digits
/// (ECO, BoA, G7), or letters that each have a dot (U.S., u.n.).
pub(super) fn is_acronym(surface: &str) -> bool {
    let surface = surface.strip_prefix("the ").or_else(|| surface.strip_prefix("The ")).unwrap_or(surface);
    let n_letters = surface.chars().filter(|c| c.is_alphabetic()).count();
    if n_letters > 1 && surface.matches('.').count() + 1 >= n_letters {
        return true;
    }
    let is_capital = |c: char| c.is_uppercase() || c.is_ascii_digit();
    let written = || surface.chars().filter(|c| !matches!(c, '.' | '&' | '-'));
    let (n, n_capitals) = (written().count(), written().filter(|c| is_capital(*c)).count());
    (2..=8).contains(&n)
        && written().all(|c| c.is_alphabetic() || c.is_ascii_digit())
        && n_letters > 0
        && n_capitals >= 2
        && 3 * n_capitals >= 2 * n
}

/// Whether a surface is a capital and then lower-case letters, as news agencies write long acronyms (Nato).
pub(super) fn is_capitalised(surface: &str) -> bool {
    let mut letters = surface.chars().filter(|c| c.is_alphabetic());
    letters.next().is_some_and(char::is_uppercase) && letters.all(char::is_lowercase)
}

/// Whether all letters of a surface are Latin ones.
pub(super) fn is_latin(surface: &str) -> bool {
    let is_modifier = |c: char| ('\u{2b0}'..='\u{2ff}').contains(&c);
    // Latin letters end at U+024F, and U+1E00 to U+1EFF are the rest of them.
    surface
        .chars()
        .filter(|c| c.is_alphabetic())
        .all(|c| c < '\u{250}' || ('\u{1e00}'..='\u{1eff}').contains(&c) || is_modifier(c))
}

/// Ends the word that is being written.
fn separate(key: &mut String) {
    if !key.is_empty() && !key.ends_with(' ') {
        key.push(' ');
    }
}

/// Appends the Latin letters of a character.
fn romanise(c: char, key: &mut String) {
    let letters = deunicode::deunicode_char(c).unwrap_or_default();
    for c in letters.chars() {
        match c.to_ascii_lowercase() {
            c @ ('a'..='z' | '0'..='9') => key.push(c),
            // A Chinese character is a word of its own.
            ' ' => separate(key),
            _ => {}
        }
    }
}

/// Whether a character is a combining mark or an invisible one, of any script in which names are decomposed.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{200c}'..='\u{200f}' | '\u{ad}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_to_write_a_name() {
        for (surface, want) in [
            ("U.S.", "us"),
            ("U. S. A.", "usa"),
            ("the United States", "united states"),
            ("The", "the"),
            ("Côte d’Ivoire", "cote divoire"),
            ("Co\u{302}te d'Ivoire", "cote divoire"),
            ("TÜRKİYE", "turkiye"),
            ("Trinidad & Tobago", "trinidad and tobago"),
            ("AT&T", "att"),
            ("Guinea-Bissau", "guinea bissau"),
            ("  Bosnia\u{a0}- Herzegovina ", "bosnia herzegovina"),
            ("Straße", "strasse"),
            ("O'Gorman", "ogorman"),
            ("Economic Cooperation Organisation", "economic cooperation organization"),
            ("Labour Party", "labor party"),
            ("Россия", "rossiia"),
            ("中国", "zhong guo"),
            ("…", ""),
            ("", ""),
        ] {
            assert_eq!(normalise(surface), want, "{surface}");
        }
    }

    #[test]
    fn organisations_without_their_legal_form() {
        for (text, want) in [
            ("siemens ag", "siemens"),
            ("smith and co ltd", "smith"),
            ("company", "company"),
            ("bank of america", "bank of america"),
            ("oao gazprom", "gazprom"),
            ("gazprom pjsc", "gazprom"),
            ("pjsc", "pjsc"),
        ] {
            assert_eq!(without_legal_form(text), want, "{text}");
        }
    }

    #[test]
    fn letters_around_an_ampersand() {
        for (surface, want) in [
            ("AT & T", "AT&T"),
            ("AT & T Corp", "AT&T Corp"),
            ("Texas A & M University", "Texas A&M University"),
            ("Standard & Poor's", "Standard & Poor's"),
            ("Marks & Spencer", "Marks & Spencer"),
            ("IBM & SAP", "IBM & SAP"),
        ] {
            assert_eq!(with_joined_letters(surface), want, "{surface}");
        }
    }

    #[test]
    fn names_without_what_is_around_them() {
        for (surface, want) in [
            ("LONDON", "LONDON"),
            ("Pakistan's", "Pakistan"),
            ("Lord 's", "Lord"),
            ("’s", "’s"),
            ("Standard & Poor’s 500", "Standard & Poor’s 500"),
            ("London-based", "London"),
            ("U.S.-led", "U.S."),
            ("ex-England", "England"),
            ("An Iranian", "Iranian"),
            ("Tiger , the newest version", "Tiger"),
            ("Apple, Inc.", "Apple, Inc."),
            ("A Coruña", "Coruña"),
            ("Amir-Abdollahian", "Amir-Abdollahian"),
            ("Economic Cooperation Organisation (ECO)", "Economic Cooperation Organisation"),
            ("***", "***"),
        ] {
            assert_eq!(bare(surface), want, "{surface}");
        }
    }

    #[test]
    fn acronyms_are_short_and_in_capitals() {
        for (surface, want) in [
            ("ECO", true),
            ("U.N.", true),
            ("u.n.", true),
            ("the UN", true),
            ("BoA", true),
            ("USAF", true),
            ("G7", true),
            ("Eco", false),
            ("us", false),
            ("MUHAMMADAN", false),
            ("NEW YORK", false),
            ("X", false),
            ("1996", false),
        ] {
            assert_eq!(is_acronym(surface), want, "{surface}");
        }
        assert!(is_capitalised("Nato") && !is_capitalised("IDs"));
    }
}
