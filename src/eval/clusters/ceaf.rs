//! CEAF: how similar are the sides if each cluster is paired with at most one of the other side?

use super::assignment::{Assignment, Edge, heaviest};
use super::contingency::{Cell, Contingency};
use super::measure::Measure;
use crate::eval::Counts;

/// CEAF-m (Luo 2005, φ3): the most mentions that paired clusters can share.
///
/// The counts are mentions: shared, of the response, of the key. The number is that of the clusters whose pairs were not sought to the
/// end, so that the first count may be too low.
pub(crate) fn ceaf_m(contingency: &Contingency) -> (Counts, u64) {
    let (chosen, n_cut) = best_pairs(contingency, |cell| cell.count as f64);
    let counts = Counts {
        correct: chosen.map(|cell| cell.count).sum(),
        predicted: contingency.response_sizes().iter().sum(),
        gold: contingency.key_sizes().iter().sum(),
    };
    (counts, n_cut)
}

/// CEAF-e (Luo 2005, φ4): the largest sum of 2 · shared / (key + response) over paired clusters.
///
/// The denominators are clusters. The number is as in [`ceaf_m`].
pub(crate) fn ceaf_e(contingency: &Contingency) -> (Measure, u64) {
    let similarity = |cell: &Cell| {
        let sizes = contingency.key_sizes()[cell.key] + contingency.response_sizes()[cell.response];
        (2 * cell.count) as f64 / sizes as f64
    };
    let (chosen, n_cut) = best_pairs(contingency, similarity);
    let total = chosen.map(|cell| similarity(&cell)).sum();
    let measure = Measure {
        recall_numerator: total,
        recall_denominator: contingency.key_sizes().len() as u64,
        precision_numerator: total,
        precision_denominator: contingency.response_sizes().len() as u64,
    };
    (measure, n_cut)
}

/// The pairs of clusters with the largest total similarity, and the number of clusters for which they were not sought to the end.
fn best_pairs(contingency: &Contingency, similarity: impl Fn(&Cell) -> f64) -> (impl Iterator<Item = Cell>, u64) {
    let cells = contingency.cells();
    let edge = |cell: &Cell| Edge { left: cell.key, right: cell.response, weight: similarity(cell) };
    let edges: Vec<Edge> = cells.iter().map(edge).collect();
    let Assignment { chosen, n_cut } =
        heaviest(&edges, contingency.key_sizes().len(), contingency.response_sizes().len());
    (chosen.into_iter().map(|i| cells[i]), n_cut as u64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::eval::clusters::Clustering;

    /// The four systems of Luo 2005, tables 1 and 2.
    #[test]
    fn the_examples_of_the_paper() {
        let key = Clustering::new([vec![1, 2, 3, 4, 5], vec![6, 7], vec![8, 9, 10, 11, 12]]);
        for (name, response, shared, similarity) in [
            ("a", vec![vec![1, 2, 3, 4, 5], vec![6, 7, 8, 9, 10, 11, 12]], 10, 1.0 + 10.0 / 12.0),
            ("b", vec![vec![1, 2, 3, 4, 5, 8, 9, 10, 11, 12], vec![6, 7]], 7, 10.0 / 15.0 + 1.0),
            ("c", vec![(1..=12).collect()], 5, 10.0 / 17.0),
            ("d", (1..=12).map(|i| vec![i]).collect(), 3, 2.0 / 6.0 + 2.0 / 3.0 + 2.0 / 6.0),
        ] {
            let n_clusters = response.len() as u64;
            let contingency = Contingency::new(&key, &Clustering::new(response));
            let (mentions, n_cut) = ceaf_m(&contingency);
            assert_eq!(n_cut, 0, "{name}");
            assert_eq!(mentions, Counts { correct: shared, predicted: 12, gold: 12 }, "{name}");
            let (entities, _) = ceaf_e(&contingency);
            assert!((entities.recall_numerator - similarity).abs() < 1e-12, "{name}: {entities:?}");
            assert_eq!(entities.recall_numerator, entities.precision_numerator, "{name}");
            assert_eq!((entities.recall_denominator, entities.precision_denominator), (3, n_clusters), "{name}");
        }
    }

    /// The best sum over all ways to assign the key's clusters to the response's, or to none.
    fn brute(keys: &[Vec<u32>], responses: &[Vec<u32>], phi: &dyn Fn(&[u32], &[u32]) -> f64) -> f64 {
        let Some((first, rest)) = keys.split_first() else { return 0.0 };
        let mut best = brute(rest, responses, phi);
        for i in 0..responses.len() {
            let mut others = responses.to_vec();
            let other = others.remove(i);
            best = best.max(phi(first, &other) + brute(rest, &others, phi));
        }
        best
    }

    fn shared(a: &[u32], b: &[u32]) -> f64 {
        a.iter().filter(|mention| b.contains(mention)).count() as f64
    }

    fn clusters(places: &[u8]) -> Vec<Vec<u32>> {
        let of = |cluster: u8| (0_u32..).zip(places).filter(|place| *place.1 == cluster).map(|place| place.0).collect();
        // 6 is a mention that the side lacks.
        (0..6).map(of).filter(|cluster: &Vec<u32>| !cluster.is_empty()).collect()
    }

    proptest! {
        #[test]
        fn no_pairing_is_better(places in prop::collection::vec((0_u8..7, 0_u8..7), 0..24)) {
            let (key, response): (Vec<u8>, Vec<u8>) = places.into_iter().unzip();
            let (key, response) = (clusters(&key), clusters(&response));
            let contingency = Contingency::new(&Clustering::new(key.clone()), &Clustering::new(response.clone()));
            let want = brute(&key, &response, &shared);
            prop_assert_eq!(ceaf_m(&contingency).0.correct as f64, want);
            let want = brute(&key, &response, &|a, b| 2.0 * shared(a, b) / (a.len() + b.len()) as f64);
            let got = ceaf_e(&contingency).0.recall_numerator;
            prop_assert!((got - want).abs() < 1e-9, "{} instead of {}", got, want);
        }
    }
}
