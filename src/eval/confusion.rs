//! Which labels are taken for which?

use serde::Serialize;

use super::errors::{MentionError, shared, strict};
use super::{Corpus, Side};

/// A matrix of labels: gold by row, predicted by column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Confusion {
    /// The labels of rows and columns, in the corpus's order; one more row and column, the last, stand for none.
    pub labels: Vec<String>,
    /// How many mentions: `cells[gold][predicted]`, labels + 1 rows of labels + 1 columns.
    ///
    /// A row sums to the gold mentions of its label, a column to the predicted ones; the last cell is zero.
    pub cells: Vec<Vec<u64>>,
}

/// Counts the mentions by gold and predicted label.
///
/// Mentions that are right stand on the diagonal, and so do those with only a wrong boundary. Of a split or a merge, the pair
/// that shares most bytes counts (of equal ones, one of the same label, then the first), and the others have no partner.
///
/// # Panics
/// When there is no such system, or the errors are of another one.
pub fn confusion(corpus: &Corpus, system: usize, errors: &[MentionError]) -> Confusion {
    let none = corpus.labels.len();
    let mut cells = vec![vec![0; none + 1]; none + 1];
    for document in &corpus.documents {
        let gold = document.items(Side::Gold);
        let found = strict(gold, document.items(Side::System(system)));
        for (item, _) in gold.iter().zip(&found.gold).filter(|(_, right)| **right) {
            let label = usize::from(item.label.0);
            cells[label][label] += 1;
        }
    }
    for error in errors {
        let document = &corpus.documents[error.document];
        let gold = document.items(Side::Gold);
        let predicted = document.items(Side::System(system));
        let pairs = error.gold.iter().flat_map(|&g| error.predicted.iter().map(move |&p| (g, p)));
        let best = pairs.max_by_key(|&(g, p)| {
            let (one, other) = (gold[g], predicted[p]);
            (shared(one.span, other.span), one.label == other.label, std::cmp::Reverse((g, p)))
        });
        if let Some((g, p)) = best {
            cells[usize::from(gold[g].label.0)][usize::from(predicted[p].label.0)] += 1;
        }
        for &g in error.gold.iter().filter(|&&g| best.is_none_or(|pair| pair.0 != g)) {
            cells[usize::from(gold[g].label.0)][none] += 1;
        }
        for &p in error.predicted.iter().filter(|&&p| best.is_none_or(|pair| pair.1 != p)) {
            cells[none][usize::from(predicted[p].label.0)] += 1;
        }
    }
    Confusion { labels: corpus.labels.iter().map(ToString::to_string).collect(), cells }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::eval::errors::errors;
    use crate::eval::errors::fixture::{TEXT, corpus, items, paired, random_items};

    #[test]
    fn pairs_and_leftovers_have_their_cells() {
        let gold = [(0, 3, 0, None), (4, 7, 0, None), (8, 11, 1, None), (12, 20, 2, None), (24, 29, 2, None)];
        let predicted = [
            (0, 3, 0, None),
            (4, 7, 1, None),
            (8, 12, 1, None),
            (12, 14, 2, None),
            (14, 20, 1, None),
            (21, 23, 0, None),
        ];
        let corpus = corpus(vec![paired(TEXT, &gold, &predicted)]);
        let got = confusion(&corpus, 0, &errors(&corpus, 0));
        assert_eq!(got.labels, ["PER", "ORG", "LOC"]);
        // PER: right, wrong type; ORG: longer; LOC: split (its larger part says ORG), missed; spurious PER.
        assert_eq!(got.cells, [vec![1, 1, 0, 0], vec![0, 1, 0, 0], vec![0, 1, 0, 1], vec![1, 0, 1, 0]]);
    }

    proptest! {
        #[test]
        fn rows_sum_to_gold_and_columns_to_predictions(gold in random_items(), predicted in random_items()) {
            let corpus = corpus(vec![paired(TEXT, &gold, &predicted), paired(TEXT, &predicted, &gold)]);
            let cells = confusion(&corpus, 0, &errors(&corpus, 0)).cells;
            let both: Vec<_> = items(&gold).into_iter().chain(items(&predicted)).collect();
            for label in 0..3 {
                let want = both.iter().filter(|item| usize::from(item.label.0) == label).count() as u64;
                prop_assert_eq!(cells[label].iter().sum::<u64>(), want);
                prop_assert_eq!(cells.iter().map(|row| row[label]).sum::<u64>(), want);
            }
            prop_assert_eq!(cells[3][3], 0);
        }
    }
}
