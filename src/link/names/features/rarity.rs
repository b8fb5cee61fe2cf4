//! How rare in the world the tokens are that two names share, and those that one lacks.

use crate::link::names::token::Token;

/// Rarity of the tokens of a name whose key the other name has too (`matched`), and of the others (`left`): of the rarest one, and the sum.
pub(super) struct Rarity {
    pub(super) matched: f32,
    pub(super) all_matched: f32,
    pub(super) left: f32,
    pub(super) all_left: f32,
    pub(super) matched_key: f32,
    pub(super) all_matched_keys: f32,
}

impl Rarity {
    /// Less than the rarity of any token.
    const NONE: f32 = -12.0;
    /// Rarity in sums of a token that is no name; that of the commonest name is about 0.
    const MOST: f32 = 10.0;

    pub(super) fn new(tokens: &[Token], others: &[Token]) -> Self {
        let mut rarity = Self {
            matched: Self::NONE,
            all_matched: 0.0,
            left: Self::NONE,
            all_left: 0.0,
            matched_key: Self::NONE,
            all_matched_keys: 0.0,
        };
        for token in tokens.iter().filter(|token| !token.is_initial()) {
            let is_same = |other: &Token| !other.is_initial() && other.skeleton.key == token.skeleton.key;
            if others.iter().any(is_same) {
                rarity.matched = rarity.matched.max(-token.common);
                rarity.all_matched += Self::MOST - token.common;
                rarity.matched_key = rarity.matched_key.max(-token.common_key);
                rarity.all_matched_keys += Self::MOST - token.common_key;
            } else {
                rarity.left = rarity.left.max(-token.common);
                rarity.all_left += Self::MOST - token.common;
            }
        }
        rarity
    }
}
