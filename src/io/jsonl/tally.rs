//! What of a JSON file a user should know about.

use std::collections::BTreeMap;

use super::line::{OWN, Parsed};
use crate::io::Notice;
use crate::io::cuts::Cuts;
use crate::text::OffsetUnit;

/// Counts over the documents of a file.
#[derive(Default)]
pub(in crate::io) struct Tally {
    /// How many documents have a field that had to be renamed.
    renamed: [u64; OWN.len()],
    read_from: BTreeMap<String, u64>,
    unread: BTreeMap<String, u64>,
    others: u64,
    rejected: u64,
    unit: Option<(OffsetUnit, u64)>,
    cuts: Cuts,
    /// The fields beside the list of documents.
    pub(super) envelope: Vec<String>,
}

impl Tally {
    pub(in crate::io) fn add(&mut self, parsed: &Parsed) {
        for (count, renamed) in self.renamed.iter_mut().zip(parsed.renamed) {
            *count += u64::from(renamed);
        }
        let seen = &parsed.seen;
        for field in &seen.read_from {
            *self.read_from.entry(field.clone()).or_default() += 1;
        }
        for field in &seen.unread {
            *self.unread.entry(field.clone()).or_default() += 1;
        }
        self.others += seen.others;
        self.rejected += u64::from(seen.is_rejected);
        if let Some(unit) = seen.unit {
            self.unit = Some((unit, self.unit.map_or(0, |(_, count)| count) + 1));
        }
        self.cuts.add(&seen.cuts);
    }

    pub(in crate::io) fn notices(self, path: &str) -> Vec<Notice> {
        let path = || path.to_owned();
        let mut notices = Vec::new();
        for (field, count) in OWN.iter().zip(self.renamed).filter(|(_, count)| *count > 0) {
            notices.push(Notice::Renamed { path: path(), field: (*field).to_owned(), count });
        }
        notices.extend(self.read_from.into_iter().map(|(field, count)| Notice::ReadFrom {
            path: path(),
            field,
            count,
        }));
        notices.extend(self.unread.into_iter().map(|(field, count)| Notice::Unread { path: path(), field, count }));
        if self.others > 0 {
            notices.push(Notice::OtherResults { path: path(), count: self.others });
        }
        if self.rejected > 0 {
            notices.push(Notice::Rejected { path: path(), count: self.rejected });
        }
        notices.extend(self.unit.map(|(unit, count)| Notice::UnitProven { path: path(), unit, count }));
        notices.extend(self.cuts.notice(&path()));
        if !self.envelope.is_empty() {
            notices.push(Notice::Envelope { path: path(), fields: self.envelope });
        }
        notices
    }
}
