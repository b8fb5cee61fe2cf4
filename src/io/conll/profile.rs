//! What the rows of a CoNLL file have in common: which column is the token, which the tag, in which scheme.

use std::collections::BTreeMap;
use std::path::Path;

use super::columns::Columns;
use super::rows::{Dialect, Kind, cells};
use crate::io::compress::open_file;
use crate::io::lines::Lines;
use crate::label::{Evidence, TagText};

/// How the rows are to be read: as the whole file shows, or each document where the input can be read only once.
#[derive(Clone, Debug)]
pub(crate) struct Profile {
    pub(super) n_columns: usize,
    pub(super) token: usize,
    pub(super) tag: Option<usize>,
    pub(super) evidence: Evidence,
}

/// Counts rows.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// Counts of rows, by their number of columns.
    rows: BTreeMap<usize, Rows>,
    evidence: Evidence,
}

#[derive(Debug, Default)]
struct Rows {
    count: u64,
    /// Rows that end in `O`, or in a tag (or what should be one) with a prefix.
    tagged: u64,
    /// Rows that begin with a number.
    numbered: u64,
}

impl Survey {
    /// Takes in one line that is not a comment.
    pub(super) fn add(&mut self, kind: Kind, row: &str, columns: Option<&Columns>) {
        if kind != Kind::Token {
            self.end_sentence();
            return;
        }
        let tag_column = columns.map(Columns::tag);
        let (mut n_columns, mut first, mut last, mut tag) = (0, "", "", None);
        for (index, cell) in cells(row).enumerate() {
            n_columns = index + 1;
            last = cell;
            if index == 0 {
                first = cell;
            }
            if tag_column == Some(Some(index)) {
                tag = Some(cell);
            }
        }
        if tag_column.is_none() {
            tag = Some(last);
        }
        let rows = self.rows.entry(n_columns).or_default();
        rows.count += 1;
        // `B-` without a label is a damaged tag: reading its row reports it.
        rows.tagged += u64::from(match TagText::parse(last) {
            Some(TagText::Outside | TagText::Prefixed(..)) => true,
            Some(TagText::Bare(_)) => false,
            None => !last.is_empty(),
        });
        rows.numbered += u64::from(first.bytes().all(|byte| byte.is_ascii_digit()));
        if let Some(tag) = tag {
            self.evidence.add_tag(tag);
        }
    }

    fn end_sentence(&mut self) {
        self.evidence.end_sentence();
    }

    /// `None` if there are no rows.
    pub(super) fn profile(mut self, columns: Option<&Columns>) -> Option<Profile> {
        self.end_sentence();
        if let Some(columns) = columns {
            let (n_columns, token, tag) = (columns.len(), columns.token(), columns.tag());
            return Some(Profile { n_columns, token, tag, evidence: self.evidence });
        }
        let (&n_columns, rows) = self.rows.iter().max_by_key(|(_, rows)| rows.count)?;
        // One cell that is not a tag among a thousand that are is an error of its row; the column still holds tags.
        let has_tags = n_columns > 1 && rows.tagged * 10 >= rows.count * 9;
        // A CoNLL-U row: the number of the token, then the token.
        let is_conllu = n_columns == 10 && rows.numbered * 10 >= rows.count * 9;
        let token = usize::from(is_conllu);
        let tag = (has_tags && !is_conllu).then_some(n_columns - 1);
        Some(Profile { n_columns, token, tag, evidence: if tag.is_some() { self.evidence } else { Evidence::new() } })
    }
}

/// Surveys a whole file; `None` where it cannot be read, which the reading proper reports.
pub(crate) fn profile(path: &Path, name: &str, columns: Option<&Columns>) -> Option<Profile> {
    let mut lines = Lines::new(open_file(path).ok()?);
    let mut dialect = None;
    let mut survey = Survey::default();
    while let Some(line) = lines.next().ok()? {
        let Ok(row) = std::str::from_utf8(line.bytes) else { continue };
        let kind = match dialect {
            Some(dialect) => Dialect::kind(dialect, row),
            None if row.trim_ascii().is_empty() => Kind::Blank,
            None => dialect.insert(Dialect::of(name, row)).kind(row),
        };
        survey.add(kind, row, columns);
    }
    survey.profile(columns)
}
