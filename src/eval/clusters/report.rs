//! How good are the entities of a system on a corpus?

use rayon::prelude::*;
use serde::Serialize;

use super::contingency::{Contingency, Placed};
use super::rows::{MentionKey, Row, Rows};
use super::scores::ClusterScores;
use crate::eval::{Corpus, Counts, Side};

/// Scores over all entities, and over the hard ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Subsets {
    /// All mentions.
    pub all: ClusterScores,
    /// The mentions of gold entities with two surface forms or more (apart from case and white space) in the scope. Mentions
    /// of the response that belong to no such entity are left out.
    pub hard: ClusterScores,
}

/// Scores within documents, and across them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Scopes {
    /// Each document has its own entities; the counts of all documents are added up.
    pub within_documents: Subsets,
    /// An id is the same entity in all documents. Meaningless if each document has its own ids.
    pub across_documents: Subsets,
}

/// The scores of a system's entities.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct ClusterReport {
    /// Mentions: of both sides, of the system, of the gold.
    pub mentions: Counts,
    /// Over the mentions that both sides have, which scores linking apart from tagging.
    pub matched: Scopes,
    /// Over the mentions of either side, so that missed and spurious ones count.
    pub predicted: Scopes,
}

/// Scores the entities of a system. It runs on the rayon pool that it is called in.
///
/// A mention without an entity is an entity of its own. `None` if a side has no entities at all.
///
/// ```
/// use allonym::eval::clusters::{MentionKey, score_clusters};
/// use allonym::eval::{Input, PairingOptions, pair};
/// use allonym::{Document, Label, Mention, Span};
///
/// let document = |entities: [&str; 3]| {
///     let mut document = Document::new("a", "Ann Lee saw Lee and Lee.");
///     for ((start, end), entity) in [(0, 7), (12, 15), (20, 23)].into_iter().zip(entities) {
///         let mention = Mention::new(Span::new(start, end), Label::new("PER"));
///         document.mentions.push(Mention { entity: Some(entity.to_owned()), ..mention });
///     }
///     document
/// };
/// let system = Input::new("system", vec![document(["1", "1", "2"])]);
/// let pairing = pair(Input::new("gold", vec![document(["x", "x", "x"])]), vec![system], &PairingOptions::default())?;
/// let report = score_clusters(&pairing.corpus, 0, MentionKey::SpanAndLabel).expect("both sides have entities");
/// let scores = report.matched.within_documents.all;
/// assert_eq!((scores.muc.precision(), scores.muc.recall()), (Some(1.0), Some(0.5)));
/// # Ok::<(), allonym::eval::PairingError>(())
/// ```
///
/// # Panics
/// If there is no such system.
pub fn score_clusters(corpus: &Corpus, system: usize, key: MentionKey) -> Option<ClusterReport> {
    for side in [Side::Gold, Side::System(system)] {
        let mut items = corpus.documents.iter().flat_map(|document| document.items(side));
        items.find(|item| item.entity.is_some())?;
    }
    let rows = Rows::new(corpus, system, key);
    // Documents have few mentions: each is scored in one go, in parallel with others.
    let within: Vec<[Subsets; 2]> = rows.documents.par_iter().map(|range| within(&rows.rows[range.clone()])).collect();
    let mut report = ClusterReport::default();
    for [matched, predicted] in within {
        report.matched.within_documents += matched;
        report.predicted.within_documents += predicted;
    }
    let across = [
        |row: &&Row| row.is_matched(),
        |row: &&Row| row.is_matched() && row.is_hard_across,
        |_: &&Row| true,
        |row: &&Row| row.is_hard_across,
    ];
    let across: Vec<ClusterScores> = across.par_iter().map(|keep| scores(&rows.rows, keep)).collect();
    report.matched.across_documents = Subsets { all: across[0], hard: across[1] };
    report.predicted.across_documents = Subsets { all: across[2], hard: across[3] };
    report.mentions = report.predicted.across_documents.all.mentions;
    Some(report)
}

/// The scores of one document: of the matched mentions, and of all.
fn within(rows: &[Row]) -> [Subsets; 2] {
    let matched = Subsets {
        all: scores(rows, |row| row.is_matched()),
        hard: scores(rows, |row| row.is_matched() && row.is_hard_within),
    };
    let predicted = Subsets { all: scores(rows, |_| true), hard: scores(rows, |row| row.is_hard_within) };
    [matched, predicted]
}

fn scores(rows: &[Row], keep: impl Fn(&&Row) -> bool) -> ClusterScores {
    let placed: Vec<Placed> = rows.iter().filter(keep).map(|row| row.placed).collect();
    ClusterScores::new(&Contingency::of(placed))
}

impl std::ops::AddAssign for Subsets {
    fn add_assign(&mut self, other: Self) {
        self.all += other.all;
        self.hard += other.hard;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::clusters::WrongMerges;
    use crate::eval::{EntityId, EntityTable, EntityTables, Item, Paired};
    use crate::label::{LabelId, LabelSet};
    use crate::text::Span;

    /// A mention: word of the text, label, entity.
    type Short = (usize, u16, Option<u32>);

    /// A document of one-letter words.
    fn document(text: &str, gold: &[Short], predicted: &[Short]) -> Paired {
        let item = |(word, label, entity): &Short| Item {
            span: Span::new(2 * word, 2 * word + 1),
            label: LabelId(*label),
            score: None,
            entity: entity.map(EntityId),
        };
        Paired {
            text: text.to_owned(),
            gold: gold.iter().map(item).collect(),
            systems: vec![predicted.iter().map(item).collect()],
            ..Paired::default()
        }
    }

    fn corpus(documents: Vec<Paired>) -> Corpus {
        let mut labels = LabelSet::new();
        labels.add("PER");
        labels.add("LOC");
        let table = || {
            let mut table = EntityTable::default();
            for index in 0..7 {
                table.add(format!("e{index}"), None);
            }
            table
        };
        let tables = EntityTables { gold: table(), systems: vec![table()] };
        Corpus::new(labels, documents, tables).expect("a sound corpus")
    }

    /// Two documents. Gold: entity 0 is "a", "b" and, in the second, "B"; entity 1 is "c" in both; "d" has no id.
    fn sample() -> Corpus {
        corpus(vec![
            // Found: a and b together, c with the spurious e, not d.
            document(
                "a b c d e",
                &[(0, 0, Some(0)), (1, 0, Some(0)), (2, 1, Some(1)), (3, 0, None)],
                &[(0, 0, Some(5)), (1, 0, Some(5)), (2, 1, Some(6)), (4, 0, Some(6))],
            ),
            // B and c are one; the second c has another label.
            document(
                "B c c",
                &[(0, 0, Some(0)), (1, 1, Some(1)), (2, 1, Some(1))],
                &[(0, 0, Some(5)), (1, 1, Some(5)), (2, 0, None)],
            ),
        ])
    }

    fn counts(correct: u64, predicted: u64, gold: u64) -> Counts {
        Counts { correct, predicted, gold }
    }

    #[test]
    fn within_documents_each_document_has_its_own_entities() {
        let report = score_clusters(&sample(), 0, MentionKey::SpanAndLabel).expect("both sides have ids");
        assert_eq!(report.mentions, counts(5, 7, 7));
        // Matched: a b | c against ab | c; B | c against Bc.
        let all = report.matched.within_documents.all;
        assert_eq!((all.mentions, all.key_clusters, all.response_clusters), (counts(5, 5, 5), 4, 3));
        assert_eq!(all.pairwise, counts(1, 2, 1));
        assert_eq!(all.muc, counts(1, 2, 1));
        assert_eq!(all.ceaf_m, counts(4, 5, 5));
        let merges = WrongMerges { wrong_clusters: 1, clusters_of_several: 2, clusters: 3, wrong_pairs: 1, pairs: 2 };
        assert_eq!(all.wrong_merges, merges);
        // Predicted: ab | c | d against ab | ce; B | cc' against Bc | x.
        let all = report.predicted.within_documents.all;
        assert_eq!((all.mentions, all.key_clusters, all.response_clusters), (counts(5, 7, 7), 5, 4));
        assert_eq!(all.pairwise, counts(1, 3, 2));
        assert_eq!(all.wrong_merges.pairs, 2);
        // Only the first document has an entity of two surfaces.
        let hard = report.predicted.within_documents.hard;
        assert_eq!((hard.mentions, hard.pairwise), (counts(2, 2, 2), counts(1, 1, 1)));
    }

    #[test]
    fn across_documents_an_id_is_one_entity() {
        let report = score_clusters(&sample(), 0, MentionKey::SpanAndLabel).expect("both sides have ids");
        // Matched: abB | cc against abBc | c.
        let all = report.matched.across_documents.all;
        assert_eq!((all.key_clusters, all.response_clusters), (2, 2));
        assert_eq!(all.pairwise, counts(3, 6, 4));
        // Predicted: abB | ccc' | d against abBc | ce | x.
        let all = report.predicted.across_documents.all;
        assert_eq!((all.key_clusters, all.response_clusters), (3, 3));
        assert_eq!(all.pairwise, counts(3, 7, 6));
        assert_eq!(all.muc, counts(2, 4, 4));
        // Hard: entity 0 (a, b); 1 is called c only. The response loses its c.
        let hard = report.predicted.across_documents.hard;
        assert_eq!((hard.mentions, hard.pairwise), (counts(3, 3, 3), counts(3, 3, 3)));
        assert_eq!(hard.conll_mean(), Some(1.0));
    }

    #[test]
    fn labels_can_be_ignored() {
        let report = score_clusters(&sample(), 0, MentionKey::Span).expect("both sides have ids");
        assert_eq!(report.mentions, counts(6, 7, 7));
        // Two mentions with one span: the first one counts.
        let twice = document("a b", &[(0, 0, Some(0)), (0, 1, Some(1))], &[(0, 1, Some(0))]);
        let report = score_clusters(&corpus(vec![twice]), 0, MentionKey::Span).expect("both sides have ids");
        assert_eq!(report.mentions, counts(1, 1, 1));
    }

    #[test]
    fn without_ids_on_both_sides_there_is_nothing_to_score() {
        let none = document("a b", &[(0, 0, None)], &[(0, 0, Some(0))]);
        assert_eq!(score_clusters(&corpus(vec![none]), 0, MentionKey::SpanAndLabel), None);
        let none = document("a b", &[(0, 0, Some(0))], &[(0, 0, None)]);
        assert_eq!(score_clusters(&corpus(vec![none]), 0, MentionKey::SpanAndLabel), None);
    }
}
