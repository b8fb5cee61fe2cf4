//! Titles and offices right before a mention: "Foreign Minister Qureshi".

use crate::link::names::NameModel;

/// Bytes before a mention that are searched for titles.
const WINDOW: usize = 64;

/// Most words of a run of titles.
const MOST_WORDS: usize = 5;

/// The longest run of titles that ends right before `name`, lower-case; `None` if the word before it is no title.
///
/// A run has only words that the parser of names takes for titles of `name`. Punctuation ends it.
pub(super) fn titles_before(before: &str, name: &str) -> Option<String> {
    let from = (before.len().saturating_sub(WINDOW)..=before.len()).find(|&at| before.is_char_boundary(at));
    let before = &before[from.unwrap_or(before.len())..];
    let ends_run = |c: char| matches!(c, ',' | ';' | ':' | '!' | '?' | '(' | ')' | '"' | '“' | '”' | '*' | '\n');
    let run = before.rsplit(ends_run).next().unwrap_or("");
    let words: Vec<&str> = run.split_whitespace().rev().take(MOST_WORDS).collect();
    if words.is_empty() || !run.ends_with(char::is_whitespace) {
        return None;
    }
    let model = NameModel::embedded();
    let own = model.parse(name).titles().count();
    let mut longest = None;
    for n in 1..=words.len() {
        let run = words[..n].iter().rev().copied().collect::<Vec<_>>().join(" ");
        let parsed = model.parse(&format!("{run} {name}"));
        let titles: Vec<&str> = parsed.titles().collect();
        if titles.len() == own + n {
            longest = Some(titles[..n].join(" "));
        }
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_end_at_the_name() {
        for (before, name, want) in [
            ("Earlier, Foreign Minister ", "Qureshi", Some("foreign minister")),
            ("Qureshi met Dr. ", "Zarif", Some("dr")),
            ("Zarif and said ", "Imran Khan", None),
            ("the minister, ", "Imran Khan", None),
            ("", "Imran Khan", None),
        ] {
            assert_eq!(titles_before(before, name).as_deref(), want, "{before}{name}");
        }
    }
}
