//! Distinct texts, each kept once.

use std::hash::{BuildHasher, RandomState};
use std::ops::Index;

use hashbrown::HashTable;

/// Distinct texts, numbered from 0 in the order in which they came. All of them are in one piece of memory.
#[derive(Clone, Debug, Default)]
pub(crate) struct Texts {
    all: String,
    /// Where each text ends.
    ends: Vec<usize>,
    ids: HashTable<u32>,
    hasher: RandomState,
}

impl Texts {
    /// The number of a text, which is added if it is new.
    pub(in crate::link) fn intern(&mut self, text: &str) -> u32 {
        let Self { all, ends, ids, hasher } = self;
        let hash = hasher.hash_one(text);
        if let Some(&id) = ids.find(hash, |&id| get(all, ends, id as usize) == text) {
            return id;
        }
        let id = u32::try_from(ends.len()).expect("fewer than 2^32 texts fit into memory");
        all.push_str(text);
        ends.push(all.len());
        ids.insert_unique(hash, id, |&id| hasher.hash_one(get(all, ends, id as usize)));
        id
    }

    /// Frees what only [`intern`](Self::intern) needs. A text that is added after that gets a number of its own, known or not.
    pub(in crate::link) fn close(&mut self) {
        self.ids = HashTable::new();
        self.all.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    /// Number of texts.
    pub(in crate::link) fn len(&self) -> usize {
        self.ends.len()
    }

    /// All texts, in the order of their numbers.
    pub(in crate::link) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|at| &self[at])
    }
}

fn get<'t>(all: &'t str, ends: &[usize], at: usize) -> &'t str {
    let start = at.checked_sub(1).map_or(0, |before| ends[before]);
    &all[start..ends[at]]
}

impl Index<usize> for Texts {
    type Output = str;

    fn index(&self, at: usize) -> &str {
        get(&self.all, &self.ends, at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_have_one_number() {
        let mut texts = Texts::default();
        let ids: Vec<u32> = ["Oslo", "", "Rome", "Oslo", "", "Os"].map(|text| texts.intern(text)).into();
        assert_eq!(ids, [0, 1, 2, 0, 1, 3]);
        texts.close();
        assert_eq!(texts.iter().collect::<Vec<_>>(), ["Oslo", "", "Rome", "Os"]);
        assert_eq!((texts.len(), &texts[2]), (4, "Rome"));
    }
}
