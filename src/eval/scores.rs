//! Precision, recall and F1: overall, by label and by document.

use rayon::prelude::*;
use serde::Serialize;

use super::pairing::{PairingError, pair_mentions};
use super::strict::{Shared, boundary_counts, merge, strict_counts};
use super::{Corpus, Counts, Paired, Side};
use crate::text::Document;

/// Counts, with the ratios that follow from them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Figures {
    /// The counts; `counts.gold` is what seqeval calls support.
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

/// Precision, recall and F1, each averaged over labels (so that the F1 is not that of the averaged precision and recall).
///
/// As in seqeval, an undefined ratio of a label counts as 0. The averages are `None` if there is no label, or no weight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Average {
    /// The number of labels averaged over.
    pub labels: u64,
    /// The mean precision, from 0 to 1.
    pub precision: Option<f64>,
    /// The mean recall, from 0 to 1.
    pub recall: Option<f64>,
    /// The mean F1, from 0 to 1.
    pub f1: Option<f64>,
}

/// Precision, recall and F1, each averaged over the documents in which it is defined. A document without mentions on
/// either side defines none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct DocumentAverage {
    /// All documents, including those without mentions.
    pub documents: u64,
    /// The mean precision, from 0 to 1.
    pub precision: Option<f64>,
    /// The number of documents with predictions.
    pub precision_documents: u64,
    /// The mean recall, from 0 to 1.
    pub recall: Option<f64>,
    /// The number of documents with gold mentions.
    pub recall_documents: u64,
    /// The mean F1, from 0 to 1.
    pub f1: Option<f64>,
    /// The number of documents with mentions on either side.
    pub f1_documents: u64,
}

/// The scores of a system. They are strict unless noted: a prediction is correct if the gold has a mention with the same
/// span and label.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Scores {
    /// Over all mentions, as in CoNLL.
    pub micro: Figures,
    /// Over the labels of either side, as in seqeval: a label that only the system uses counts with F1 0.
    pub macro_average: Average,
    /// Over the labels of the gold.
    pub gold_macro_average: Average,
    /// Over the labels of the gold, weighted by their number of gold mentions, as in seqeval.
    pub weighted: Average,
    /// By label, for the labels of either side, sorted by name.
    pub labels: Vec<LabelScores>,
    /// Of spans alone, whatever their labels. A span with two labels on one side counts once.
    pub boundary: Figures,
    /// The mean over documents.
    pub documents: DocumentAverage,
}

/// Scores documents against gold documents.
///
/// Documents are paired by id, then in order, and must have the same texts. A mention that repeats another one of its
/// document (same span, same label) counts once. It runs on the calling thread.
///
/// To rename labels, to score only some, to allow for missing documents or to score several systems, use
/// [`pair`](super::pair()).
///
/// ```
/// use allonym::{Document, Label, Mention, Span, eval};
///
/// let document = |mentions: &[(usize, usize, &str)]| {
///     let mention = |&(start, end, label): &_| Mention::new(Span::new(start, end), Label::new(label));
///     Document { mentions: mentions.iter().map(mention).collect(), ..Document::new("a", "Ann Lee met Omar in Bonn.") }
/// };
/// let gold = [document(&[(0, 7, "PER"), (12, 16, "PER"), (20, 24, "LOC")])];
/// let predicted = [document(&[(0, 7, "PER"), (12, 16, "LOC")])];
///
/// let scores = eval::score(&gold, &predicted)?;
/// assert_eq!((scores.micro.precision, scores.micro.recall, scores.micro.f1), (Some(0.5), Some(1.0 / 3.0), Some(0.4)));
/// assert_eq!(scores.boundary.counts.correct, 2);
/// assert_eq!((scores.labels[1].label.as_str(), scores.labels[1].figures.counts.gold), ("PER", 2));
/// # Ok::<(), eval::PairingError>(())
/// ```
///
/// # Errors
/// If a side lacks a document, or texts differ.
pub fn score(gold: &[Document], predicted: &[Document]) -> Result<Scores, PairingError> {
    Ok(score_on_this_thread(&pair_mentions(gold, predicted)?, 0))
}

/// Scores the mentions of a system. It runs on the rayon pool that it is called in.
///
/// ```
/// use allonym::eval::{Input, PairingOptions, pair, score_mentions};
/// use allonym::{Document, Label, Mention, Span};
///
/// let document = |end| {
///     let mention = Mention::new(Span::new(8, end), Label::new("LOC"));
///     Document { mentions: vec![mention], ..Document::new("a", "Rain in South Beirut") }
/// };
/// let systems = vec![Input::new("a", vec![document(20)]), Input::new("b", vec![document(13)])];
/// let pairing = pair(Input::new("gold", vec![document(20)]), systems, &PairingOptions::default())?;
/// let f1: Vec<_> = (0..2).map(|system| score_mentions(&pairing.corpus, system).micro.f1).collect();
/// assert_eq!(f1, [Some(1.0), Some(0.0)]);
/// # Ok::<(), allonym::eval::PairingError>(())
/// ```
///
/// # Panics
/// If there is no such system.
pub fn score_mentions(corpus: &Corpus, system: usize) -> Scores {
    let empty = || Totals::new(corpus);
    let totals = corpus.documents.par_iter().fold(empty, |totals, document| totals.add(document, system));
    totals.reduce(empty, Totals::join).scores(corpus)
}

/// Scores the mentions of a system without rayon.
pub(crate) fn score_on_this_thread(corpus: &Corpus, system: usize) -> Scores {
    let totals = corpus.documents.iter().fold(Totals::new(corpus), |totals, document| totals.add(document, system));
    totals.scores(corpus)
}

/// All counts that scores are computed from.
struct Totals {
    /// The strict counts of each document.
    documents: Vec<Counts>,
    /// The strict counts of each label of the corpus.
    labels: Vec<Counts>,
    boundary: Counts,
}

impl Totals {
    fn new(corpus: &Corpus) -> Self {
        let labels = vec![Counts::default(); corpus.labels.len()];
        Self { documents: Vec::new(), labels, boundary: Counts::default() }
    }

    fn add(mut self, document: &Paired, system: usize) -> Self {
        let (gold, predicted) = (document.items(Side::Gold), document.items(Side::System(system)));
        self.documents.push(strict_counts(gold, predicted));
        self.boundary += boundary_counts(gold, predicted);
        for shared in merge(gold, predicted) {
            let (label, counts) = match shared {
                Shared::Both(index, _) => (gold[index].label, Counts { correct: 1, predicted: 1, gold: 1 }),
                Shared::GoldOnly(index) => (gold[index].label, Counts { correct: 0, predicted: 0, gold: 1 }),
                Shared::PredictedOnly(index) => (predicted[index].label, Counts { correct: 0, predicted: 1, gold: 0 }),
            };
            self.labels[usize::from(label.0)] += counts;
        }
        self
    }

    fn join(mut self, mut other: Self) -> Self {
        self.documents.append(&mut other.documents);
        self.boundary += other.boundary;
        for (label, more) in self.labels.iter_mut().zip(other.labels) {
            *label += more;
        }
        self
    }

    fn scores(self, corpus: &Corpus) -> Scores {
        let micro: Counts = self.documents.iter().copied().sum();
        let named = corpus.labels.iter().zip(&self.labels).filter(|(_, counts)| counts.gold + counts.predicted > 0);
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
            boundary: Figures::from(self.boundary),
            documents: document_average(&self.documents),
            labels,
        }
    }
}

/// The mean F1 of the labels that have mentions, as in [`Scores::macro_average`].
pub(crate) fn macro_f1(labels: &[Counts]) -> Option<f64> {
    let (sum, n) = labels.iter().filter_map(|counts| counts.f1()).fold((0.0, 0_u32), |(sum, n), f1| (sum + f1, n + 1));
    (n > 0).then(|| sum / f64::from(n))
}

/// The weighted mean over labels; those of weight 0 are left out.
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

    use super::super::strict::tests::{corpus, documents};
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
        let scores = score_mentions(&corpus, 0);
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
    fn a_spurious_label_drags_macro_down() {
        let scores =
            score_mentions(&corpus(&[(vec![(0, 1, 0), (2, 3, 0)], vec![vec![(0, 1, 0), (2, 3, 0), (4, 5, 1)]])]), 0);
        assert_eq!((scores.macro_average.f1, scores.gold_macro_average.f1), (Some(0.5), Some(1.0)));
        assert!(close(scores.micro.f1, 0.8));
    }

    #[test]
    fn ratios_of_nothing_are_undefined() {
        for (name, corpus) in [("no document", corpus(&[])), ("no mention", corpus(&[(vec![], vec![vec![]])]))] {
            let want = Scores {
                documents: DocumentAverage { documents: corpus.documents.len() as u64, ..DocumentAverage::default() },
                ..Scores::default()
            };
            assert_eq!(score_mentions(&corpus, 0), want, "{name}");
        }
        let no_gold = score_mentions(&corpus(&[(vec![], vec![vec![(0, 1, 0)]])]), 0);
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
            let scores = score_mentions(&corpus, 0);
            let sum: Counts = scores.labels.iter().map(|label| label.figures.counts).sum();
            prop_assert_eq!(sum, scores.micro.counts);
            prop_assert!(scores.boundary.counts.correct >= scores.micro.counts.correct);
            let macro_f1 = macro_f1(&scores.labels.iter().map(|label| label.figures.counts).collect::<Vec<_>>());
            let same = match (macro_f1, scores.macro_average.f1) {
                (Some(a), Some(b)) => (a - b).abs() < 1e-12,
                (a, b) => a == b,
            };
            prop_assert!(same);
            prop_assert_eq!(score_on_this_thread(&corpus, 0), scores);
        }
    }
}
