//! Words that Arabic names begin with.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::hash::FixedState;
use super::letters::fold_letters;
use super::table::rows;

/// Names of places and bodies, nouns that names of bodies and places begin with, and given names, written by `models/words/arabic.py`.
const WORDS: &str = include_str!("../../models/words/arabic.tsv");

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Name,
    Noun,
    Given,
}

/// Words that Arabic names begin with.
pub(crate) struct ArabicWords {
    roles: HashMap<String, Role, FixedState>,
}

static ARABIC: LazyLock<ArabicWords> = LazyLock::new(|| {
    let role = |role| match role {
        "name" => Role::Name,
        "noun" => Role::Noun,
        "given" => Role::Given,
        _ => panic!("expected a role of Arabic words, found {role:?}; a test reads all tables"),
    };
    ArabicWords { roles: rows(WORDS).map(|[word, of_word]| (fold_letters(word), role(of_word))).collect() }
});

impl ArabicWords {
    /// The words of this library.
    pub(crate) fn get() -> &'static Self {
        &ARABIC
    }

    /// Whether some words are the name of a place or a body.
    pub(crate) fn is_name(&self, words: &str) -> bool {
        self.has(words, Role::Name)
    }

    /// Whether names of places and bodies begin with this noun.
    pub(crate) fn is_noun(&self, word: &str) -> bool {
        self.has(word, Role::Noun)
    }

    /// Whether names of persons begin with this word.
    pub(crate) fn is_given_name(&self, word: &str) -> bool {
        self.has(word, Role::Given)
    }

    fn has(&self, words: &str, role: Role) -> bool {
        self.roles.get(fold_letters(words).as_str()) == Some(&role)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_roles_however_their_hamzas_are_written() {
        let arabic = ArabicWords::get();
        assert!(arabic.is_name("أربيل") && arabic.is_name("اربيل") && !arabic.is_name("وأربيل"));
        assert!(arabic.is_noun("جامعة") && arabic.is_given_name("أحمد") && !arabic.is_given_name("جامعة"));
    }
}
