//! The sections of a report.

use super::difference::{difference, found_by_one};
use super::overview::overview;
use super::stamp::stamp;
use super::system::{system, systems};
use crate::eval::report::content::Report;
use crate::eval::report::section::Section;

/// All sections, in order.
pub(crate) fn sections(report: &Report) -> Vec<Section> {
    let mut sections = vec![overview(report)];
    match &report.systems[..] {
        [only] => sections.extend(system(only)),
        several => {
            sections.extend(report.differences.iter().map(difference));
            sections.extend(systems(several));
            sections.extend(report.differences.iter().map(found_by_one));
        }
    }
    sections.push(stamp(&report.stamp));
    sections
}
