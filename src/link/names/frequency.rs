//! How much it tells that two names share a token.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::commonness::Commonness;
use super::sounds::SoundTable;

/// How many of the people of the training data have a token of a skeleton key.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Frequencies {
    people: f32,
    counts: HashMap<Box<[u8]>, f32, FixedState>,
    /// What is common among the names of the world.
    pub(super) common: Commonness,
    /// Which sounds stand for which.
    pub(super) sounds: SoundTable,
}

impl Frequencies {
    /// Weight of an initial.
    pub(super) const INITIAL: f32 = 1.0;

    pub(super) fn new(people: u32, counts: impl IntoIterator<Item = (String, u32)>) -> Self {
        let counts =
            counts.into_iter().map(|(key, count)| (key.into_bytes().into_boxed_slice(), count as f32)).collect();
        Self { people: people as f32, counts, ..Self::default() }
    }

    /// Adds what is known of the names of the world and of sounds.
    pub(super) fn with(self, common: Commonness, sounds: SoundTable) -> Self {
        Self { common, sounds, ..self }
    }

    /// Natural logarithm of the rarity of a key: from about 1 for Muhammad to [`Frequencies::most`].
    pub(super) fn weight(&self, key: &[u8]) -> f32 {
        let count = self.counts.get(key).copied().unwrap_or(0.0);
        ((self.people + 3.0) / (count + 3.0)).ln().max(0.5)
    }

    /// Weight of a key that nobody has.
    pub(super) fn most(&self) -> f32 {
        self.weight(b"")
    }
}
