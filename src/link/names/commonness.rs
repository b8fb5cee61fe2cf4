//! How common a token is among the names of the world.
//!
//! The training pairs have a few thousand persons; a part that none of them has may still be everybody's name. A name of many people is
//! written in many ways and scripts, so its number of spellings in a table of the world's names says how common it is.

use std::collections::{BTreeMap, HashMap};

use foldhash::fast::FixedState;
use serde::Deserialize;

use super::letters::Letters;

/// Unit of the levels in the weights: thirds of a natural logarithm.
const THIRDS: f32 = 3.0;

/// Commonness of tokens and of skeleton keys, as natural logarithms.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Commonness {
    tokens: HashMap<Letters, f32, FixedState>,
    keys: HashMap<Letters, f32, FixedState>,
}

/// Commonness as the weights have it: per level, the tokens or keys, separated by spaces.
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

    /// ln(1 + number of spellings of the names that a token writes); 0 for a token that is rare or no name.
    pub(super) fn of_token(&self, letters: &Letters) -> f32 {
        self.tokens.get(letters).copied().unwrap_or(0.0)
    }

    /// ln(1 + number of tokens that have a skeleton key); 0 for a rare one.
    pub(super) fn of_key(&self, key: &Letters) -> f32 {
        self.keys.get(key).copied().unwrap_or(0.0)
    }
}

fn by_word(levels: &BTreeMap<u8, String>) -> HashMap<Letters, f32, FixedState> {
    let words = |(&level, words): (&u8, &'_ String)| -> Vec<(Letters, f32)> {
        words.split_whitespace().map(|word| (Letters::new(word.as_bytes()), f32::from(level) / THIRDS)).collect()
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
        let of_token = |word: &str| known.of_token(&Letters::new(word.as_bytes()));
        let of_key = |word: &str| known.of_key(&Letters::new(word.as_bytes()));
        assert_eq!((of_token("maria"), of_token("ivan"), of_token("al")), (2.0, 3.0, 0.0));
        assert_eq!((of_key("al"), of_key("ali")), (1.0, 0.0));
    }
}
