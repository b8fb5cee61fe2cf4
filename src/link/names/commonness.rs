//! How common is a token among the names of the world?
//!
//! The training pairs know a few thousand persons; a part that none of them has may still be everybody's name. A name of many people
//! is written in many ways and many scripts, so the number of spellings that a name table of the world has for the names that a
//! token writes says how common it is.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

/// Levels are written in thirds of a natural logarithm.
const THIRDS: f32 = 3.0;

/// The commonness of tokens and of their skeleton keys.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Commonness {
    tokens: HashMap<Box<[u8]>, f32>,
    keys: HashMap<Box<[u8]>, f32>,
}

/// The levels as they are written: the tokens, or keys, of each, separated by spaces.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCommonness {
    tokens: BTreeMap<u8, String>,
    keys: BTreeMap<u8, String>,
}

impl Commonness {
    pub(super) fn new(raw: &RawCommonness) -> Self {
        Self { tokens: by_word(&raw.tokens), keys: by_word(&raw.keys) }
    }

    /// The logarithm of one more than the spellings of the names that a token writes; 0 for one that is rare or no name.
    pub(super) fn of_token(&self, letters: &[u8]) -> f32 {
        self.tokens.get(letters).copied().unwrap_or(0.0)
    }

    /// The logarithm of one more than the tokens that have a skeleton key; 0 for a rare one.
    pub(super) fn of_key(&self, key: &[u8]) -> f32 {
        self.keys.get(key).copied().unwrap_or(0.0)
    }
}

fn by_word(levels: &BTreeMap<u8, String>) -> HashMap<Box<[u8]>, f32> {
    let words = |(&level, words): (&u8, &'_ String)| -> Vec<(Box<[u8]>, f32)> {
        words.split_whitespace().map(|word| (word.as_bytes().into(), f32::from(level) / THIRDS)).collect()
    };
    levels.iter().flat_map(words).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_the_level_of_their_list() {
        let raw: RawCommonness =
            serde_json::from_str(r#"{"tokens":{"6":"ali maria","9":"ivan"},"keys":{"3":"al"}}"#).expect("it is JSON");
        let known = Commonness::new(&raw);
        assert_eq!((known.of_token(b"maria"), known.of_token(b"ivan"), known.of_token(b"al")), (2.0, 3.0, 0.0));
        assert_eq!((known.of_key(b"al"), known.of_key(b"ali")), (1.0, 0.0));
    }
}
