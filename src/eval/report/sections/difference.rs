//! Two systems side by side.

use super::scores::interval_of;
use crate::eval::report::difference::{DifferenceReport, SurfaceCount};
use crate::eval::report::section::{Part, SHOWN, Section, decimal};
use crate::text::Grouped;

pub(super) fn difference(report: &DifferenceReport) -> Section {
    let DifferenceReport { a, b, difference, .. } = report;
    let mut section = Section::new(format!("Is the difference significant? {a} (A) and {b} (B)"))
        .about(Part::Difference)
        .numbers(&["F1 of A − B", "95% interval", "p", "p corrected", "only A right", "only B right"]);
    section.row([
        difference.delta_f1.map_or("n/a".to_owned(), |delta| format!("{:+.2}", 100.0 * delta)),
        interval_of(difference.interval),
        decimal(difference.p_value),
        decimal(report.p_value_corrected),
        report.only_a.to_string(),
        report.only_b.to_string(),
    ]);
    section.note(format!(
        "Paired bootstrap and two-sided approximate randomisation over {} units, {} of them with different counts.",
        Grouped(difference.units),
        Grouped(difference.differing_units)
    ));
    if difference.units < 30 {
        section.note("Fewer than 30 units: neither the interval nor the p-value means much.");
    }
    section
}

pub(super) fn found_by_one(report: &DifferenceReport) -> Section {
    let DifferenceReport { a, b, surfaces_only_a, surfaces_only_b, .. } = report;
    let mut section = Section::new(format!("Found by only one: {a} (A) and {b} (B)"))
        .about(Part::OnlyOne)
        .words(&["only A"])
        .numbers(&["count"])
        .words(&["only B"])
        .numbers(&["count"]);
    let cells = |list: &[SurfaceCount], row: usize| match list.get(row) {
        Some(surface) => [format!("{} {}", surface.text, surface.label), surface.count.to_string()],
        None => [String::new(), String::new()],
    };
    for row in 0..SHOWN.min(surfaces_only_a.len().max(surfaces_only_b.len())) {
        section.row(cells(surfaces_only_a, row).into_iter().chain(cells(surfaces_only_b, row)));
    }
    section
}
