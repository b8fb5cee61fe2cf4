//! The figures of one system.

use std::collections::BTreeMap;

use serde::Serialize;

use super::inputs::InputRole;
use super::options::ReportOptions;
use super::unknown_labels::UnknownLabels;
use crate::eval::buckets::{Bucketing, buckets};
use crate::eval::clusters::{ClusterReport, MentionKey, score_clusters};
use crate::eval::errors::{FrequentError, errors, frequent};
use crate::eval::fair::{Fair, fair};
use crate::eval::linking::{LinkingReport, score_linking};
use crate::eval::strict::document_counts;
use crate::eval::suspects::{Flipped, flipped};
use crate::eval::{
    Calibration, Confusion, ErrorCounts, Figures, Intervals, Pairing, Scores, SemEval, Suspect, Tally, calibration,
    intervals, score_mentions, semeval, suspects,
};
use crate::label::Repair;

/// The highest number of frequent errors, and of suspects, in a report.
const MOST: usize = 200;

/// The figures of one system.
///
/// The JSON has more than the public fields: `fair` (FairEval), `repairs`, `frequent_errors`, `buckets` (scores by
/// properties of mentions), `flipped` and `unknown_labels` (labels that the gold lacks).
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SystemReport {
    /// The name of the system: that of the options, or else of its input.
    pub name: String,
    /// What became of the input, under its own name.
    pub tally: Tally,
    /// The strict scores, and those of spans alone.
    pub scores: Scores,
    /// The strict scores of each document, in the order of the gold.
    pub documents: Vec<DocumentScores>,
    /// The 95% intervals of the main scores; `None` if there are no samples.
    pub intervals: Option<Intervals>,
    /// The labels that the gold lacks, and what they cost; `None` if there are none.
    pub(crate) unknown_labels: Option<UnknownLabels>,
    /// The micro scores with either repair of tags; `None` if there is nothing to repair.
    pub(crate) repairs: Option<RepairScores>,
    /// Partial credit.
    #[serde(rename = "muc")]
    pub semeval: SemEval,
    /// The counts of FairEval.
    pub(crate) fair: Fair,
    /// The number of errors of each class.
    pub error_counts: ErrorCounts,
    /// The most frequent errors, 200 at most.
    pub(crate) frequent_errors: Vec<FrequentError>,
    /// The confusion matrix.
    pub confusion: Confusion,
    /// Scores by properties of mentions.
    pub(crate) buckets: Vec<Bucketing>,
    /// How well scores predict precision; `None` if predictions have none.
    pub calibration: Option<Calibration>,
    /// The number of places where the gold is suspicious.
    pub suspects: u64,
    /// The most suspicious places of the gold, 200 at most.
    pub most_suspicious: Vec<Suspect>,
    /// The micro scores if the gold were wrong there.
    pub(crate) flipped: Vec<Flipped>,
    /// The scores of entities; `None` if a side has none.
    pub clusters: Option<ClusterReport>,
    /// The scores of links; `None` if neither side has any, or if the system has no entities.
    pub linking: Option<LinkingReport>,
}

/// The strict scores of one document.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DocumentScores {
    /// The document's id.
    pub document: String,
    /// Its figures.
    #[serde(flatten)]
    pub figures: Figures,
}

/// Scores with either repair of tags that break their scheme.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) struct RepairScores {
    /// How many tags break the scheme, in the gold and in the system's output.
    pub(crate) repairs: u64,
    /// With [`Repair::Begin`].
    pub(crate) begin: Figures,
    /// With [`Repair::Discard`].
    pub(crate) discard: Figures,
}

impl RepairScores {
    fn new(other: &Pairing, system: usize, micro: Figures, options: &ReportOptions<'_>) -> Self {
        let other = score_mentions(&other.corpus, system).micro;
        let inputs = |role| options.inputs.iter().filter(move |input| input.role == role);
        let read = inputs(InputRole::Gold).chain(inputs(InputRole::System).nth(system));
        let repairs = read.flat_map(|input| &input.schemes).map(|scheme| scheme.repairs).sum();
        let (begin, discard) = if options.repair == Repair::Discard { (other, micro) } else { (micro, other) };
        Self { repairs, begin, discard }
    }
}

impl SystemReport {
    pub(super) fn new(pairing: &Pairing, system: usize, options: &ReportOptions<'_>) -> Self {
        let corpus = &pairing.corpus;
        let scores = score_mentions(corpus, system);
        // Parts of these run on one thread: side by side, they keep the others busy.
        let ((errors, frequent_errors, confusion), (most_suspicious, flipped)) = rayon::join(
            || {
                let errors = errors(corpus, system);
                let frequent = frequent(corpus, system, &errors);
                let confusion = Confusion::new(corpus, system, &errors);
                (ErrorCounts::new(&errors), frequent, confusion)
            },
            || {
                let suspects = suspects(corpus, system);
                let flipped = flipped(corpus, system, &suspects);
                (suspects, flipped)
            },
        );
        let ((fair, semeval), (buckets, calibration)) = rayon::join(
            || rayon::join(|| fair(corpus, system), || semeval(corpus, system)),
            || rayon::join(|| buckets(corpus, system, options.training), || calibration(corpus, system)),
        );
        let documents = corpus.documents.iter().map(|document| DocumentScores {
            document: document.id.clone(),
            figures: document_counts(document, system).into(),
        });
        Self {
            name: options.names.get(system).unwrap_or(&pairing.systems[system].name).clone(),
            tally: pairing.systems[system].clone(),
            documents: documents.collect(),
            intervals: options.intervals().map(|resampling| intervals(corpus, system, resampling)),
            unknown_labels: UnknownLabels::of(&scores),
            repairs: options.other_repair.map(|other| RepairScores::new(other, system, scores.micro, options)),
            semeval,
            fair,
            error_counts: errors,
            frequent_errors: first(frequent_errors),
            confusion,
            buckets,
            calibration,
            suspects: most_suspicious.len() as u64,
            most_suspicious: first(most_suspicious),
            flipped,
            clusters: score_clusters(corpus, system, MentionKey::default()),
            linking: score_linking(corpus, system),
            scores,
        }
    }

    /// The main scores by name.
    pub(super) fn metrics(&self) -> BTreeMap<String, Option<f64>> {
        let scores = &self.scores;
        let mut metrics = BTreeMap::from([
            ("precision".to_owned(), scores.micro.precision),
            ("recall".to_owned(), scores.micro.recall),
            ("f1".to_owned(), scores.micro.f1),
            ("macro_f1".to_owned(), scores.macro_average.f1),
            ("weighted_f1".to_owned(), scores.weighted.f1),
            ("boundary_f1".to_owned(), scores.boundary.f1),
            ("document_f1".to_owned(), scores.documents.f1),
            ("partial_f1".to_owned(), self.semeval.overall.partial.f1),
            ("type_f1".to_owned(), self.semeval.overall.r#type.f1),
        ]);
        metrics.extend(scores.labels.iter().map(|label| (format!("f1.{}", label.label), label.figures.f1)));
        if let Some(clusters) = &self.clusters {
            let scopes = [("matched", &clusters.matched), ("predicted", &clusters.predicted)];
            for (over, scopes) in scopes {
                for (scope, subsets) in [("within", &scopes.within_documents), ("across", &scopes.across_documents)] {
                    metrics.insert(format!("conll_{over}_{scope}"), subsets.all.conll_mean());
                }
            }
        }
        if let Some(linking) = &self.linking {
            metrics.insert("linking_f1".to_owned(), linking.micro.f1());
        }
        metrics
    }
}

/// As many elements as a report holds.
pub(super) fn first<T>(mut list: Vec<T>) -> Vec<T> {
    list.truncate(MOST);
    list
}
