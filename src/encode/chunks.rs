//! A cache of pieces.
//!
//! News repeats its words: nine in ten were seen a moment ago. A tokenizer that splits at white space first always gives the same pieces
//! for the same letters between two spaces, so that these need to be split only once.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, PoisonError};

/// A piece of a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) id: u32,
    pub(super) type_: u32,
    /// In bytes from the start of the chunk.
    pub(super) start: usize,
    pub(super) end: usize,
}

/// So many that threads seldom wait for each other.
const SHARDS: usize = 16;

/// The most chunks in a shard. The frequent ones come early; a chunk that comes when the shard is full is split each time.
const MOST: usize = 4096;

/// The longest chunk that is kept, in bytes; longer ones are rare.
const LONGEST: usize = 64;

type Shard = HashMap<Box<str>, Arc<[Piece]>>;

/// The pieces of chunks, the letters between two spaces.
#[derive(Debug)]
pub(super) struct Chunks {
    hasher: RandomState,
    shards: [Mutex<Shard>; SHARDS],
}

impl Chunks {
    pub(super) fn new() -> Self {
        Self { hasher: RandomState::new(), shards: Default::default() }
    }

    /// The pieces of a chunk: from the cache, or from `split`.
    pub(super) fn pieces<E>(
        &self,
        chunk: &str,
        split: impl FnOnce() -> Result<Vec<Piece>, E>,
    ) -> Result<Arc<[Piece]>, E> {
        if chunk.len() > LONGEST {
            return Ok(split()?.into());
        }
        let shard = &self.shards[self.hasher.hash_one(chunk) as usize % SHARDS];
        if let Some(known) = shard.lock().unwrap_or_else(PoisonError::into_inner).get(chunk) {
            return Ok(Arc::clone(known));
        }
        let pieces: Arc<[Piece]> = split()?.into();
        let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
        if shard.len() < MOST {
            shard.insert(chunk.into(), Arc::clone(&pieces));
        }
        Ok(pieces)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chunk_is_split_once() {
        let chunks = Chunks::new();
        let (mut n_split, piece) = (0, Piece { id: 7, type_: 1, start: 0, end: 4 });
        for _ in 0..3 {
            let found = chunks.pieces("Iran", || {
                n_split += 1;
                Ok::<_, ()>(vec![piece])
            });
            assert_eq!(found.as_deref(), Ok(&[piece][..]));
        }
        assert_eq!(n_split, 1);
        assert_eq!(chunks.pieces("Oman", || Err("no")), Err("no"));
    }

    #[test]
    fn only_so_many_are_kept() {
        let chunks = Chunks::new();
        for i in 0..2 * SHARDS * MOST {
            chunks.pieces(&i.to_string(), || Ok::<_, ()>(Vec::new())).expect("nothing fails");
        }
        let kept: usize = chunks.shards.iter().map(|shard| shard.lock().expect("no thread broke off").len()).sum();
        assert_eq!(kept, SHARDS * MOST);
        chunks.pieces(&"x".repeat(LONGEST + 1), || Ok::<_, ()>(Vec::new())).expect("nothing fails");
    }
}
