//! Names of organisations that are spelled in several ways: typing errors, and Persian, Urdu and Arabic names.

use crate::lexicon::Lexicon;
use crate::link::cluster::edit::Edit;
use crate::link::kb::Kb;

/// Fewest letters of a name that may have a typing error.
const SHORTEST: usize = 8;
/// Fewest letters of a word that may have one.
const SHORTEST_WORD: usize = 5;
/// Fewest letters of a name that may have one within a document, which spells a name in one way.
const SHORTEST_IN_DOCUMENT: usize = 14;

/// A name with a word that joins two others ("Jamaat-e-Islami"), without what its romanisations differ in: double letters, o and u, and the
/// joining word.
pub(in crate::link::cluster) fn romanised(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split(' ').collect();
    let is_name = |word: &str| word.len() >= 3 && !Lexicon::english().is_izafet(word);
    let joins = |three: &[&str]| is_name(three[0]) && Lexicon::english().is_izafet(three[1]) && is_name(three[2]);
    words.windows(3).any(joins).then(|| {
        let plain = |word: &&str| if Lexicon::english().is_izafet(word) { "e".to_owned() } else { plain(word) };
        words.iter().map(plain).collect::<Vec<_>>().join(" ")
    })
}

fn plain(word: &str) -> String {
    let word = word.replace("ee", "i").replace("oo", "u").replace("ou", "u").replace('o', "u").replace('q', "k");
    let mut plain = String::with_capacity(word.len());
    for letter in word.chars().filter(|letter| *letter != 'h' || word.starts_with('h')) {
        if !plain.ends_with(letter) {
            plain.push(letter);
        }
    }
    plain
}

/// A name without each one of its letters after the first: names that differ in one edit share one of these.
pub(in crate::link::cluster) fn deletions(text: &str) -> impl Iterator<Item = String> {
    let may = text.len() >= SHORTEST && text.is_ascii() && !text.contains(|c: char| c.is_ascii_digit());
    let at = if may { 1..text.len() } else { 0..0 };
    let without = |at: usize| format!("{}{}", &text[..at], &text[at + 1..]);
    at.map(without).chain(may.then(|| text.to_owned()))
}

/// Whether two names in one document differ by a typing error.
pub(in crate::link::cluster) fn are_typos_in_document(a: &str, b: &str) -> bool {
    a.len().min(b.len()) >= SHORTEST_IN_DOCUMENT && are_typos(a, b)
}

/// Whether two names differ by a typing error: in one letter, added, dropped, replaced or exchanged with the next, of one long word, and not
/// in a number, a plural, or a word that says what or where it is.
pub(in crate::link::cluster) fn are_typos(a: &str, b: &str) -> bool {
    if a.len().min(b.len()) < SHORTEST {
        return false;
    }
    let (one, other): (Vec<&str>, Vec<&str>) = (a.split(' ').collect(), b.split(' ').collect());
    if one.len() != other.len() {
        return false;
    }
    let mut differing = one.iter().zip(&other).filter(|(x, y)| x != y);
    let (Some((x, y)), None) = (differing.next(), differing.next()) else { return false };
    let is_long = |word: &str| word.len() >= if one.len() == 1 { SHORTEST } else { SHORTEST_WORD };
    is_long(x) && is_long(y) && Edit::between(x, y).is_some() && !is_plural(x, y) && !are_words(x, y)
}

fn is_plural(a: &str, b: &str) -> bool {
    a.strip_suffix('s') == Some(b) || b.strip_suffix('s') == Some(a)
}

/// Whether both are words of their own: names of places, given names, trades.
fn are_words(a: &str, b: &str) -> bool {
    let lexicon = Lexicon::english();
    let is_word = |word: &str| {
        lexicon.is_generic(word)
            || lexicon.is_topic(word)
            || lexicon.given_name(word).is_some()
            || lexicon.gender(word).is_some()
            || Kb::embedded().senses(&[word]).is_known()
    };
    is_word(a) && is_word(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_errors_are_no_other_names() {
        for (a, b, want) in [
            ("microsoft", "mircosoft", true),
            ("amnesty international", "amnesty internationl", true),
            ("hewlett packard", "hewlett packerd", true),
            ("bank of iran", "bank of iraq", false),
            ("mali telecom group", "bali telecom group", false),
            ("first division", "fifth division", false),
            ("channel 4 news", "channel 5 news", false),
            ("texas ranger", "texas rangers", false),
            ("marta foundation", "maria foundation", false),
            ("austin motors", "justin motors", false),
            ("nokia", "nokla", false),
        ] {
            assert_eq!((are_typos(a, b), are_typos(b, a)), (want, want), "{a} {b}");
            let shared = deletions(a).any(|one| deletions(b).any(|other| one == other));
            assert!(shared || !want, "{a} {b} are compared");
        }
    }

    #[test]
    fn romanisations() {
        for (a, b, want) in [
            ("jamaat e islami", "jamat i islami", true),
            ("tehreek e insaf", "tehrik i insaf", true),
            ("jamiat e islami", "jamaat e islami", false),
            ("lashkar e taiba", "lashkar e jhangvi", false),
        ] {
            assert_eq!(romanised(a).is_some_and(|key| Some(key) == romanised(b)), want, "{a} {b}");
        }
        assert_eq!(romanised("bank of america"), None);
    }
}
