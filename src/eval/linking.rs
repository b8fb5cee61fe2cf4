//! Does a system link mentions to the right entries of a knowledge base?
//!
//! A link is a span with the knowledge base's id of its entity; labels play no part. A mention whose entity has no such id, or that
//! has no entity, is NIL. Both as in neleval (`strong_link_match`, `strong_nil_match`).

use std::collections::BTreeMap;

use serde::Serialize;

use super::counts::ratio;
use super::{Corpus, Counts, Item, Side};
use crate::text::Span;

/// Means over documents, each from 0 to 1 and over those documents where it is defined; `None` where it is so in none.
///
/// GERBIL counts documents without any link as 1 instead, which lifts the mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct DocumentMeans {
    /// Over the documents with links of the system.
    pub precision: Option<f64>,
    /// Over the documents with gold links.
    pub recall: Option<f64>,
    /// Over the documents with links of either.
    pub f1: Option<f64>,
    /// How many documents have links of either.
    pub documents: u64,
}

/// What is right among so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Accuracy {
    /// Those that are right.
    pub correct: u64,
    /// All.
    pub total: u64,
}

impl Accuracy {
    /// Correct over total, from 0 to 1; `None` where there is nothing.
    pub fn ratio(self) -> Option<f64> {
        ratio(self.correct, self.total)
    }
}

/// Precision where only the surest links are kept.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CoveragePoint {
    /// The share of links that were to be kept at least: 0.1, 0.2, ..., 1.
    pub coverage: f64,
    /// The score that a link must have to be kept; `None` where links without score are kept too.
    pub threshold: Option<f32>,
    /// Links kept: the share, and those whose score is that of the last one.
    pub kept: u64,
    /// Links kept that are right.
    pub correct: u64,
}

impl CoveragePoint {
    /// Correct over kept, from 0 to 1.
    pub fn precision(self) -> f64 {
        self.correct as f64 / self.kept as f64
    }
}

/// Scores of the links of a system.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LinkingReport {
    /// Links of all documents.
    pub micro: Counts,
    /// Links document by document.
    pub by_document: DocumentMeans,
    /// Gold mentions with a link that the system found strictly (span and label): how many have the right link.
    pub in_knowledge_base: Accuracy,
    /// Spans of NIL mentions.
    pub nil: Counts,
    /// Precision at coverage in steps of a tenth, by the scores of the mentions; `None` where no link has a score.
    pub precision_at_coverage: Option<Vec<CoveragePoint>>,
}

/// Scores the links of a system against those of the gold; `None` where neither side has any, and where the system names no entity at
/// all: it was not asked to link.
///
/// # Panics
/// When there is no such system.
pub fn score_linking(corpus: &Corpus, system: usize) -> Option<LinkingReport> {
    let side = Side::System(system);
    if corpus.entities(side).names.is_empty() {
        return None;
    }
    let [gold_ids, system_ids] = knowledge_base_ids(corpus, side);
    let mut report = LinkingReport::default();
    let mut means = [Mean::default(); 3];
    let mut ranked = Vec::new();
    for document in &corpus.documents {
        let gold = Linked::new(&document.gold, &gold_ids);
        let predicted = Linked::new(document.items(side), &system_ids);
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

/// A number for each id of a knowledge base, the same on both sides, by entity.
fn knowledge_base_ids(corpus: &Corpus, system: Side) -> [Vec<Option<usize>>; 2] {
    let mut numbers = BTreeMap::new();
    [Side::Gold, system].map(|side| {
        let mut number = |id| {
            let next = numbers.len();
            *numbers.entry(id).or_insert(next)
        };
        corpus.entities(side).kb.iter().map(|id| id.as_deref().map(&mut number)).collect()
    })
}

fn knowledge_base_id(item: &Item, ids: &[Option<usize>]) -> Option<usize> {
    ids.get(item.entity?.0 as usize).copied().flatten()
}

/// A span with what it is linked to.
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

/// The mentions of a document, each once, labels left out.
struct Linked {
    /// By span, then id; with the highest score where there are several.
    links: Vec<Link>,
    /// The spans of NIL mentions, sorted.
    nil: Vec<Span>,
}

impl Linked {
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

/// The score, or less than any where there is none.
fn rank(score: Option<f32>) -> f32 {
    score.unwrap_or(f32::NEG_INFINITY)
}

/// A mean of what is defined.
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

/// The points of links with their scores and whether they are right. Links of one score are kept or dropped together.
fn precision_at_coverage(mut links: Vec<(Option<f32>, bool)>) -> Option<Vec<CoveragePoint>> {
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
        points.push(CoveragePoint { coverage: tenth as f64 / 10.0, threshold, kept: kept as u64, correct });
    }
    Some(points)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::{EntityId, EntityTable, Paired};
    use crate::label::LabelId;

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
        let names = (0..ids.len()).map(|i| format!("e{i}")).collect();
        EntityTable { names, kb: ids.iter().map(|id| id.map(str::to_owned)).collect() }
    }

    /// Gold entities: 0 is Q1, 1 is Q2, 2 is NIL. The system's: 0 is Q2, 1 is Q1, 2 is Q9, 3 is NIL.
    fn corpus(documents: Vec<Paired>) -> Corpus {
        Corpus {
            documents,
            n_systems: 1,
            gold_entities: table(&[Some("Q1"), Some("Q2"), None]),
            system_entities: vec![table(&[Some("Q2"), Some("Q1"), Some("Q9"), None])],
            ..Corpus::default()
        }
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
        let point = |coverage, threshold, kept| CoveragePoint { coverage, threshold, kept, correct: 1 };
        assert_eq!((points[4], points[5]), (point(0.5, Some(0.6), 1), point(0.6, None, 2)));
    }

    #[test]
    fn precision_at_coverage_keeps_ties_together() {
        let links = [(0.1, false), (0.9, true), (0.8, true), (0.5, false), (0.5, true)];
        let points = precision_at_coverage(links.map(|(score, right)| (Some(score), right)).to_vec());
        let points = points.expect("there are scores");
        let got: Vec<(u64, u64)> = points.iter().map(|point| (point.kept, point.correct)).collect();
        assert_eq!(got, [(1, 1), (1, 1), (2, 2), (2, 2), (4, 3), (4, 3), (4, 3), (4, 3), (5, 3), (5, 3)]);
        assert_eq!(points[4], CoveragePoint { coverage: 0.5, threshold: Some(0.5), kept: 4, correct: 3 });
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
