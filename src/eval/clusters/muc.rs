//! MUC: how many links must be added to the response, or removed from it?

use super::contingency::Contingency;
use crate::eval::Counts;

/// MUC (Vilain et al. 1995): links, of which a cluster of n mentions has n − 1.
///
/// Singletons have no links: if both sides have only singletons, MUC is undefined (the CoNLL scorer prints 0). The counts
/// are links: of both sides, of the response, of the key.
pub(crate) fn muc(contingency: &Contingency) -> Counts {
    let links = |sizes: &[u64]| sizes.iter().map(|size| size - 1).sum();
    Counts {
        correct: contingency.cells().iter().map(|cell| cell.count - 1).sum(),
        predicted: links(contingency.response_sizes()),
        gold: links(contingency.key_sizes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::clusters::Clustering;

    /// The worked examples of Vilain et al. 1995.
    #[test]
    fn the_examples_of_the_paper() {
        // A is 0, B is 1 and so on; (links right, in the response, in the key).
        for (name, key, response, want) in [
            ("a link is missing", vec![vec![0, 1, 2, 3]], vec![vec![0, 1], vec![2, 3]], (2, 2, 3)),
            ("a link too many", vec![vec![0, 1], vec![2, 3]], vec![vec![0, 1, 2, 3]], (2, 3, 2)),
            ("the same", vec![vec![0, 1, 2, 3]], vec![vec![3, 2, 1, 0]], (3, 3, 3)),
            ("a mention is missing", vec![vec![0, 1, 2]], vec![vec![0, 2]], (1, 1, 2)),
            (
                "mentions too many",
                vec![vec![1, 2, 3, 4, 6, 7, 9]],
                vec![vec![0, 1, 2], vec![3, 4, 5], vec![6, 7, 8]],
                (3, 6, 6),
            ),
            (
                "all at once",
                vec![vec![0, 1, 2], vec![3, 4, 5, 6]],
                vec![vec![0, 1], vec![2, 3], vec![5, 6, 7]],
                (2, 4, 5),
            ),
            ("singletons", vec![vec![0], vec![1]], vec![vec![0], vec![1]], (0, 0, 0)),
        ] {
            let got = muc(&Contingency::new(&Clustering::new(key), &Clustering::new(response)));
            let (correct, predicted, gold) = want;
            assert_eq!(got, Counts { correct, predicted, gold }, "{name}");
        }
    }
}
