//! The scores of links to a knowledge base.

use super::scores::{FIGURES, figures};
use crate::eval::linking::LinkingReport;
use crate::eval::report::section::{Section, percent};
use crate::text::Grouped;

pub(super) fn links(linking: &LinkingReport) -> Section {
    let mut section = Section::new("Links to the knowledge base").words(&[""]).numbers(&FIGURES);
    for (name, counts) in [("micro", linking.micro), ("NIL", linking.nil)] {
        section.row(figures(name, counts.into()));
    }
    let means = linking.by_document;
    section.row([
        "mean of documents".to_owned(),
        percent(means.precision),
        percent(means.recall),
        percent(means.f1),
        String::new(),
        String::new(),
        means.documents.to_string(),
    ]);
    let accuracy = linking.in_knowledge_base;
    section.note(format!(
        "Linked correctly: {} of the {} linked gold mentions that were found ({}%).",
        Grouped(accuracy.correct),
        Grouped(accuracy.total),
        percent(accuracy.ratio())
    ));
    if let Some(points) = &linking.precision_at_coverage {
        let points: Vec<String> = points
            .iter()
            .map(|point| format!("{} at {:.0}%", percent(Some(point.precision())), 100.0 * point.coverage))
            .collect();
        section.note(format!("Precision at coverage: {}.", points.join(", ")));
    }
    section
}
