//! Letters that Arabic writes together with the word after them: "and", "in", "to", "as", "so".

use crate::lexicon::ArabicWords;
use crate::text::Kind;

/// The letters and what two of them can be, the longer ones first.
const PREFIXES: [&str; 9] = ["وب", "ول", "وك", "فل", "و", "ف", "ب", "ل", "ك"];
/// The article.
const ARTICLE: &str = "ال";
/// Fewest letters of a name that stands elsewhere in the text, or after the article.
const SHORTEST: usize = 3;

/// Whether a text that begins with these letters is in Arabic: Persian and Urdu are full of letters that Arabic does not have.
pub(super) fn is_language_of(first_letters: impl Iterator<Item = char>) -> bool {
    let (mut arabic, mut other, mut letters) = (0, 0, 0);
    for c in first_letters {
        letters += 1;
        match c {
            'پ' | 'چ' | 'ژ' | 'گ' | 'ک' | 'ی' | 'ہ' | 'ے' | 'ٹ' | 'ڈ' | 'ڑ' | 'ں' | 'ھ' | 'ۆ' | 'ە' | 'ێ' =>
            {
                other += 1;
            }
            '\u{621}'..='\u{64a}' => arabic += 1,
            _ => {}
        }
    }
    2 * arabic > letters && 50 * other < arabic
}

/// The bytes before a name that are not part of it. `is_elsewhere` says whether a word is in a name of the text.
pub(super) fn prefix(name: &str, kind: Kind, is_elsewhere: impl Fn(&str) -> bool) -> usize {
    let arabic = ArabicWords::get();
    let first = |name: &str| name.split(char::is_whitespace).next().map_or(0, str::len);
    let is_known = |name: &str| {
        let word = &name[..first(name)];
        let is_person = kind == Kind::Person;
        arabic.is_name(name)
            || !is_person && (arabic.is_name(word) || arabic.is_noun(word))
            || is_person && arabic.is_given_name(word)
    };
    if is_known(name) {
        return 0;
    }
    let is_prefix = |prefix: &&str| {
        let Some(rest) = name.strip_prefix(*prefix) else { return false };
        let word = &rest[..first(rest)];
        let has = |n: usize, letters: &str| letters.chars().filter(|c| c.is_alphabetic()).nth(n - 1).is_some();
        let and = prefix.starts_with('و');
        let has_article = word.strip_prefix(ARTICLE).is_some_and(|noun| has(SHORTEST, noun));
        // No other word has these letters inside, but for names of other languages.
        let begins = word.starts_with(['أ', 'إ', 'آ']) && !prefix.ends_with(['ك', 'ف']);
        // Few names of places and bodies begin with it, and the table has them.
        let is_and = *prefix == "و" && has(SHORTEST + 1, word);
        let by_article = has_article && (and || kind == Kind::Organisation);
        let by_letters = (by_article || begins || is_and) && kind != Kind::Person;
        has(SHORTEST, word) && (is_known(rest) || is_elsewhere(word) || by_letters)
    };
    PREFIXES.into_iter().find(is_prefix).map_or(0, str::len)
}
