//! The sections of a report.

use super::difference::{difference, found_by_one};
use super::overview::overview;
use super::stamp::stamp;
use super::system::system;
use crate::eval::report::content::Report;
use crate::eval::report::section::Section;

/// All sections, in order.
pub(crate) fn sections(report: &Report) -> Vec<Section> {
    let mut sections = vec![overview(report)];
    for one in &report.systems {
        let of = if report.systems.len() > 1 { format!(" of {}", one.name) } else { String::new() };
        sections.extend(system(one, &of));
    }
    sections.extend(report.differences.iter().flat_map(|one| [difference(one), found_by_one(one)]));
    sections.push(stamp(&report.stamp));
    sections
}
