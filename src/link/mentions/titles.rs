//! Titles and offices right before a mention: "Foreign Minister Qureshi".

use crate::link::names::{NameModel, n_title_words};

/// Bytes before a mention that are searched for titles.
const WINDOW: usize = 64;

/// Most words of a run of titles.
const MOST_WORDS: usize = 5;

/// The longest run of titles that ends right before `name`, lower-case; `None` if the word before it is no title.
///
/// A run has only words that the parser of names takes for titles of `name`. Punctuation ends it.
pub(super) fn titles_before(before: &str, name: &str) -> Option<String> {
    let words = words_before(before);
    // Parsing costs more than counting the words that can be titles.
    let mut n_possible = n_title_words(name);
    let may_be_titles = |(n, word): (usize, &&str)| {
        n_possible += n_title_words(word);
        (n_possible >= n).then_some(n)
    };
    let most = (1..).zip(&words).filter_map(may_be_titles).last()?;
    longest_run(&words[..most], name)
}

/// The words before a name, the nearest first, up to punctuation.
fn words_before(before: &str) -> Vec<&str> {
    let from = (before.len().saturating_sub(WINDOW)..=before.len()).find(|&at| before.is_char_boundary(at));
    let before = &before[from.unwrap_or(before.len())..];
    let ends_run = |c: char| matches!(c, ',' | ';' | ':' | '!' | '?' | '(' | ')' | '"' | '“' | '”' | '\n');
    let run = before.rsplit(ends_run).next().unwrap_or("");
    if run.ends_with(char::is_whitespace) {
        run.split_whitespace().rev().take(MOST_WORDS).collect()
    } else {
        Vec::new()
    }
}

/// The longest run of the nearest words that are all titles of a name.
fn longest_run(words: &[&str], name: &str) -> Option<String> {
    let model = NameModel::embedded();
    let own = model.parse(name).titles().count();
    let run_of = |n: usize| {
        let run = words[..n].iter().rev().copied().collect::<Vec<_>>().join(" ");
        let parsed = model.parse(&format!("{run} {name}"));
        let titles: Vec<&str> = parsed.titles().collect();
        (titles.len() == own + n).then(|| titles[..n].join(" "))
    };
    (1..=words.len()).rev().find_map(run_of)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const WORDS: [&str; 14] = [
        "Foreign",
        "Minister",
        "said",
        "Dr.",
        "al-Islam",
        "Hujjat",
        "Vice-President",
        "the",
        "—",
        "Khan",
        "Sheikh",
        "Jr.",
        "of",
        "Foo",
    ];

    proptest! {
        #[test]
        fn words_that_cannot_be_titles_change_nothing(
            before in prop::collection::vec(prop::sample::select(&WORDS[..]), 0..6),
            name in prop::collection::vec(prop::sample::select(&WORDS[..]), 1..4),
        ) {
            let (before, name) = (before.join(" ") + " ", name.join(" "));
            prop_assert_eq!(titles_before(&before, &name), longest_run(&words_before(&before), &name));
        }
    }

    #[test]
    fn titles_end_at_the_name() {
        for (before, name, want) in [
            ("Earlier, Foreign Minister ", "Qureshi", Some("foreign minister")),
            ("Qureshi met Dr. ", "Zarif", Some("dr")),
            ("Zarif and said ", "Imran Khan", None),
            ("the minister, ", "Imran Khan", None),
            ("**Foreign Minister** ", "Qureshi", Some("foreign minister")),
            ("", "Imran Khan", None),
        ] {
            assert_eq!(titles_before(before, name).as_deref(), want, "{before}{name}");
        }
    }
}
