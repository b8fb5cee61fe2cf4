//! What the rows of a CoNLL file have in common: which column is the token, which the tag, in which scheme.

use std::path::Path;

use super::columns::Columns;
use super::rows::{Dialect, Kind, Separators, misc_tag};
use super::survey::{CONLLU, Rows, Survey, Tags};
use crate::io::compress::open_file;
use crate::io::lines::Lines;
use crate::label::{Evidence, TagText};

/// How the rows are to be read: as the whole file shows, or each document where the input can be read only once.
#[derive(Clone, Debug)]
pub(crate) struct Profile {
    pub(super) separators: Separators,
    pub(super) n_columns: usize,
    pub(super) token: usize,
    pub(super) tag: Option<TagPlace>,
    pub(super) tags: Tags,
    pub(super) evidence: Evidence,
    /// Other columns of tags, where it was not clear which one to read.
    pub(super) others: Vec<usize>,
}

/// Where the tag of a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TagPlace {
    Column(usize),
    /// A field of the last column of CoNLL-U.
    Misc,
}

/// A row taken apart.
pub(super) struct Cells<'r> {
    pub(super) count: usize,
    pub(super) token: &'r str,
    /// Empty where the row has none.
    pub(super) tag: &'r str,
}

impl Profile {
    /// `None` if there are no rows.
    fn of(survey: &Survey, separators: Separators, columns: Option<&Columns>) -> Option<Self> {
        let new = |n_columns, token| Self {
            separators,
            n_columns,
            token,
            tag: None,
            tags: Tags::default(),
            evidence: Evidence::new(),
            others: Vec::new(),
        };
        if let Some(columns) = columns {
            let tags = columns.tag().and_then(|tag| Some(survey.of_width(columns.len())?.spelling(tag)));
            let tag = columns.tag().map(TagPlace::Column);
            return Some(Self { tag, tags: tags.unwrap_or_default(), ..new(columns.len(), columns.token()) });
        }
        let (n_columns, rows) = survey.most()?;
        let is_numbered = rows.are_numbered();
        let mut profile = new(n_columns, usize::from(is_numbered));
        if n_columns == CONLLU
            && is_numbered
            && let Some(tags) = rows.misc()
        {
            (profile.tag, profile.tags) = (Some(TagPlace::Misc), tags);
            return Some(profile);
        }
        profile.choose(rows, is_numbered);
        Some(profile)
    }

    /// The last column of tags; in numbered rows the first one that marks names, as columns of nested mentions follow.
    fn choose(&mut self, rows: &Rows, is_numbered: bool) {
        let found: Vec<(usize, Tags)> =
            (self.token + 1..self.n_columns).filter_map(|column| Some((column, rows.tags(column)?))).collect();
        let outer = || found.iter().position(|(column, _)| !rows.are_chunks(*column)).filter(|_| is_numbered);
        let chosen = outer().or(found.len().checked_sub(1));
        let Some(index) = chosen else { return };
        self.tag = Some(TagPlace::Column(found[index].0));
        self.tags = found[index].1.clone();
        if is_numbered {
            self.others = found.iter().map(|(column, _)| *column).filter(|&column| column != found[index].0).collect();
        }
    }

    /// The cells that count.
    pub(super) fn cells<'r>(&self, row: &'r str) -> Cells<'r> {
        let mut cells = self.split(row, self.separators);
        // A row that separates its columns in another way than the others, or has separators behind the last one.
        if cells.count != self.n_columns {
            let other = self.split(row, Separators::Blanks);
            if other.count == self.n_columns {
                return other;
            }
            let trimmed = self.split(row.trim_ascii_end(), self.separators);
            if trimmed.count == self.n_columns {
                cells = trimmed;
            }
        }
        cells
    }

    fn split<'r>(&self, row: &'r str, separators: Separators) -> Cells<'r> {
        let mut found = Cells { count: 0, token: "", tag: "" };
        for (index, cell) in separators.cells(row).enumerate() {
            found.count = index + 1;
            if index == self.token {
                found.token = cell;
            }
            match self.tag {
                Some(TagPlace::Column(column)) if column == index => found.tag = cell,
                Some(TagPlace::Misc) if index + 1 == CONLLU => found.tag = misc_tag(cell).unwrap_or("O"),
                _ => {}
            }
        }
        found
    }

    /// The tag of a cell.
    pub(super) fn parse<'r>(&self, tag: &'r str) -> Option<TagText<'r>> {
        match tag {
            // Fields that are missing are no tags.
            "O" if self.tag == Some(TagPlace::Misc) => Some(TagText::Outside),
            _ => self.tags.spelling.parse(tag),
        }
    }

    /// Whether a row that begins with `#` is a remark: it has not the columns of the others, or no tag where they have one.
    pub(super) fn is_remark(&self, row: &str) -> bool {
        if !row.starts_with('#') {
            return false;
        }
        let cells = self.cells(row);
        cells.count != self.n_columns
            || self.tag.is_some()
                && match self.parse(cells.tag) {
                    Some(TagText::Outside | TagText::Prefixed(..)) => false,
                    Some(TagText::Bare(label)) => !self.tags.bare.contains(label),
                    None => true,
                }
    }

    /// Takes in a line as evidence for a scheme.
    fn observe(&mut self, kind: Kind, row: &str) {
        if kind != Kind::Token || self.is_remark(row) {
            self.evidence.end_sentence();
        } else if self.tag.is_some()
            && let Some(tag) = self.parse(self.cells(row).tag)
        {
            self.evidence.add_tag(tag);
        }
    }
}

/// The profile of some lines, which are gone through several times; `None` if there are no rows.
///
/// `lines` calls its argument with each line that is not a comment, and says whether it could.
pub(super) fn profile_of(
    columns: Option<&Columns>,
    mut lines: impl FnMut(&mut dyn FnMut(Kind, &str)) -> Option<()>,
) -> Option<Profile> {
    let mut survey_by = |separators| {
        let mut survey = Survey::new(separators);
        lines(&mut |kind, row| {
            if kind == Kind::Token && !row.starts_with('#') {
                survey.add(row);
            }
        })?;
        let mut remarks = Survey::new(separators);
        if survey.most().is_none() {
            // Nothing but rows that begin with `#`.
            lines(&mut |kind, row| {
                if kind == Kind::Token {
                    remarks.add(row);
                }
            })?;
            return Some(remarks);
        }
        Some(survey)
    };
    let survey = survey_by(Separators::Tabs)?;
    let mut profile = Profile::of(&survey, Separators::Tabs, columns)?;
    if profile.tag.is_none() && survey.n_mixed > 0 && columns.is_none() {
        let other = Profile::of(&survey_by(Separators::Blanks)?, Separators::Blanks, columns);
        profile = other.filter(|other| other.tag.is_some()).unwrap_or(profile);
    }
    lines(&mut |kind, row| profile.observe(kind, row))?;
    profile.evidence.end_sentence();
    Some(profile)
}

/// Surveys a whole file; `None` where it cannot be read, which the reading proper reports.
pub(crate) fn profile(path: &Path, name: &str, columns: Option<&Columns>) -> Option<Profile> {
    profile_of(columns, |take| {
        let mut lines = Lines::new(open_file(path).ok()?);
        let mut dialect = None;
        while let Some(line) = lines.next().ok()? {
            let Ok(row) = std::str::from_utf8(line.bytes) else { continue };
            let kind = match dialect {
                Some(dialect) => Dialect::kind(dialect, row),
                None if row.trim_ascii().is_empty() => Kind::Blank,
                None => dialect.insert(Dialect::of(name, row)).kind(row),
            };
            take(kind, row);
        }
        Some(())
    })
}
