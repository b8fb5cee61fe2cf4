//! Abbreviations of the languages of news.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::lexicon::rows;

/// Abbreviations, which keep their dot and do not end a sentence: in lower case, with their language and role.
const TABLE: &str = include_str!("../../../models/words/abbreviations.tsv");

/// How an abbreviation is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// With a capital letter, before a name that it is not part of: "Mr".
    Title,
    /// With a capital letter: "Corp".
    Capital,
    /// In any letters: "etc".
    Any,
}

static ABBREVIATIONS: LazyLock<HashMap<&'static str, Role>> = LazyLock::new(|| {
    let role = |role| match role {
        "title" => Role::Title,
        "capital" => Role::Capital,
        "any" => Role::Any,
        _ => panic!("expected a role of abbreviations, found {role:?}; a test reads all tables"),
    };
    rows(TABLE).map(|[abbreviation, _language, of_word]| (abbreviation, role(of_word))).collect()
});

/// Whether the dot after `word` belongs to it: "Dr", "U.S", "J".
pub(in crate::text) fn is_abbreviation(word: &str) -> bool {
    let last = word.rsplit(['-', '‐', '‑']).next().unwrap_or(word);
    let mut parts = last.split('.').peekable();
    let initials = last.chars().next().is_some_and(char::is_alphabetic)
        && parts.all(|part| part.chars().count() == 1 && part.chars().all(char::is_alphabetic));
    // A lone lower-case letter with a dot is a list item or the end of a sentence, not an initial.
    if initials && (last.contains('.') || last.chars().all(char::is_uppercase)) {
        return true;
    }
    match role(last) {
        Some(Role::Any) => true,
        Some(Role::Title | Role::Capital) => last.starts_with(char::is_uppercase),
        None => false,
    }
}

/// Whether a word is an abbreviated title: "Mr".
pub(in crate::text) fn is_title(word: &str) -> bool {
    word.starts_with(char::is_uppercase) && role(word) == Some(Role::Title)
}

fn role(word: &str) -> Option<Role> {
    ABBREVIATIONS.get(word.to_lowercase().as_str()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abbreviations_have_roles() {
        for word in ["Dr", "U.S", "J", "Corp", "etc", "Sra", "г", "Doç", "bzw"] {
            assert!(is_abbreviation(word), "{word}");
        }
        for word in ["dr", "corp", "j", "Oslo", "город", "sra", ""] {
            assert!(!is_abbreviation(word), "{word}");
        }
        assert!(is_title("Mr") && !is_title("mr") && !is_title("Corp"));
    }
}
