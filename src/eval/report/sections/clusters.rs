//! The scores of entities.

use crate::eval::clusters::{ClusterReport, ClusterScores};
use crate::eval::report::section::{Section, percent};
use crate::text::Grouped;

pub(super) fn clusters(report: &ClusterReport) -> Section {
    let columns: [(&str, &ClusterScores); 8] = [
        ("both doc.", &report.matched.within_documents.all),
        ("hard", &report.matched.within_documents.hard),
        ("both all", &report.matched.across_documents.all),
        ("hard", &report.matched.across_documents.hard),
        ("any doc.", &report.predicted.within_documents.all),
        ("hard", &report.predicted.within_documents.hard),
        ("any all", &report.predicted.across_documents.all),
        ("hard", &report.predicted.across_documents.hard),
    ];
    let mut section = Section::new("Entities").words(&["F1"]).numbers(&columns.map(|(name, _)| name));
    let mut row = |name: &str, figure: &dyn Fn(&ClusterScores) -> Option<f64>| {
        section.row(std::iter::once(name.to_owned()).chain(columns.iter().map(|(_, scores)| percent(figure(scores)))));
    };
    row("CoNLL", &ClusterScores::conll_mean);
    let names = ["MUC", "B3", "CEAF-e", "CEAF-m", "BLANC", "LEA", "pairs"];
    for (index, name) in names.into_iter().enumerate() {
        row(name, &|scores| scores.ratios()[index].1.f1);
    }
    row("merges", &|scores| scores.wrong_merges.rate_of_clusters());
    section.note(
        "both: over the mentions that gold and system share, which scores linking apart from tagging; any: over those of either. doc.: each document has its own entities; all: an id is one entity in all documents. hard: gold entities with several surface forms. CoNLL: mean of MUC, B3 and CEAF-e. merges: share of the system's entities that mix several of the gold's.",
    );
    let n_cut: u64 = columns.iter().map(|(_, scores)| scores.ceaf_cut).sum();
    if n_cut > 0 {
        section.note(format!(
            "CEAF, and the CoNLL mean with it, is at least this much: the best pairs of {} entities were not sought to the end.",
            Grouped(n_cut)
        ));
    }
    section
}
