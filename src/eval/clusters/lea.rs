//! LEA: how well is each entity resolved, weighted by its size?

use super::contingency::{Contingency, pairs};
use super::measure::Measure;

/// LEA, the link-based entity-aware metric (Moosavi and Strube 2016): a cluster weighs as much as it has mentions, and is
/// right to the extent that the other side has its pairs in one cluster.
///
/// A singleton has one link, to itself, which is right if the other side has it as a singleton too. The denominators are
/// mentions. As in corefud-scorer and coval.
pub(crate) fn lea(contingency: &Contingency) -> Measure {
    let (keys, responses) = (contingency.key_sizes(), contingency.response_sizes());
    let mut measure = Measure {
        recall_denominator: keys.iter().sum(),
        precision_denominator: responses.iter().sum(),
        ..Measure::default()
    };
    for cell in contingency.cells() {
        let (key, response) = (keys[cell.key], responses[cell.response]);
        measure.recall_numerator += resolved(cell.count, key, response);
        measure.precision_numerator += resolved(cell.count, response, key);
    }
    measure
}

/// The contribution of `shared` mentions of a cluster of size `own` that are in one of size `other`.
fn resolved(shared: u64, own: u64, other: u64) -> f64 {
    match (own, other) {
        (1, 1) => 1.0,
        (1, _) => 0.0,
        _ => own as f64 * pairs(shared) as f64 / pairs(own) as f64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::clusters::Clustering;

    #[test]
    fn by_hand() {
        // Key {a, b, c}, {d, e, f, g}; response {a, b}, {c, d}, {f, g, h, i}.
        let key = Clustering::new([vec![0, 1, 2], vec![3, 4, 5, 6]]);
        let response = Clustering::new([vec![0, 1], vec![2, 3], vec![5, 6, 7, 8]]);
        let got = lea(&Contingency::new(&key, &response));
        // Recall: 3 · 1/3 + 4 · 1/6 of 7. Precision: 2 · 1/1 + 2 · 0/1 + 4 · 1/6 of 8.
        assert!((got.recall_numerator - 5.0 / 3.0).abs() < 1e-12, "{got:?}");
        assert!((got.precision_numerator - 8.0 / 3.0).abs() < 1e-12, "{got:?}");
        assert_eq!((got.recall_denominator, got.precision_denominator), (7, 8));
    }

    #[test]
    fn singletons_link_to_themselves() {
        let key = Clustering::new([vec![0], vec![1], vec![2, 3]]);
        let response = Clustering::new([vec![0], vec![1, 2], vec![3]]);
        let got = lea(&Contingency::new(&key, &response));
        assert_eq!((got.recall_numerator, got.precision_numerator), (1.0, 1.0));
    }
}
