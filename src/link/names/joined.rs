//! The letters of several parts of a name, in a row.

use std::ops::Deref;

use super::distance::LONGEST;
use super::letters::Letters;

/// The letters of several tokens, at most 64.
pub(super) struct Joined {
    letters: [u8; LONGEST],
    len: usize,
}

impl Joined {
    pub(super) fn new<'l>(parts: impl Iterator<Item = &'l Letters>) -> Self {
        let mut joined = Self { letters: [0; LONGEST], len: 0 };
        for part in parts {
            let n = part.len().min(LONGEST - joined.len);
            joined.letters[joined.len..joined.len + n].copy_from_slice(&part.bytes()[..n]);
            joined.len += n;
        }
        joined
    }
}

impl Deref for Joined {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.letters[..self.len]
    }
}
