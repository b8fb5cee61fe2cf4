//! How many pairs of mentions are rightly in one cluster?

use super::contingency::{Contingency, pairs};
use crate::eval::Counts;

/// Pairs of mentions in one cluster: of both sides, of the response, of the key. Twinless mentions form pairs too.
pub(crate) fn pairwise(contingency: &Contingency) -> Counts {
    let within = |sizes: &[u64]| sizes.iter().copied().map(pairs).sum();
    Counts {
        correct: contingency.cells().iter().map(|cell| pairs(cell.count)).sum(),
        predicted: within(contingency.response_sizes()),
        gold: within(contingency.key_sizes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::clusters::Clustering;

    #[test]
    fn by_hand() {
        let key = Clustering::new([vec![0, 1, 2], vec![3, 4]]);
        let response = Clustering::new([vec![0, 1, 3, 9], vec![2, 4]]);
        // Key 01 02 12 34; response 01 03 09 13 19 39 24.
        let got = pairwise(&Contingency::new(&key, &response));
        assert_eq!(got, Counts { correct: 1, predicted: 7, gold: 4 });
    }
}
