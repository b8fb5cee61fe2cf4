//! What do all metrics say of one key and one response?

use std::iter::Sum;

use derive_more::{Add, AddAssign};
use serde::Serialize;

use super::{
    Blanc, Clustering, Contingency, Measure, Ratios, WrongMerges, b_cubed, blanc, ceaf_e, ceaf_m, lea, muc, pairwise,
    wrong_merges,
};
use crate::eval::Counts;

/// All metrics, as sums that can be added up over documents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Add, AddAssign)]
pub struct ClusterScores {
    /// Mentions: on both sides, of the response, of the key.
    pub mentions: Counts,
    /// Clusters of the key.
    pub key_clusters: u64,
    /// Clusters of the response.
    pub response_clusters: u64,
    /// MUC, in links.
    pub muc: Counts,
    /// B3, in mentions.
    pub b_cubed: Measure,
    /// CEAF by entities (phi 4), in clusters.
    pub ceaf_e: Measure,
    /// CEAF by mentions (phi 3), in mentions.
    pub ceaf_m: Counts,
    /// BLANC, in pairs of mentions.
    pub blanc: Blanc,
    /// LEA, in mentions.
    pub lea: Measure,
    /// Pairs of mentions that share a cluster.
    pub pairwise: Counts,
    /// Clusters that take two for one.
    pub wrong_merges: WrongMerges,
}

impl ClusterScores {
    /// All metrics of some overlaps.
    pub fn new(contingency: &Contingency) -> Self {
        Self {
            mentions: Counts {
                correct: contingency.cells().iter().map(|cell| cell.count).sum(),
                predicted: contingency.response_sizes().iter().sum(),
                gold: contingency.key_sizes().iter().sum(),
            },
            key_clusters: contingency.key_sizes().len() as u64,
            response_clusters: contingency.response_sizes().len() as u64,
            muc: muc(contingency),
            b_cubed: b_cubed(contingency),
            ceaf_e: ceaf_e(contingency),
            ceaf_m: ceaf_m(contingency),
            blanc: blanc(contingency),
            lea: lea(contingency),
            pairwise: pairwise(contingency),
            wrong_merges: wrong_merges(contingency),
        }
    }

    /// The mean of the F1 of MUC, B3 and CEAF-e (CoNLL-2012), from 0 to 1.
    ///
    /// `None` where one of them is undefined: without mentions, and without any cluster of two (where the shared task took 0 for MUC).
    pub fn conll_mean(&self) -> Option<f64> {
        Some((self.muc.f1()? + self.b_cubed.f1()? + self.ceaf_e.f1()?) / 3.0)
    }

    /// The ratios of every metric by its field name, in the order of the fields.
    pub fn ratios(&self) -> [(&'static str, Ratios); 7] {
        [
            ("muc", self.muc.into()),
            ("b_cubed", self.b_cubed.into()),
            ("ceaf_e", self.ceaf_e.into()),
            ("ceaf_m", self.ceaf_m.into()),
            ("blanc", self.blanc.ratios()),
            ("lea", self.lea.into()),
            ("pairwise", self.pairwise.into()),
        ]
    }
}

impl Sum for ClusterScores {
    fn sum<I: Iterator<Item = Self>>(scores: I) -> Self {
        scores.fold(Self::default(), std::ops::Add::add)
    }
}

/// All metrics of a response against a key.
pub fn score(key: &Clustering, response: &Clustering) -> ClusterScores {
    ClusterScores::new(&Contingency::new(key, response))
}
