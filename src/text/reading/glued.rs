//! Full stops and colons without a blank after them.

use super::edits::{Editor, Edits};
use super::names::names;
use super::tokens::{is_address, tokens};
use crate::text::segment::abbreviation::{is_abbreviation, is_title};

/// Puts a blank after each full stop that ends a sentence or a title, and after each colon, where a capital follows at once.
pub(super) fn read(text: &str) -> Option<(String, Edits)> {
    let mut editor = Editor::new(text);
    for token in tokens(text) {
        let word = &text[token.clone()];
        if !has_candidate(word) || is_address(word) {
            continue;
        }
        for (at, mark) in word.match_indices(['.', ':']) {
            let (before, after) = (&word[..at], &word[at + 1..]);
            let ends = match mark {
                "." => ends_sentence(before, after),
                _ => ends_label(before, after),
            };
            if ends {
                editor.replace(token.start + at..token.start + at + 1, if mark == "." { ". " } else { ": " });
            }
        }
    }
    editor.finish()
}

/// A mark between two letters (or bytes beyond ASCII, which may be letters).
fn has_candidate(word: &str) -> bool {
    let may_be_letter = |byte: u8| byte.is_ascii_alphabetic() || byte >= 0x80;
    word.as_bytes().windows(3).any(|at| {
        matches!(at[1], b'.' | b':') && may_be_letter(at[0]) && may_be_letter(at[2]) && !at[2].is_ascii_lowercase()
    })
}

/// Ends of file names and of addresses that are written in capitals, too.
const ENDINGS: &[&str] = &["ai", "com", "gov", "html", "io", "js", "net", "org", "tv"];

fn letters_after(after: &str) -> &str {
    let end = after.find(|c: char| !c.is_alphabetic()).unwrap_or(after.len());
    &after[..end]
}

/// The longest word that may end a sentence without a blank; no more of a token is looked at.
const LONGEST: usize = 40;

fn letters_before(before: &str) -> &str {
    let start = before.char_indices().rev().take(LONGEST).take_while(|(_, c)| c.is_alphabetic()).last();
    start.map_or("", |(start, _)| &before[start..])
}

/// Whether a sentence (or a title) ends between "Geneva" and "President".
fn ends_sentence(before: &str, after: &str) -> bool {
    let after_chars: Vec<char> = after.chars().take(LONGEST).collect();
    let Some(first) = after_chars.first().filter(|first| first.is_uppercase()) else { return false };
    let next = letters_after(&after[..after.char_indices().nth(LONGEST).map_or(after.len(), |(end, _)| end)]);
    let word = letters_before(before);
    let is_word = after_chars.get(1).is_some_and(|second| second.is_lowercase());
    let is_acronym = next.chars().count() > 1 && next.chars().all(char::is_uppercase);
    let is_single = after.len() == first.len_utf8() && matches!(first, 'A' | 'I');
    if !(is_word || is_acronym || is_single) || ENDINGS.contains(&next.to_lowercase().as_str()) {
        return false;
    }
    match word.chars().count() {
        // "p.m.Macron", "U.S.President"
        1 => before.ends_with(word) && is_word && is_initials(before),
        // "Mr.Scholz", but "St.Petersburg" is one name.
        2.. if is_title(word) => true,
        2.. if is_abbreviation(word) => false,
        2.. => word.chars().all(char::is_uppercase) && word.chars().count() > 2 || word.ends_with(char::is_lowercase),
        _ => false,
    }
}

/// Whether a token before its last full stop is "p.m" or "U.S", as opposed to the initials of a person.
fn is_initials(before: &str) -> bool {
    let start = before.char_indices().rev().take(12).take_while(|(_, c)| c.is_alphabetic() || *c == '.').last();
    let Some((start, _)) = start else { return false };
    let initials = &before[start..];
    let letters: String = initials.chars().filter(|c| *c != '.').collect();
    initials.contains('.')
        && initials.split('.').all(|part| part.chars().count() == 1)
        && (letters.chars().all(char::is_lowercase) || names().kind(&letters.to_lowercase()).is_some())
}

/// Whether a colon stands between two words, as in "Kabul:Police".
fn ends_label(before: &str, after: &str) -> bool {
    letters_before(before).chars().count() > 1 && after.starts_with(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_sentence_ends_without_a_blank() {
        for (text, want) in [
            ("in Geneva.President Macron left Paris.Mr Scholz", "in Geneva. President Macron left Paris. Mr Scholz"),
            ("said.Almeida said.NATO Kabul:Police", "said. Almeida said. NATO Kabul: Police"),
            ("Mr.Scholz Gen.Munir 5p.m.Macron U.S.President", "Mr. Scholz Gen. Munir 5p.m. Macron U.S. President"),
            ("for NATO.The one.A man.I", "for NATO. The one. A man. I"),
            (
                "St.Petersburg Booking.com J.K.Rowling U.S.A. L.A. Node.JS ASP.NET John.Smith@x.org",
                "St.Petersburg Booking.com J.K.Rowling U.S.A. L.A. Node.JS ASP.NET John.Smith@x.org",
            ),
            ("http://A.b/C.Dd www.Example.Com 10:30 k:A x.y", "http://A.b/C.Dd www.Example.Com 10:30 k:A x.y"),
        ] {
            let read = super::read(text).map_or(text.to_owned(), |(read, _)| read);
            assert_eq!(read, want);
        }
    }
}
