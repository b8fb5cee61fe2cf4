//! BLANC: how many links between mentions are right, and how many non-links?

use derive_more::{Add, AddAssign};
use serde::Serialize;

use super::contingency::{Contingency, pairs};
use super::measure::Ratios;
use super::pairwise::pairwise;
use crate::eval::Counts;

/// The counts of BLANC: all pairs of mentions, in two classes.
///
/// Precision, recall and F1 are the means over both classes; the F1 is the mean of two F1s, not the harmonic mean of the
/// mean precision and recall. A class that the key has no pair of is left out, as in the CoNLL scorer 8.01 (corefud-scorer
/// counts it as 0 unless the response has none either).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Add, AddAssign)]
pub struct Blanc {
    /// Pairs in one cluster: of both sides, of the response, of the key.
    pub coreferent: Counts,
    /// Pairs in two clusters: of both sides, of the response, of the key.
    pub not_coreferent: Counts,
}

impl Blanc {
    /// Precision, recall and F1; all `None` if the key has no pair at all.
    pub fn ratios(self) -> Ratios {
        match (self.coreferent.gold, self.not_coreferent.gold) {
            (0, 0) => Ratios::default(),
            (0, _) => self.not_coreferent.into(),
            (_, 0) => self.coreferent.into(),
            _ => {
                let (one, two) = (Ratios::from(self.coreferent), Ratios::from(self.not_coreferent));
                // A ratio that is undefined for one class, because no such pair is predicted, counts as 0.
                let mean = |a: Option<f64>, b: Option<f64>| Some((a.unwrap_or(0.0) + b.unwrap_or(0.0)) / 2.0);
                Ratios {
                    precision: mean(one.precision, two.precision),
                    recall: mean(one.recall, two.recall),
                    f1: mean(one.f1, two.f1),
                }
            }
        }
    }
}

/// BLANC (Recasens and Hovy 2011), extended to predicted mentions (Luo et al. 2014).
pub(crate) fn blanc(contingency: &Contingency) -> Blanc {
    let coreferent = pairwise(contingency);
    let (keys, responses) = (contingency.key_sizes(), contingency.response_sizes());
    let (mut key_shared, mut response_shared) = (vec![0; keys.len()], vec![0; responses.len()]);
    for cell in contingency.cells() {
        key_shared[cell.key] += cell.count;
        response_shared[cell.response] += cell.count;
    }
    let within = |sizes: &[u64]| sizes.iter().copied().map(pairs).sum::<u64>();
    let all = |sizes: &[u64]| pairs(sizes.iter().sum());
    let not_coreferent = Counts {
        // Pairs of mentions that both sides have, minus those in one cluster of either side.
        correct: all(&key_shared) + coreferent.correct - within(&key_shared) - within(&response_shared),
        predicted: all(responses) - coreferent.predicted,
        gold: all(keys) - coreferent.gold,
    };
    Blanc { coreferent, not_coreferent }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::clusters::Clustering;

    fn of(key: Vec<Vec<u32>>, response: Vec<Vec<u32>>) -> Blanc {
        blanc(&Contingency::new(&Clustering::new(key), &Clustering::new(response)))
    }

    #[test]
    fn by_hand() {
        // Key 01 | 02 03 12 13 23; response 03 | 01 04 13 14 34.
        let got = of(vec![vec![0, 1], vec![2], vec![3]], vec![vec![0, 3], vec![1], vec![4]]);
        let coreferent = Counts { correct: 0, predicted: 1, gold: 1 };
        let not_coreferent = Counts { correct: 1, predicted: 5, gold: 5 };
        assert_eq!(got, Blanc { coreferent, not_coreferent });
        let want = Ratios { precision: Some(0.1), recall: Some(0.1), f1: Some(0.1) };
        assert_eq!(got.ratios(), want);
    }

    #[test]
    fn a_class_that_the_key_lacks_is_left_out() {
        // Every pair of the key is coreferent; 1 of 3 is so in the response.
        let got = of(vec![vec![0, 1, 2]], vec![vec![0, 1], vec![2]]).ratios();
        assert_eq!(got, Ratios { precision: Some(1.0), recall: Some(1.0 / 3.0), f1: Some(0.5) });
        // No pair of the key is coreferent; 2 of 3 are not so in the response.
        let got = of(vec![vec![0], vec![1], vec![2]], vec![vec![0, 1], vec![2]]).ratios();
        assert_eq!(got, Ratios { precision: Some(1.0), recall: Some(2.0 / 3.0), f1: Some(0.8) });
        assert_eq!(of(vec![vec![0]], vec![vec![0]]).ratios(), Ratios::default());
    }
}
