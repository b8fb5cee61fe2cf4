//! Which labels are taken for which?

use serde::Serialize;

use super::errors::{MentionError, errors};
use super::overlaps::shared;
use super::strict::strict;
use super::{Corpus, Side};

/// A confusion matrix of labels: a row for each gold label, a column for each predicted one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Confusion {
    /// The labels of rows and columns, in the order of [`Corpus::labels`]. One more row and column, the last, stand for no
    /// mention.
    pub labels: Vec<String>,
    /// The number of mentions, as `cells[gold][predicted]`: labels + 1 rows of labels + 1 columns.
    ///
    /// A row sums to the gold mentions of its label, a column to the predicted ones. The last cell is 0.
    pub cells: Vec<Vec<u64>>,
}

/// Counts mentions by gold and predicted label.
///
/// The diagonal counts mentions with the right label, even if their boundaries are wrong. If one mention overlaps several
/// of the other side, the pair that shares the most bytes counts (on a tie, one with the same label, then the first); the
/// others count as missed or spurious. It runs on the rayon pool that it is called in.
///
/// ```
/// use allonym::eval::{Input, PairingOptions, confusion, pair};
/// use allonym::{Document, Label, Mention, Span};
///
/// let document = |labels: [&str; 2]| {
///     let mention = |(start, end): (usize, usize), label| Mention::new(Span::new(start, end), Label::new(label));
///     let mentions = vec![mention((0, 3), labels[0]), mention((12, 16), labels[1])];
///     Document { mentions, ..Document::new("a", "Ann came to Bonn") }
/// };
/// let system = Input::new("system", vec![document(["PER", "PER"])]);
/// let pairing = pair(Input::new("gold", vec![document(["PER", "LOC"])]), vec![system], &PairingOptions::default())?;
/// let confusion = confusion(&pairing.corpus, 0);
/// assert_eq!(confusion.labels, ["PER", "LOC"]);
/// assert_eq!(confusion.cells, [[1, 0, 0], [1, 0, 0], [0, 0, 0]]);
/// # Ok::<(), allonym::eval::PairingError>(())
/// ```
///
/// # Panics
/// If there is no such system.
pub fn confusion(corpus: &Corpus, system: usize) -> Confusion {
    Confusion::new(corpus, system, &errors(corpus, system))
}

impl Confusion {
    /// Counts mentions by the errors of the system.
    pub(crate) fn new(corpus: &Corpus, system: usize, errors: &[MentionError]) -> Self {
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
        Self { labels: corpus.labels.iter().map(ToString::to_string).collect(), cells }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::eval::fixture::{TEXT, corpus, items, paired, random_items};

    #[test]
    fn pairs_and_leftovers_have_cells() {
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
        let got = confusion(&corpus, 0);
        assert_eq!(got.labels, ["PER", "ORG", "LOC"]);
        // PER: right, wrong type; ORG: longer; LOC: split (its larger part says ORG), missed; spurious PER.
        assert_eq!(got.cells, [vec![1, 1, 0, 0], vec![0, 1, 0, 0], vec![0, 1, 0, 1], vec![1, 0, 1, 0]]);
    }

    proptest! {
        #[test]
        fn rows_sum_to_gold_and_columns_to_predictions(gold in random_items(), predicted in random_items()) {
            let corpus = corpus(vec![paired(TEXT, &gold, &predicted), paired(TEXT, &predicted, &gold)]);
            let cells = confusion(&corpus, 0).cells;
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
