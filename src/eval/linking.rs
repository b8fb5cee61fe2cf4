//! Does a system link mentions to the right entries of a knowledge base?
//!
//! A link is a span with the knowledge-base id of its entity; labels play no part. A mention is NIL if it has no entity, or
//! its entity has no such id. Both definitions are neleval's (`strong_link_match`, `strong_nil_match`).

use std::collections::BTreeMap;

use serde::Serialize;

use super::counts::ratio;
use super::{Corpus, Counts, Item, Side};
use crate::text::Span;

/// Means over the documents in which a score is defined, from 0 to 1; `None` if it is defined in none.
///
/// GERBIL counts documents without links as 1 instead, which raises the mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct DocumentMeans {
    /// The mean precision, over documents with links of the system.
    pub precision: Option<f64>,
    /// The mean recall, over documents with gold links.
    pub recall: Option<f64>,
    /// The mean F1, over documents with links of either side.
    pub f1: Option<f64>,
    /// The number of documents with links of either side.
    pub documents: u64,
}

/// How many of a number of cases are right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Accuracy {
    /// The cases that are right.
    pub correct: u64,
    /// All cases.
    pub total: u64,
}

impl Accuracy {
    /// Correct over total, from 0 to 1; `None` if the total is 0.
    pub fn ratio(self) -> Option<f64> {
        ratio(self.correct, self.total)
    }
}

/// Precision if only the most confident links are kept.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PrecisionAtCoverage {
    /// The share of links to keep: 0.1, 0.2, …, 1.
    pub coverage: f64,
    /// The lowest score that is kept; `None` if links without a score are kept too.
    pub threshold: Option<f32>,
    /// The number of links that are kept. Ties with the last one are kept too.
    pub kept: u64,
    /// How many of them are right.
    pub correct: u64,
}

impl PrecisionAtCoverage {
    /// Correct over kept, from 0 to 1.
    pub fn precision(self) -> f64 {
        self.correct as f64 / self.kept as f64
    }
}

/// The scores of a system's links.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LinkingReport {
    /// The links of all documents.
    pub micro: Counts,
    /// The mean over documents.
    pub by_document: DocumentMeans,
    /// Of the linked gold mentions that the system found with the right span and label, how many it links correctly.
    pub in_knowledge_base: Accuracy,
    /// The spans of NIL mentions.
    pub nil: Counts,
    /// Precision at coverage in steps of 0.1, by the scores of the mentions; `None` if no link has a score.
    pub precision_at_coverage: Option<Vec<PrecisionAtCoverage>>,
}

/// Scores the links of a system. It runs on the calling thread.
///
/// `None` if neither side has links, or if the system has no entities at all: it was not asked to link.
///
/// ```
/// use allonym::eval::linking::score_linking;
/// use allonym::eval::{Corpus, EntityTables, Item, Paired};
/// use allonym::Span;
/// use allonym::label::LabelSet;
///
/// let mut labels = LabelSet::new();
/// let loc = labels.add("LOC").expect("there is room for a label");
/// let mut entities = EntityTables { systems: vec![Default::default()], ..Default::default() };
/// let gold = entities.gold.add("e1", Some("Q3820".to_owned())); // Beirut
/// let found = entities.systems[0].add("x", Some("Q3820".to_owned()));
/// let item = |start, entity| Item { span: Span::new(start, start + 6), label: loc, score: None, entity: Some(entity) };
/// let document = Paired {
///     text: "Beirut, Beirut".into(),
///     gold: vec![item(0, gold), item(8, gold)],
///     systems: vec![vec![item(0, found)]],
///     ..Paired::default()
/// };
///
/// let report = score_linking(&Corpus::new(labels, vec![document], entities)?, 0).expect("there are links");
/// assert_eq!((report.micro.precision(), report.micro.recall()), (Some(1.0), Some(0.5)));
/// assert_eq!(report.in_knowledge_base.ratio(), Some(1.0));
/// # Ok::<(), allonym::eval::CorpusError>(())
/// ```
///
/// # Panics
/// If there is no such system.
pub fn score_linking(corpus: &Corpus, system: usize) -> Option<LinkingReport> {
    let side = Side::System(system);
    if corpus.entities(side).is_empty() {
        return None;
    }
    let [gold_ids, system_ids] = knowledge_base_ids(corpus, side);
    let mut report = LinkingReport::default();
    let mut means = [Mean::default(); 3];
    let mut ranked = Vec::new();
    for document in &corpus.documents {
        let gold = Links::new(&document.gold, &gold_ids);
        let predicted = Links::new(document.items(side), &system_ids);
        let mut counts = Counts { correct: 0, predicted: predicted.links.len() as u64, gold: gold.links.len() as u64 };
        for link in &predicted.links {
            let is_right = gold.links.binary_search_by_key(&link.key(), Link::key).is_ok();
            counts.correct += u64::from(is_right);
            ranked.push((link.score, is_right));
        }
        report.micro += counts;
        for (mean, ratio) in means.iter_mut().zip([counts.precision(), counts.recall(), counts.f1()]) {
            mean.add(ratio);
        }
        report.nil += Counts {
            correct: predicted.nil.iter().filter(|span| gold.nil.binary_search(span).is_ok()).count() as u64,
            predicted: predicted.nil.len() as u64,
            gold: gold.nil.len() as u64,
        };
        for item in &document.gold {
            let Some(id) = knowledge_base_id(item, &gold_ids) else { continue };
            let items = document.items(side);
            let Ok(found) = items.binary_search_by_key(&item.key(), Item::key) else { continue };
            report.in_knowledge_base.total += 1;
            report.in_knowledge_base.correct += u64::from(knowledge_base_id(&items[found], &system_ids) == Some(id));
        }
    }
    if report.micro.gold == 0 && report.micro.predicted == 0 {
        return None;
    }
    let [precision, recall, f1] = means;
    report.by_document =
        DocumentMeans { precision: precision.value(), recall: recall.value(), f1: f1.value(), documents: f1.n };
    report.precision_at_coverage = precision_at_coverage(ranked);
    Some(report)
}

/// By entity, a number for its knowledge-base id that is the same on both sides.
fn knowledge_base_ids(corpus: &Corpus, system: Side) -> [Vec<Option<usize>>; 2] {
    let mut numbers = BTreeMap::new();
    [Side::Gold, system].map(|side| {
        let mut number = |id| {
            let next = numbers.len();
            *numbers.entry(id).or_insert(next)
        };
        corpus.entities(side).iter().map(|(_, id)| id.map(&mut number)).collect()
    })
}

fn knowledge_base_id(item: &Item, ids: &[Option<usize>]) -> Option<usize> {
    ids.get(item.entity?.0 as usize).copied().flatten()
}

/// A span and what it is linked to.
struct Link {
    span: Span,
    id: usize,
    score: Option<f32>,
}

impl Link {
    fn key(&self) -> (Span, usize) {
        (self.span, self.id)
    }
}

/// The mentions of a document without their labels, each once.
struct Links {
    /// By span, then id. Of several links with the same key the one with the highest score is kept.
    links: Vec<Link>,
    /// The spans of NIL mentions, sorted.
    nil: Vec<Span>,
}

impl Links {
    fn new(items: &[Item], ids: &[Option<usize>]) -> Self {
        let mut links = Vec::with_capacity(items.len());
        let mut nil = Vec::new();
        for item in items {
            match knowledge_base_id(item, ids) {
                Some(id) => links.push(Link { span: item.span, id, score: item.score }),
                None => nil.push(item.span),
            }
        }
        links.sort_by(|a, b| a.key().cmp(&b.key()).then(rank(b.score).total_cmp(&rank(a.score))));
        links.dedup_by_key(|link| link.key());
        nil.dedup();
        Self { links, nil }
    }
}

/// The score to sort by: links without one come last.
fn rank(score: Option<f32>) -> f32 {
    score.unwrap_or(f32::NEG_INFINITY)
}

/// A mean over what is defined.
#[derive(Clone, Copy, Default)]
struct Mean {
    sum: f64,
    n: u64,
}

impl Mean {
    fn add(&mut self, ratio: Option<f64>) {
        self.sum += ratio.unwrap_or(0.0);
        self.n += u64::from(ratio.is_some());
    }

    fn value(self) -> Option<f64> {
        (self.n > 0).then(|| self.sum / self.n as f64)
    }
}

/// The points for links, each with its score and whether it is right. Ties are kept or dropped together.
fn precision_at_coverage(mut links: Vec<(Option<f32>, bool)>) -> Option<Vec<PrecisionAtCoverage>> {
    links.iter().find(|(score, _)| score.is_some())?;
    links.sort_by(|a, b| rank(b.0).total_cmp(&rank(a.0)));
    let (mut kept, mut correct) = (0, 0);
    let mut points = Vec::with_capacity(10);
    for tenth in 1..=10 {
        let least = (links.len() * tenth).div_ceil(10);
        let threshold = links[least - 1].0;
        while let Some((_, is_right)) = links.get(kept).filter(|link| kept < least || link.0 == threshold) {
            correct += u64::from(*is_right);
            kept += 1;
        }
        points.push(PrecisionAtCoverage { coverage: tenth as f64 / 10.0, threshold, kept: kept as u64, correct });
    }
    Some(points)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::{EntityId, EntityTable, EntityTables, Paired};
    use crate::label::{LabelId, LabelSet};

    /// A mention: start, label, entity, score.
    type Short = (usize, u16, Option<u32>, Option<f32>);

    fn document(gold: &[Short], predicted: &[Short]) -> Paired {
        let item = |(start, label, entity, score): &Short| Item {
            span: Span::new(*start, start + 1),
            label: LabelId(*label),
            score: *score,
            entity: entity.map(EntityId),
        };
        Paired {
            text: "x".repeat(20),
            gold: gold.iter().map(item).collect(),
            systems: vec![predicted.iter().map(item).collect()],
            ..Paired::default()
        }
    }

    fn table(ids: &[Option<&str>]) -> EntityTable {
        let mut table = EntityTable::default();
        for (index, id) in ids.iter().enumerate() {
            table.add(format!("e{index}"), id.map(str::to_owned));
        }
        table
    }

    /// Gold entities: 0 is Q1, 1 is Q2, 2 is NIL. The system's: 0 is Q2, 1 is Q1, 2 is Q9, 3 is NIL.
    fn corpus(documents: Vec<Paired>) -> Corpus {
        let mut labels = LabelSet::new();
        for name in ["PER", "ORG", "LOC"] {
            labels.add(name);
        }
        let gold = table(&[Some("Q1"), Some("Q2"), None]);
        let systems = vec![table(&[Some("Q2"), Some("Q1"), Some("Q9"), None])];
        Corpus::new(labels, documents, EntityTables { gold, systems }).expect("a sound corpus")
    }

    fn counts(correct: u64, predicted: u64, gold: u64) -> Counts {
        Counts { correct, predicted, gold }
    }

    fn sample() -> Corpus {
        corpus(vec![
            document(
                // Q1 at 0, Q2 at 2 and 4 and 6, NIL at 8 and 10.
                &[
                    (0, 0, Some(0), None),
                    (2, 0, Some(1), None),
                    (4, 0, Some(1), None),
                    (6, 0, Some(1), None),
                    (8, 0, Some(2), None),
                    (10, 0, None, None),
                ],
                // Right at 0; Q9 at 2; NIL at 4; right at 6 with another label; Q1 at 8; NIL at 10; NIL at 12, spurious.
                &[
                    (0, 0, Some(1), Some(0.9)),
                    (2, 0, Some(2), Some(0.8)),
                    (4, 0, Some(3), Some(0.7)),
                    (6, 1, Some(0), Some(0.6)),
                    (8, 0, Some(1), Some(0.5)),
                    (10, 0, None, Some(0.4)),
                    (12, 0, Some(3), Some(0.3)),
                ],
            ),
            // Missed.
            document(&[(0, 0, Some(0), None)], &[]),
            // Nothing.
            document(&[], &[]),
        ])
    }

    #[test]
    fn links_nil_and_found_mentions_by_hand() {
        let report = score_linking(&sample(), 0).expect("there are links");
        assert_eq!(report.micro, counts(2, 4, 5));
        assert_eq!(report.nil, counts(1, 3, 2));
        // Found strictly are 0 (right), 2 (Q9) and 4 (NIL).
        assert_eq!(report.in_knowledge_base, Accuracy { correct: 1, total: 3 });
        assert_eq!(report.in_knowledge_base.ratio(), Some(1.0 / 3.0));
        // F1 is 2 · 2 / (4 + 4) and 0.
        let want = DocumentMeans { precision: Some(0.5), recall: Some(0.25), f1: Some(0.25), documents: 2 };
        assert_eq!(report.by_document, want);
    }

    #[test]
    fn labels_do_not_make_a_link_twice() {
        let twice = corpus(vec![document(
            &[(0, 0, Some(0), None), (0, 1, Some(0), None), (3, 0, None, None), (3, 1, Some(2), None)],
            &[(0, 0, Some(1), Some(0.2)), (0, 1, Some(1), Some(0.6)), (0, 2, Some(2), None)],
        )]);
        let report = score_linking(&twice, 0).expect("there are links");
        assert_eq!((report.micro, report.nil), (counts(1, 2, 1), counts(0, 0, 1)));
        assert_eq!(report.in_knowledge_base, Accuracy { correct: 2, total: 2 });
        let points = report.precision_at_coverage.expect("there are scores");
        let point = |coverage, threshold, kept| PrecisionAtCoverage { coverage, threshold, kept, correct: 1 };
        assert_eq!((points[4], points[5]), (point(0.5, Some(0.6), 1), point(0.6, None, 2)));
    }

    #[test]
    fn precision_at_coverage_keeps_ties_together() {
        let links = [(0.1, false), (0.9, true), (0.8, true), (0.5, false), (0.5, true)];
        let points = precision_at_coverage(links.map(|(score, right)| (Some(score), right)).to_vec());
        let points = points.expect("there are scores");
        let got: Vec<(u64, u64)> = points.iter().map(|point| (point.kept, point.correct)).collect();
        assert_eq!(got, [(1, 1), (1, 1), (2, 2), (2, 2), (4, 3), (4, 3), (4, 3), (4, 3), (5, 3), (5, 3)]);
        assert_eq!(points[4], PrecisionAtCoverage { coverage: 0.5, threshold: Some(0.5), kept: 4, correct: 3 });
        assert_eq!(points[4].precision(), 0.75);
        assert_eq!(points.iter().map(|point| point.coverage).next_back(), Some(1.0));
        assert_eq!(precision_at_coverage(vec![(None, true)]), None);
        assert_eq!(precision_at_coverage(vec![]), None);
    }

    #[test]
    fn without_ids_there_is_nothing_to_score() {
        let none = corpus(vec![document(&[(0, 0, Some(2), None)], &[(0, 0, Some(3), Some(0.5))])]);
        assert_eq!(score_linking(&none, 0), None);
        let one_side = corpus(vec![document(&[(0, 0, Some(0), None)], &[])]);
        let report = score_linking(&one_side, 0).expect("the gold has links");
        assert_eq!((report.micro, report.precision_at_coverage), (counts(0, 0, 1), None));
    }
}
