//! What is there to say about systems, all in one place?
//!
//! A [`Report`] holds every figure. Its JSON is the struct itself: counts are integers, ratios are from 0 to 1, and `null` is a ratio that
//! is undefined (its denominator is zero). The other forms show the same figures to people, in per cent.

mod agreement;
mod html;
mod section;
mod sections;
mod stamp;
mod text;

use std::collections::BTreeMap;

use serde::Serialize;

use super::clusters::{ClusterReport, MentionKey, score_clusters};
use super::linking::{LinkingReport, score_linking};
use super::{
    Bucketing, Calibration, Confusion, Corpus, Difference, ErrorCounts, Fair, Figures, Flipped, FrequentError,
    Intervals, Muc, OnlyRight, Pairing, Resampling, Scores, Suspect, Tally, TrainingNames, Unit, buckets, calibration,
    compare, confusion, document_counts, errors, fair, flipped, frequent, intervals, muc, only_right, score, suspects,
    unit_counts,
};
pub use agreement::AgreementReport;
pub use stamp::{InputStamp, Role, SchemeStamp, Stamp};

/// How many of the most frequent errors, and of the most suspicious labels, a report holds.
const MOST: usize = 200;

/// What to count.
#[derive(Clone, Copy, Debug, Default)]
pub struct ReportOptions<'a> {
    /// The names that training had.
    pub training: Option<&'a TrainingNames>,
    /// The samples for intervals; `None` leaves them out.
    pub intervals: Option<Resampling>,
    /// The trials for differences.
    pub differences: Resampling,
    /// The same inputs read with the other repair of wrong tags, where that makes a difference.
    pub other_repair: Option<&'a Pairing>,
}

/// All figures.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// How the report came about.
    pub stamp: Stamp,
    /// The headline figures of the first system by name, from 0 to 1: what baselines hold.
    pub metrics: BTreeMap<String, Option<f64>>,
    /// The labels that are scored and occur, in the order in which they were met.
    pub known_labels: Vec<String>,
    /// What became of the gold.
    pub gold: Tally,
    /// Each system.
    pub systems: Vec<SystemReport>,
    /// Each further system next to the first one.
    pub differences: Vec<DifferenceReport>,
}

/// All figures of one system.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SystemReport {
    /// The system's input.
    pub name: String,
    /// What became of it.
    pub tally: Tally,
    /// Strict scores, and those of boundaries.
    pub scores: Scores,
    /// The strict scores of each document, in the gold's order.
    pub documents: Vec<DocumentScores>,
    /// The 95 % intervals of the headline figures; `None` when none were asked for.
    pub intervals: Option<Intervals>,
    /// The micro scores with either repair of wrong tags; `None` where there is nothing to repair.
    pub repairs: Option<RepairScores>,
    /// The counts of MUC and SemEval-2013.
    pub muc: Muc,
    /// The counts of FairEval.
    pub fair: Fair,
    /// How many errors there are of each class.
    pub error_counts: ErrorCounts,
    /// The most frequent errors, at most 200.
    pub frequent_errors: Vec<FrequentError>,
    /// Labels confused.
    pub confusion: Confusion,
    /// Scores by kinds of mentions.
    pub buckets: Vec<Bucketing>,
    /// How far scores can be trusted; `None` where predictions have none.
    pub calibration: Option<Calibration>,
    /// How many places of the gold are suspicious.
    pub suspects: u64,
    /// The most suspicious places of the gold, at most 200.
    pub most_suspicious: Vec<Suspect>,
    /// The micro scores as they would be, had the gold been wrong there.
    pub flipped: Vec<Flipped>,
    /// The entities; `None` where a side has none.
    pub clusters: Option<ClusterReport>,
    /// The links to a knowledge base; `None` where neither side has any, and where the system names no entities.
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
pub struct RepairScores {
    /// How many places break the scheme, in the gold and in the system's output.
    pub repairs: u64,
    /// With mentions begun there: conlleval, seqeval's default.
    pub begin: Figures,
    /// With those tags discarded: seqeval strict.
    pub discard: Figures,
}

/// Two systems.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DifferenceReport {
    /// The first one, A.
    pub a: String,
    /// The other one, B.
    pub b: String,
    /// A less B.
    pub difference: Difference,
    /// The p-value after Holm's correction for the number of comparisons in this report (Holm 1979); `None` where the p-value is.
    pub p_value_corrected: Option<f64>,
    /// How many gold mentions only A found.
    pub only_a: u64,
    /// How many gold mentions only B found.
    pub only_b: u64,
    /// The gold mentions that only A found, most frequent first, at most 200.
    pub surfaces_only_a: Vec<SurfaceCount>,
    /// The gold mentions that only B found, most frequent first, at most 200.
    pub surfaces_only_b: Vec<SurfaceCount>,
}

/// How often a name occurs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct SurfaceCount {
    /// How often.
    pub count: u64,
    /// The text.
    pub text: String,
    /// Its label.
    pub label: String,
}

impl Report {
    /// Counts everything. The stamp's units are filled in.
    pub fn new(pairing: &Pairing, mut stamp: Stamp, options: &ReportOptions<'_>) -> Self {
        let corpus = &pairing.corpus;
        let unit = Unit::of(corpus);
        let units = |system| unit_counts(corpus, system, unit);
        let first = if corpus.n_systems > 0 { units(0) } else { Vec::new() };
        (stamp.unit, stamp.units) = (unit, first.len() as u64);
        let systems: Vec<SystemReport> =
            (0..corpus.n_systems).map(|system| SystemReport::new(pairing, system, &stamp, options)).collect();
        let mut differences: Vec<DifferenceReport> = (1..corpus.n_systems)
            .map(|system| {
                let difference = compare(&first, &units(system), options.differences);
                let names = [&pairing.systems[0].name, &pairing.systems[system].name];
                DifferenceReport::new(corpus, names, system, difference)
            })
            .collect();
        correct(&mut differences);
        let metrics = systems.first().map(SystemReport::metrics).unwrap_or_default();
        let known_labels = corpus.labels.iter().map(ToString::to_string).collect();
        Self { stamp, metrics, known_labels, gold: pairing.gold.clone(), systems, differences }
    }

    /// The report for a terminal, 80 columns wide; `emphasis` dresses the titles.
    pub fn text(&self, emphasis: impl Fn(&str) -> String) -> String {
        text::text(&self.sections(), emphasis)
    }

    /// The report as one HTML page, with the documents side by side.
    pub fn html(&self, corpus: &Corpus) -> String {
        html::html(self, corpus, &self.sections())
    }

    /// The report as Markdown.
    pub fn markdown(&self) -> String {
        text::markdown(&self.sections())
    }
}

impl SystemReport {
    fn new(pairing: &Pairing, system: usize, stamp: &Stamp, options: &ReportOptions<'_>) -> Self {
        let corpus = &pairing.corpus;
        let scores = score(corpus, system);
        let repairs = options.other_repair.map(|other| {
            let other = Figures::from(score(&other.corpus, system).micro.counts);
            let places = stamp
                .inputs
                .iter()
                .filter(|input| input.role == Role::Gold)
                .chain(stamp.inputs.iter().filter(|input| input.role == Role::System).nth(system));
            let repairs = places.flat_map(|input| &input.schemes).map(|scheme| scheme.repairs).sum();
            let (begin, discard) =
                if stamp.repair == "discard" { (other, scores.micro) } else { (scores.micro, other) };
            RepairScores { repairs, begin, discard }
        });
        // Each of these has stretches that one thread works on alone: side by side they fill the others.
        let ((errors, frequent_errors, confusion), (most_suspicious, flipped)) = rayon::join(
            || {
                let errors = errors(corpus, system);
                let frequent = frequent(corpus, system, &errors);
                let confusion = confusion(corpus, system, &errors);
                (ErrorCounts::new(&errors), frequent, confusion)
            },
            || {
                let suspects = suspects(corpus, system);
                let flipped = flipped(corpus, system, &suspects);
                (suspects, flipped)
            },
        );
        let ((fair, muc), (buckets, calibration)) = rayon::join(
            || rayon::join(|| fair(corpus, system), || muc(corpus, system)),
            || rayon::join(|| buckets(corpus, system, options.training), || calibration(corpus, system)),
        );
        let suspects = most_suspicious.len() as u64;
        Self {
            name: pairing.systems[system].name.clone(),
            tally: pairing.systems[system].clone(),
            documents: corpus
                .documents
                .iter()
                .map(|document| DocumentScores {
                    document: document.id.clone(),
                    figures: document_counts(document, system).into(),
                })
                .collect(),
            intervals: options.intervals.map(|resampling| intervals(corpus, system, stamp.unit, resampling)),
            repairs,
            muc,
            fair,
            error_counts: errors,
            frequent_errors: first(frequent_errors),
            confusion,
            buckets,
            calibration,
            suspects,
            most_suspicious: first(most_suspicious),
            flipped,
            clusters: score_clusters(corpus, system, MentionKey::default()),
            linking: score_linking(corpus, system),
            scores,
        }
    }

    /// The headline figures by name.
    fn metrics(&self) -> BTreeMap<String, Option<f64>> {
        let scores = &self.scores;
        let mut metrics = BTreeMap::from([
            ("precision".to_owned(), scores.micro.precision),
            ("recall".to_owned(), scores.micro.recall),
            ("f1".to_owned(), scores.micro.f1),
            ("macro_f1".to_owned(), scores.macro_average.f1),
            ("weighted_f1".to_owned(), scores.weighted.f1),
            ("boundary_f1".to_owned(), scores.boundary.f1),
            ("document_f1".to_owned(), scores.documents.f1),
            ("partial_f1".to_owned(), self.muc.overall.partial.f1),
            ("type_f1".to_owned(), self.muc.overall.r#type.f1),
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

/// As many as a report holds.
fn first<T>(mut list: Vec<T>) -> Vec<T> {
    list.truncate(MOST);
    list
}

impl DifferenceReport {
    fn new(corpus: &Corpus, [a, b]: [&String; 2], system: usize, difference: Difference) -> Self {
        let OnlyRight { only_a, only_b } = only_right(corpus, 0, system);
        Self {
            a: a.clone(),
            b: b.clone(),
            p_value_corrected: difference.p_value,
            difference,
            only_a: only_a.len() as u64,
            only_b: only_b.len() as u64,
            surfaces_only_a: surfaces(corpus, &only_a),
            surfaces_only_b: surfaces(corpus, &only_b),
        }
    }
}

/// Gold mentions by surface and label, the most frequent first.
fn surfaces(corpus: &Corpus, places: &[(usize, usize)]) -> Vec<SurfaceCount> {
    let mut counts: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for &(document, gold) in places {
        let document = &corpus.documents[document];
        let item = document.gold[gold];
        let text = item.span.slice(&document.text).unwrap_or_default();
        *counts.entry((text, corpus.labels.label(item.label).as_str())).or_default() += 1;
    }
    let counted = |((text, label), count): ((&str, &str), u64)| SurfaceCount {
        count,
        text: text.split_whitespace().collect::<Vec<_>>().join(" "),
        label: label.to_owned(),
    };
    let mut list: Vec<SurfaceCount> = counts.into_iter().map(counted).collect();
    list.sort_by_key(|surface| std::cmp::Reverse(surface.count));
    first(list)
}

/// Holm's step-down correction.
fn correct(differences: &mut [DifferenceReport]) {
    let mut order: Vec<usize> =
        (0..differences.len()).filter(|&i| differences[i].difference.p_value.is_some()).collect();
    order.sort_by(|&a, &b| {
        differences[a].difference.p_value.partial_cmp(&differences[b].difference.p_value).expect("no NaN")
    });
    let n = order.len();
    let mut largest = 0.0_f64;
    for (rank, index) in order.into_iter().enumerate() {
        let p = differences[index].difference.p_value.expect("only those are in the list");
        largest = largest.max((p * (n - rank) as f64).min(1.0));
        differences[index].p_value_corrected = Some(largest);
    }
}
