//! Ids of entities, made from their content.

use std::collections::{BTreeMap, HashMap};

use sha2::{Digest, Sha256};

use super::lists::Lists;
use super::mentions::MentionStore;
use crate::io::hex;
use crate::text::Entity;

/// Ids of entities, in their order.
pub(super) struct Ids {
    pub(super) ids: Vec<String>,
    /// Entities that share label and name with another. Sorted.
    pub(super) shared: Vec<usize>,
}

impl Ids {
    /// An id for each entity, a hash of label and name; of label, name and mentions where several entities share the first two.
    /// `of_mention` has, per document and mention, the index of its entity.
    pub(super) fn new(mentions: &MentionStore, entities: &[Entity], of_mention: &Lists<u32>) -> Self {
        let seed = |at: usize| format!("{}\n{}", entities[at].label, entities[at].name);
        let mut hashes: Vec<u64> = (0..entities.len()).map(|at| hash(&seed(at))).collect();
        let mut sorted = hashes.clone();
        sorted.sort_unstable();
        let is_twice = |hash: u64| {
            let first = sorted.partition_point(|&other| other < hash);
            sorted.get(first + 1) == Some(&hash)
        };
        let alike: Vec<usize> = (0..entities.len()).filter(|&at| is_twice(hashes[at])).collect();
        let mut named: HashMap<String, usize> = HashMap::new();
        alike.iter().for_each(|&at| *named.entry(seed(at)).or_default() += 1);
        let shared: Vec<usize> = alike.into_iter().filter(|&at| named[&seed(at)] > 1).collect();
        let mut lines: BTreeMap<usize, Vec<String>> = shared.iter().map(|&at| (at, Vec::new())).collect();
        for (document, entities) in mentions.documents.iter().zip(of_mention.iter()) {
            for (record, &at) in document.mentions.iter().zip(entities) {
                if let Some(lines) = lines.get_mut(&(at as usize)) {
                    let surface = &mentions.surfaces[record.surface as usize];
                    lines.push(format!("{:x} {} {surface}", document.hash, record.start));
                }
            }
        }
        for (at, mut lines) in lines {
            lines.sort_unstable();
            hashes[at] = hash(&format!("{}\n{}", seed(at), lines.join("\n")));
        }
        let mut used: HashMap<u64, u32> = HashMap::with_capacity(entities.len());
        let id = |hash: u64| {
            // Only copies of one document, and one in 2^64 others, come here twice.
            let copies = used.entry(hash).or_default();
            *copies += 1;
            if *copies == 1 { hex(hash.to_be_bytes()) } else { format!("{}-{copies}", hex(hash.to_be_bytes())) }
        };
        Self { ids: hashes.into_iter().map(id).collect(), shared }
    }
}

fn hash(seed: &str) -> u64 {
    let digest = Sha256::digest(seed);
    u64::from_be_bytes(digest[..8].try_into().expect("a digest has 32 bytes"))
}

/// The id that a seed gives: 16 hexadecimal digits.
#[cfg(feature = "archive")]
pub(crate) fn of(seed: &str) -> String {
    hex(hash(seed).to_be_bytes())
}
