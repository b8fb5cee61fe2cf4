//! All metrics for a key and a response.

use std::iter::Sum;

use derive_more::{Add, AddAssign};
use serde::Serialize;

use super::b_cubed::b_cubed;
use super::blanc::{Blanc, blanc};
use super::ceaf::{ceaf_e, ceaf_m};
use super::clustering::Clustering;
use super::contingency::Contingency;
use super::lea::lea;
use super::measure::{Measure, Ratios};
use super::merges::{WrongMerges, wrong_merges};
use super::muc::muc;
use super::pairwise::pairwise;
use crate::eval::Counts;

/// All metrics, as sums that can be added up over documents (with `+=` or [`Iterator::sum`]).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Add, AddAssign)]
pub struct ClusterScores {
    /// Mentions: of both sides, of the response, of the key.
    pub mentions: Counts,
    /// The number of clusters of the key.
    pub key_clusters: u64,
    /// The number of clusters of the response.
    pub response_clusters: u64,
    /// MUC (Vilain et al. 1995), in links.
    pub muc: Counts,
    /// B3 (Bagga and Baldwin 1998), in mentions.
    pub b_cubed: Measure,
    /// CEAF-e (Luo 2005, φ4), in clusters.
    pub ceaf_e: Measure,
    /// CEAF-m (Luo 2005, φ3), in mentions.
    pub ceaf_m: Counts,
    /// The number of clusters whose best pairs were not sought to the end, as there were too many ways: CEAF is a lower bound then. 0
    /// unless tens of thousands of clusters have little to do with the other side's.
    #[serde(skip_serializing_if = "is_none")]
    pub ceaf_cut: u64,
    /// BLANC (Recasens and Hovy 2011), in pairs of mentions.
    pub blanc: Blanc,
    /// LEA (Moosavi and Strube 2016), in mentions.
    pub lea: Measure,
    /// Pairs of mentions in one cluster.
    pub pairwise: Counts,
    /// Clusters that mix entities.
    pub wrong_merges: WrongMerges,
}

impl ClusterScores {
    /// Computes all metrics.
    pub(crate) fn new(contingency: &Contingency) -> Self {
        let ((ceaf_e, n_cut), (ceaf_m, n_cut_m)) = (ceaf_e(contingency), ceaf_m(contingency));
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
            ceaf_e,
            ceaf_m,
            ceaf_cut: n_cut + n_cut_m,
            blanc: blanc(contingency),
            lea: lea(contingency),
            pairwise: pairwise(contingency),
            wrong_merges: wrong_merges(contingency),
        }
    }

    /// The CoNLL-2012 score, from 0 to 1: the mean F1 of MUC, B3 and CEAF-e.
    ///
    /// `None` if one of them is undefined: without mentions, or without a cluster of two (where the shared task took 0 for
    /// MUC).
    pub fn conll_mean(&self) -> Option<f64> {
        Some((self.muc.f1()? + self.b_cubed.f1()? + self.ceaf_e.f1()?) / 3.0)
    }

    /// Precision, recall and F1 of every metric, with the name of its field.
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

fn is_none(n: &u64) -> bool {
    *n == 0
}

impl Sum for ClusterScores {
    fn sum<I: Iterator<Item = Self>>(scores: I) -> Self {
        scores.fold(Self::default(), std::ops::Add::add)
    }
}

/// Scores a response against a key. It runs on the calling thread.
///
/// ```
/// use allonym::eval::clusters::{Clustering, score};
///
/// // The key says that mentions 0, 1 and 2 name one entity; the response splits it.
/// let key = Clustering::new([vec![0, 1, 2], vec![3, 4]]);
/// let response = Clustering::new([vec![0, 1], vec![2], vec![3, 4]]);
/// let scores = score(&key, &response);
/// assert_eq!((scores.b_cubed.precision(), scores.muc.recall()), (Some(1.0), Some(2.0 / 3.0)));
/// assert_eq!(scores.wrong_merges.wrong_clusters, 0);
/// assert!(scores.conll_mean() > Some(0.78));
/// ```
pub fn score(key: &Clustering, response: &Clustering) -> ClusterScores {
    ClusterScores::new(&Contingency::new(key, response))
}
