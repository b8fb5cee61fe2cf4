//! When are two ways to write the name of a place or an organisation one?
//!
//! Letters of any script become plain lower-case Latin ones, dots and apostrophes go, everything else that is no letter or digit parts
//! words, and a leading "the" goes. What this loses decides about acronyms, so it is kept apart as the [`Shape`].

/// What is equal for all ways to write a name: words of a to z and 0 to 9 with one space between.
///
/// `models/kb/build.py` does the same for Latin letters; tests compare the two.
///
/// Empty if the surface has no letter and no digit.
pub fn fold(surface: &str) -> String {
    let mut key = String::with_capacity(surface.len());
    for c in surface.chars() {
        match c {
            'a'..='z' | '0'..='9' => key.push(c),
            'A'..='Z' => key.push(c.to_ascii_lowercase()),
            '.' | '\'' | '`' | '´' | '’' | '‘' | 'ʻ' | 'ʼ' | 'ʿ' | 'ʾ' => {}
            '&' => key.push_str(" and "),
            _ if c.is_ascii() => part(&mut key),
            _ if is_mark(c) => {}
            // Azerbaijani: Gəncə is Ganja.
            'ə' | 'ǝ' | 'Ə' | 'Ǝ' => key.push('a'),
            _ if !c.is_alphanumeric() => part(&mut key),
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
    key
}

fn part(key: &mut String) {
    if !key.is_empty() && !key.ends_with(' ') {
        key.push(' ');
    }
}

fn romanise(c: char, key: &mut String) {
    let letters = deunicode::deunicode_char(c).unwrap_or_default();
    for c in letters.chars() {
        match c.to_ascii_lowercase() {
            c @ ('a'..='z' | '0'..='9') => key.push(c),
            // A Chinese character is a word of its own.
            ' ' => part(key),
            _ => {}
        }
    }
}

/// Combining marks of all scripts that names are decomposed in.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{200c}'..='\u{200f}' | '\u{ad}')
}

/// How a surface is written, as far as it tells acronyms from words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// US, U.S., u.s.: capitals only, or every letter with a dot.
    Capitals,
    /// Nato: a capital and then lower-case letters.
    Title,
    /// Anything else.
    Other,
}

impl Shape {
    pub(super) fn of(surface: &str) -> Self {
        let surface = surface.strip_prefix("the ").or_else(|| surface.strip_prefix("The ")).unwrap_or(surface);
        let letters = || surface.chars().filter(|c| c.is_alphabetic());
        let dotted = letters().count() > 1 && surface.matches('.').count() + 1 >= letters().count();
        if dotted || letters().all(char::is_uppercase) {
            return Self::Capitals;
        }
        let mut letters = letters();
        if letters.next().is_some_and(char::is_uppercase) && letters.all(char::is_lowercase) {
            Self::Title
        } else {
            Self::Other
        }
    }
}

/// Whether all letters of a surface are Latin ones.
pub(super) fn is_latin(surface: &str) -> bool {
    // Latin letters end at U+024F, and U+1E00 to U+1EFF are the rest of them.
    surface
        .chars()
        .filter(|c| c.is_alphabetic())
        .all(|c| c < '\u{250}' || ('\u{1e00}'..='\u{1eff}').contains(&c) || is_modifier(c))
}

fn is_modifier(c: char) -> bool {
    ('\u{2b0}'..='\u{2ff}').contains(&c)
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
            ("Guinea-Bissau", "guinea bissau"),
            ("  Bosnia\u{a0}- Herzegovina ", "bosnia herzegovina"),
            ("Straße", "strasse"),
            ("Россия", "rossiia"),
            ("中国", "zhong guo"),
            ("…", ""),
            ("", ""),
        ] {
            assert_eq!(fold(surface), want, "{surface}");
        }
    }

    #[test]
    fn shapes() {
        for (surface, want) in [
            ("US", Shape::Capitals),
            ("U.S.", Shape::Capitals),
            ("u.s.", Shape::Capitals),
            ("the UN", Shape::Capitals),
            ("us", Shape::Other),
            ("Us", Shape::Title),
            ("Nato", Shape::Title),
            ("IDs", Shape::Other),
        ] {
            assert_eq!(Shape::of(surface), want, "{surface}");
        }
    }
}
