//! B3: how much of each mention's cluster is right?

use super::contingency::Contingency;
use super::measure::Measure;

/// B3 (Bagga and Baldwin 1998): the mean, over mentions, of the share of the mention's cluster that both sides agree on.
///
/// A mention that only one side has counts 0 there, without the changes of Cai and Strube 2010, as in the CoNLL scorer 8.01
/// (Pradhan et al. 2014). The denominators are mentions.
pub(crate) fn b_cubed(contingency: &Contingency) -> Measure {
    let mut measure = Measure {
        recall_denominator: contingency.key_sizes().iter().sum(),
        precision_denominator: contingency.response_sizes().iter().sum(),
        ..Measure::default()
    };
    for cell in contingency.cells() {
        let squared = (cell.count * cell.count) as f64;
        measure.recall_numerator += squared / contingency.key_sizes()[cell.key] as f64;
        measure.precision_numerator += squared / contingency.response_sizes()[cell.response] as f64;
    }
    measure
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::clusters::Clustering;

    #[test]
    fn by_hand() {
        let key = Clustering::new([vec![0, 1, 2], vec![3]]);
        let response = Clustering::new([vec![0, 1], vec![2, 3, 4, 5]]);
        let got = b_cubed(&Contingency::new(&key, &response));
        // Recall: 0 and 1 share 2 of 3, 2 is alone (1 of 3), 3 has all. Precision: 2 of 2 twice, 1 of 4 twice, two twinless.
        assert!((got.recall_numerator - (2.0 / 3.0 + 2.0 / 3.0 + 1.0 / 3.0 + 1.0)).abs() < 1e-12, "{got:?}");
        assert!((got.precision_numerator - 2.5).abs() < 1e-12, "{got:?}");
        assert_eq!((got.recall_denominator, got.precision_denominator), (4, 6));
    }
}
