//! Ids of entities, made from their content.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use super::cluster::Cluster;
use super::mentions::MentionStore;
use crate::io::hex;

/// An id for each cluster, a hash of label and name; of label, name and mentions where several clusters share the first two.
pub(super) fn ids(mentions: &MentionStore, clusters: &[Cluster]) -> Vec<String> {
    let mut seeds: Vec<String> =
        clusters.iter().map(|cluster| format!("{}\n{}", cluster.label, cluster.name)).collect();
    let mut named: HashMap<&str, usize> = HashMap::with_capacity(clusters.len());
    for seed in &seeds {
        *named.entry(seed).or_default() += 1;
    }
    let shared: Vec<usize> = (0..clusters.len()).filter(|&at| named[seeds[at].as_str()] > 1).collect();
    for at in shared {
        let mut lines: Vec<String> = clusters[at]
            .mentions
            .iter()
            .map(|mention| {
                let document = &mentions.documents[mention.document as usize];
                let record = &document.mentions[mention.index as usize];
                format!("{:x} {} {}", document.hash, record.start, mentions.surfaces[record.surface as usize])
            })
            .collect();
        lines.sort_unstable();
        seeds[at] = format!("{}\n{}", seeds[at], lines.join("\n"));
    }
    let mut used: HashMap<String, u32> = HashMap::with_capacity(clusters.len());
    let id = |seed: &String| {
        let id = of(seed);
        // Only copies of one document, and one in 2^64 others, come here twice.
        let copies = used.entry(id.clone()).or_default();
        *copies += 1;
        if *copies == 1 { id } else { format!("{id}-{copies}") }
    };
    seeds.iter().map(id).collect()
}

/// The id that a seed gives: 16 hexadecimal digits.
pub(crate) fn of(seed: &str) -> String {
    hex(&Sha256::digest(seed)[..8])
}
