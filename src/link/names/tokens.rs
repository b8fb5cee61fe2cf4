//! Parts that many names share.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::letters::Letters;
use super::name::Name;
use super::token::Token;

/// Parts that the names of a corpus share: ten thousand people called Muhammad have one.
#[derive(Clone, Debug, Default)]
pub(in crate::link) struct Tokens {
    known: HashMap<(Letters, Option<Letters>, bool), Token, FixedState>,
}

impl Tokens {
    /// Lets a name share its parts with those that came before.
    pub(in crate::link) fn share(&mut self, name: &mut Name) {
        for token in &mut name.tokens {
            // All else follows from these.
            let key = (token.letters, token.with_particle, token.unwritten);
            let known = self.known.entry(key).or_insert_with(|| token.clone());
            *token = known.clone();
        }
    }
}
