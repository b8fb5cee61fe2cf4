//! How good is a system: in all, by label and by document?

use rayon::prelude::*;
use serde::Serialize;

use super::paired::{Shared, boundary_counts, merge};
use super::{Corpus, Counts, Paired, Unit, unit_counts};

/// Counts with the ratios that follow from them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Figures {
    /// What was counted.
    #[serde(flatten)]
    pub counts: Counts,
    /// [`Counts::precision`], from 0 to 1.
    pub precision: Option<f64>,
    /// [`Counts::recall`], from 0 to 1.
    pub recall: Option<f64>,
    /// [`Counts::f1`], from 0 to 1.
    pub f1: Option<f64>,
}

impl From<Counts> for Figures {
    fn from(counts: Counts) -> Self {
        Self { counts, precision: counts.precision(), recall: counts.recall(), f1: counts.f1() }
    }
}

/// The figures of one label.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LabelScores {
    /// The label.
    pub label: String,
    /// Its strict figures.
    #[serde(flatten)]
    pub figures: Figures,
}

/// Precision, recall and F1, each averaged over labels by itself (the F1 is not that of the two averages).
///
/// A label's undefined ratio counts as 0, as in seqeval. The averages are `None` when there is no label (or no weight)
/// at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Average {
    /// How many labels were averaged.
    pub labels: u64,
    /// The mean of the precisions, from 0 to 1.
    pub precision: Option<f64>,
    /// The mean of the recalls, from 0 to 1.
    pub recall: Option<f64>,
    /// The mean of the F1s, from 0 to 1.
    pub f1: Option<f64>,
}

/// Precision, recall and F1, each averaged over those documents that define it: an empty document without predictions
/// says nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct DocumentAverage {
    /// All documents, also those without mentions.
    pub documents: u64,
    /// The mean of the precisions, from 0 to 1.
    pub precision: Option<f64>,
    /// Over how many documents: those with predictions.
    pub precision_documents: u64,
    /// The mean of the recalls, from 0 to 1.
    pub recall: Option<f64>,
    /// Over how many documents: those with gold mentions.
    pub recall_documents: u64,
    /// The mean of the F1s, from 0 to 1.
    pub f1: Option<f64>,
    /// Over how many documents: those with mentions on either side.
    pub f1_documents: u64,
}

/// The strict scores of a system (a prediction is correct when its span and its label are those of a gold mention), and
/// the scores of its boundaries alone.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Scores {
    /// All mentions taken together, as in CoNLL.
    pub micro: Figures,
    /// Over the labels that gold or system use, as in seqeval: a label that only the system uses counts with F1 0.
    pub macro_average: Average,
    /// Over the labels that the gold uses.
    pub gold_macro_average: Average,
    /// Over the labels that the gold uses, each weighted with its number of gold mentions, as in seqeval.
    pub weighted: Average,
    /// Each label that gold or system use, by name.
    pub labels: Vec<LabelScores>,
    /// Whatever the label: the distinct spans of each side. A span that a side marks with two labels counts once.
    pub boundary: Figures,
    /// The mean over documents.
    pub documents: DocumentAverage,
}

/// Scores a system.
///
/// # Panics
/// When there is no such system.
pub fn score(corpus: &Corpus, system: usize) -> Scores {
    let documents = unit_counts(corpus, system, Unit::Document);
    let micro: Counts = documents.iter().copied().sum();
    let boundary: Counts =
        corpus.documents.par_iter().map(|document| boundary_counts(&document.gold, &document.systems[system])).sum();
    let counts = label_counts(corpus, system);
    let named = corpus.labels.iter().zip(&counts).filter(|(_, counts)| is_used(counts));
    let mut labels: Vec<LabelScores> = named
        .map(|(label, &counts)| LabelScores { label: label.as_str().to_owned(), figures: Figures::from(counts) })
        .collect();
    labels.sort_by(|a, b| a.label.cmp(&b.label));
    let average = |weight: fn(&Counts) -> u64| {
        average(labels.iter().map(|label| (&label.figures, weight(&label.figures.counts))))
    };
    Scores {
        micro: Figures::from(micro),
        macro_average: average(|_| 1),
        gold_macro_average: average(|counts| u64::from(counts.gold > 0)),
        weighted: average(|counts| counts.gold),
        boundary: Figures::from(boundary),
        documents: document_average(&documents),
        labels,
    }
}

/// The mean F1 of the labels that have mentions, as [`Scores::macro_average`] has it.
pub(crate) fn macro_f1(labels: &[Counts]) -> Option<f64> {
    let (sum, n) = labels.iter().filter_map(|counts| counts.f1()).fold((0.0, 0_u32), |(sum, n), f1| (sum + f1, n + 1));
    (n > 0).then(|| sum / f64::from(n))
}

fn is_used(counts: &Counts) -> bool {
    counts.gold + counts.predicted > 0
}

/// The strict counts of each label of the corpus.
fn label_counts(corpus: &Corpus, system: usize) -> Vec<Counts> {
    let add = |mut labels: Vec<Counts>, document: &Paired| {
        add_labels(document, system, &mut labels);
        labels
    };
    let join = |left: Vec<Counts>, right: Vec<Counts>| left.into_iter().zip(right).map(|(a, b)| a + b).collect();
    let empty = || vec![Counts::default(); corpus.labels.len()];
    corpus.documents.par_iter().fold(empty, add).reduce(empty, join)
}

fn add_labels(document: &Paired, system: usize, labels: &mut [Counts]) {
    let (gold, predicted) = (&document.gold, &document.systems[system]);
    for shared in merge(gold, predicted) {
        let (label, counts) = match shared {
            Shared::Both(index, _) => (gold[index].label, Counts { correct: 1, predicted: 1, gold: 1 }),
            Shared::GoldOnly(index) => (gold[index].label, Counts { correct: 0, predicted: 0, gold: 1 }),
            Shared::PredictedOnly(index) => (predicted[index].label, Counts { correct: 0, predicted: 1, gold: 0 }),
        };
        labels[usize::from(label.0)] += counts;
    }
}

/// The weighted mean of the labels of a weight other than 0.
fn average<'a>(labels: impl Iterator<Item = (&'a Figures, u64)>) -> Average {
    let (mut n_labels, mut total, mut sums) = (0, 0, [0.0; 3]);
    for (figures, weight) in labels.filter(|&(_, weight)| weight > 0) {
        n_labels += 1;
        total += weight;
        for (sum, ratio) in sums.iter_mut().zip([figures.precision, figures.recall, figures.f1]) {
            *sum += weight as f64 * ratio.unwrap_or(0.0);
        }
    }
    let [precision, recall, f1] = sums.map(|sum| (total > 0).then(|| sum / total as f64));
    Average { labels: n_labels, precision, recall, f1 }
}

fn document_average(documents: &[Counts]) -> DocumentAverage {
    let mean = |ratio: fn(Counts) -> Option<f64>| {
        let defined = documents.iter().filter_map(|&counts| ratio(counts));
        let (sum, n) = defined.fold((0.0, 0_u64), |(sum, n), ratio| (sum + ratio, n + 1));
        ((n > 0).then(|| sum / n as f64), n)
    };
    let (precision, precision_documents) = mean(Counts::precision);
    let (recall, recall_documents) = mean(Counts::recall);
    let (f1, f1_documents) = mean(Counts::f1);
    let documents = documents.len() as u64;
    DocumentAverage { documents, precision, precision_documents, recall, recall_documents, f1, f1_documents }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::paired::tests::{corpus, documents};
    use super::*;

    fn close(got: Option<f64>, want: f64) -> bool {
        got.is_some_and(|got| (got - want).abs() < 1e-12)
    }

    /// Figures of Z: 2 / 2 / 3, of Y: 0 / 1 / 1, of X: 0 / 1 / 0 (correct, predicted, gold).
    #[test]
    fn averages_as_defined() {
        let corpus = corpus(&[
            (vec![(0, 2, 0), (3, 5, 0), (6, 8, 1)], vec![vec![(0, 2, 0), (3, 5, 0), (6, 8, 2)]]),
            (vec![(0, 2, 0)], vec![vec![]]),
            (vec![], vec![vec![(7, 9, 1)]]),
            (vec![], vec![vec![]]),
        ]);
        let scores = score(&corpus, 0);
        assert_eq!(scores.micro.counts, Counts { correct: 2, predicted: 4, gold: 4 });
        assert_eq!(scores.boundary.counts, Counts { correct: 3, predicted: 4, gold: 4 });
        assert_eq!((scores.micro.precision, scores.micro.recall, scores.micro.f1), (Some(0.5), Some(0.5), Some(0.5)));
        let labels: Vec<_> = scores.labels.iter().map(|label| (&label.label[..], label.figures.counts.gold)).collect();
        assert_eq!(labels, [("X", 0), ("Y", 1), ("Z", 3)]);
        assert_eq!((scores.labels[0].figures.recall, scores.labels[0].figures.f1), (None, Some(0.0)));
        let averages = [
            ("macro", scores.macro_average, 3, [1.0 / 3.0, 2.0 / 9.0, 0.8 / 3.0]),
            ("gold macro", scores.gold_macro_average, 2, [0.5, 1.0 / 3.0, 0.4]),
            ("weighted", scores.weighted, 2, [0.75, 0.5, 0.6]),
        ];
        for (name, got, labels, [precision, recall, f1]) in averages {
            assert_eq!(got.labels, labels, "{name}");
            assert!(close(got.precision, precision), "{name}: {got:?}");
            assert!(close(got.recall, recall), "{name}: {got:?}");
            assert!(close(got.f1, f1), "{name}: {got:?}");
        }
        let documents = scores.documents;
        let n =
            (documents.documents, documents.precision_documents, documents.recall_documents, documents.f1_documents);
        assert_eq!(n, (4, 2, 2, 3));
        assert!(close(documents.precision, 1.0 / 3.0), "{documents:?}");
        assert!(close(documents.recall, 1.0 / 3.0), "{documents:?}");
        assert!(close(documents.f1, 2.0 / 9.0), "{documents:?}");
    }

    /// seqeval 1.2.2: two gold mentions of one label, both found, and one of another label make macro F1 .5, micro F1
    /// .8.
    #[test]
    fn a_label_of_the_system_alone_drags_macro_down() {
        let scores = score(&corpus(&[(vec![(0, 1, 0), (2, 3, 0)], vec![vec![(0, 1, 0), (2, 3, 0), (4, 5, 1)]])]), 0);
        assert_eq!((scores.macro_average.f1, scores.gold_macro_average.f1), (Some(0.5), Some(1.0)));
        assert!(close(scores.micro.f1, 0.8));
    }

    #[test]
    fn what_is_not_there_is_undefined() {
        for (name, corpus) in [("no document", corpus(&[])), ("no mention", corpus(&[(vec![], vec![vec![]])]))] {
            let want = Scores {
                documents: DocumentAverage { documents: corpus.documents.len() as u64, ..DocumentAverage::default() },
                ..Scores::default()
            };
            assert_eq!(score(&corpus, 0), want, "{name}");
        }
        let no_gold = score(&corpus(&[(vec![], vec![vec![(0, 1, 0)]])]), 0);
        assert_eq!((no_gold.micro.precision, no_gold.micro.recall, no_gold.micro.f1), (Some(0.0), None, Some(0.0)));
        assert_eq!((no_gold.macro_average.labels, no_gold.macro_average.recall), (1, Some(0.0)));
        assert_eq!((no_gold.gold_macro_average, no_gold.weighted), (Average::default(), Average::default()));
    }

    #[test]
    fn figures_are_written_flat() {
        let figures = Figures::from(Counts { correct: 1, predicted: 2, gold: 0 });
        let scores = LabelScores { label: "PER".into(), figures };
        let json = serde_json::to_string(&scores).expect("it is plain data");
        assert_eq!(
            json,
            r#"{"label":"PER","correct":1,"predicted":2,"gold":0,"precision":0.5,"recall":null,"f1":1.0}"#
        );
    }

    proptest! {
        #[test]
        fn labels_add_up(documents in documents()) {
            let corpus = corpus(&documents);
            let scores = score(&corpus, 0);
            let sum: Counts = scores.labels.iter().map(|label| label.figures.counts).sum();
            prop_assert_eq!(sum, scores.micro.counts);
            prop_assert!(scores.boundary.counts.correct >= scores.micro.counts.correct);
            let macro_f1 = macro_f1(&label_counts(&corpus, 0));
            let same = match (macro_f1, scores.macro_average.f1) {
                (Some(a), Some(b)) => (a - b).abs() < 1e-12,
                (a, b) => a == b,
            };
            prop_assert!(same);
        }
    }
}
