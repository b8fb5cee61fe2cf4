//! Names of Koreans, which are written in one word.

use std::collections::HashMap;
use std::sync::LazyLock;

use foldhash::fast::FixedState;

/// Surnames and how news in English mostly spells them, written by hand.
const SURNAMES: &str = include_str!("../../../../models/link/scripts/korean_surnames.tsv");

static SPELLINGS: LazyLock<HashMap<&'static str, &'static str, FixedState>> =
    LazyLock::new(|| SURNAMES.lines().skip(1).filter_map(|line| line.split_once('\t')).collect());

/// A Korean name cut in two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::link::names) struct KoreanName<'t> {
    pub(in crate::link::names) surname: &'t str,
    pub(in crate::link::names) given: &'t str,
    /// How news spells the surname.
    pub(in crate::link::names) spelling: &'static str,
}

impl<'t> KoreanName<'t> {
    /// Cuts a word of Hangul into a surname and a given name of two syllables, or of one after a surname of one. None if it has no
    /// surname of the list, or other letters.
    pub(in crate::link::names) fn find(word: &'t str) -> Option<Self> {
        let is_syllable = |c: char| ('\u{ac00}'..='\u{d7a3}').contains(&c);
        if !word.chars().all(is_syllable) {
            return None;
        }
        let cut = |n: usize| {
            let (at, _) = word.char_indices().nth(n)?;
            let (surname, given) = word.split_at(at);
            SPELLINGS.get(surname).map(|&spelling| Self { surname, given, spelling })
        };
        match word.chars().count() {
            4 => cut(2),
            2 | 3 => cut(1),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surnames_come_first() {
        let parts = |word| KoreanName::find(word).map(|name| (name.surname, name.given, name.spelling));
        assert_eq!(parts("김정은"), Some(("김", "정은", "kim")));
        assert_eq!(parts("남궁민수"), Some(("남궁", "민수", "namgung")));
        for other in ["트럼프", "김", "김정은님들", "Kim", ""] {
            assert_eq!(parts(other), None, "{other}");
        }
    }
}
