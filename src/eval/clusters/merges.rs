//! How often does a system merge different entities?

use derive_more::{Add, AddAssign};
use serde::Serialize;

use super::contingency::{Contingency, pairs};
use crate::eval::counts::ratio;

/// Clusters of the response that mix entities of the key: the costliest error in a list of names.
///
/// A mention that the key lacks belongs to no entity, so it makes no cluster wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Add, AddAssign)]
pub struct WrongMerges {
    /// Clusters of the response with mentions of two entities of the key or more.
    pub wrong_clusters: u64,
    /// Clusters of the response with two mentions or more.
    pub clusters_of_several: u64,
    /// All clusters of the response.
    pub clusters: u64,
    /// Pairs of the response whose mentions belong to two entities of the key.
    pub wrong_pairs: u64,
    /// Pairs of the response whose mentions are both in the key.
    pub pairs: u64,
}

impl WrongMerges {
    /// The share of the response's clusters that are wrong, from 0 to 1; `None` if there are none.
    pub fn rate_of_clusters(self) -> Option<f64> {
        ratio(self.wrong_clusters, self.clusters)
    }

    /// The share of the response's pairs that are wrong, from 0 to 1; `None` if there are none.
    pub fn rate_of_pairs(self) -> Option<f64> {
        ratio(self.wrong_pairs, self.pairs)
    }
}

/// Counts wrong merges.
pub(crate) fn wrong_merges(contingency: &Contingency) -> WrongMerges {
    let sizes = contingency.response_sizes();
    // Entities and known mentions of each cluster.
    let mut content = vec![(0_u64, 0_u64); sizes.len()];
    let mut right_pairs = 0;
    for cell in contingency.cells() {
        content[cell.response].0 += 1;
        content[cell.response].1 += cell.count;
        right_pairs += pairs(cell.count);
    }
    let known_pairs: u64 = content.iter().map(|(_, known)| pairs(*known)).sum();
    WrongMerges {
        wrong_clusters: content.iter().filter(|(entities, _)| *entities > 1).count() as u64,
        clusters_of_several: sizes.iter().filter(|size| **size > 1).count() as u64,
        clusters: sizes.len() as u64,
        wrong_pairs: known_pairs - right_pairs,
        pairs: known_pairs,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::clusters::Clustering;

    #[test]
    fn by_hand() {
        let key = Clustering::new([vec![0, 1, 2], vec![3, 4], vec![5]]);
        // Wrong: the first (0 with 3 and 4). Right: 1 and 2, 5 with a twinless mention, a twinless one alone.
        let response = Clustering::new([vec![0, 3, 4], vec![1, 2], vec![5, 8], vec![9]]);
        let got = wrong_merges(&Contingency::new(&key, &response));
        let want = WrongMerges { wrong_clusters: 1, clusters_of_several: 3, clusters: 4, wrong_pairs: 2, pairs: 4 };
        assert_eq!(got, want);
        assert_eq!((got.rate_of_clusters(), got.rate_of_pairs()), (Some(0.25), Some(0.5)));
        assert_eq!(WrongMerges::default().rate_of_clusters(), None);
        assert_eq!(WrongMerges::default().rate_of_pairs(), None);
    }
}
