//! Which column of a file holds tags, and how are they spelled?

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::rows::{Separators, misc_tag};
use crate::label::{Spelling, TagText};

/// Counts the cells of rows.
#[derive(Debug)]
pub(super) struct Survey {
    separators: Separators,
    /// By the number of columns.
    rows: BTreeMap<usize, Rows>,
    /// Rows with tabs and blanks.
    pub(super) n_mixed: u64,
}

#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) count: u64,
    /// Rows that begin with a number.
    numbered: u64,
    columns: Vec<Column>,
    /// The tags in the last column of CoNLL-U, which has fields such as `NE=B-PER`.
    misc: Column,
}

/// How often each value occurs in a column; `None` once there are too many for tags.
#[derive(Debug)]
struct Column(Option<HashMap<Box<str>, u64>>);

/// More tags than this has no scheme.
const MOST_VALUES: usize = 2000;
/// More labels without prefix than this in a column are words.
const MOST_LABELS: usize = 40;
/// Columns behind these hold no tags.
const MOST_COLUMNS: usize = 1000;
/// The labels of chunks in CoNLL-2000 and CoNLL-2003.
const CHUNKS: [&str; 11] = ["NP", "VP", "PP", "ADVP", "ADJP", "SBAR", "PRT", "CONJP", "INTJ", "LST", "UCP"];
/// The number of columns of CoNLL-U.
pub(super) const CONLLU: usize = 10;
/// Labels that are known for labels although no `O` is beside them.
const KNOWN: [&str; 15] = [
    "PER",
    "PERSON",
    "LOC",
    "LOCATION",
    "ORG",
    "ORGANIZATION",
    "ORGANISATION",
    "MISC",
    "GPE",
    "FAC",
    "NORP",
    "DATE",
    "TIME",
    "MONEY",
    "EVENT",
];

impl Default for Column {
    fn default() -> Self {
        Self(Some(HashMap::new()))
    }
}

/// A column of tags.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tags {
    pub(super) spelling: Spelling,
    /// The labels that stand without a prefix.
    pub(super) bare: BTreeSet<String>,
}

impl Survey {
    pub(super) fn new(separators: Separators) -> Self {
        Self { separators, rows: BTreeMap::new(), n_mixed: 0 }
    }

    /// Takes in the row of a token.
    pub(super) fn add(&mut self, row: &str) {
        self.n_mixed += u64::from(row.contains('\t') && row.contains(' '));
        let n_columns = self.separators.cells(row).count();
        let rows = self.rows.entry(n_columns).or_default();
        rows.columns.resize_with(n_columns.min(MOST_COLUMNS), Column::default);
        rows.count += 1;
        for (index, (cell, column)) in self.separators.cells(row).zip(&mut rows.columns).enumerate() {
            if index == 0 {
                rows.numbered += u64::from(!cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit()));
            }
            if index + 1 == CONLLU
                && let Some(tag) = misc_tag(cell)
            {
                rows.misc.add(tag);
            }
            column.add(cell);
        }
    }

    /// The number of columns of most rows, and these rows.
    pub(super) fn most(&self) -> Option<(usize, &Rows)> {
        self.rows.iter().max_by_key(|(_, rows)| rows.count).map(|(&n_columns, rows)| (n_columns, rows))
    }

    /// The rows of this number of columns.
    pub(super) fn of_width(&self, n_columns: usize) -> Option<&Rows> {
        self.rows.get(&n_columns)
    }
}

impl Rows {
    /// Whether rows begin with the number of the token.
    pub(super) fn are_numbered(&self) -> bool {
        self.columns.len() > 2 && self.numbered * 10 >= self.count * 9
    }

    /// The tags of a column, or `None` if it holds none.
    pub(super) fn tags(&self, column: usize) -> Option<Tags> {
        self.columns.get(column)?.tags(self.count)
    }

    /// The tags in the last column of CoNLL-U.
    pub(super) fn misc(&self) -> Option<Tags> {
        let n = self.misc.0.as_ref()?.values().sum();
        if n == 0 { None } else { Some(self.misc.tags(n).unwrap_or_default()) }
    }

    /// How a column that is said to hold tags spells them.
    pub(super) fn spelling(&self, column: usize) -> Tags {
        self.columns.get(column).and_then(Column::spelled).unwrap_or_default()
    }

    /// Whether the tags of a column mark chunks (noun phrases and the like), not names.
    pub(super) fn are_chunks(&self, column: usize) -> bool {
        let labels = self.columns.get(column).map(Column::labels).unwrap_or_default();
        !labels.is_empty() && labels.iter().all(|label| CHUNKS.contains(&label.as_str()))
    }
}

impl Column {
    fn add(&mut self, cell: &str) {
        let Some(values) = &mut self.0 else { return };
        if let Some(count) = values.get_mut(cell) {
            *count += 1;
        } else if values.len() < MOST_VALUES {
            values.insert(cell.into(), 1);
        } else {
            self.0 = None;
        }
    }

    /// The spelling in which most cells have a prefix, and the labels without one.
    fn spelled(&self) -> Option<Tags> {
        let values = self.0.as_ref()?;
        let prefixed = |spelling: &Spelling| -> u64 {
            let is_one = |text: &str| matches!(spelling.parse(text), Some(TagText::Prefixed(..) | TagText::Outside));
            values.iter().filter(|(text, _)| is_one(text)).map(|(_, count)| count).sum()
        };
        let mut best = (Spelling::default(), 0);
        for spelling in Spelling::all() {
            let count = prefixed(&spelling);
            if count > best.1 {
                best = (spelling, count);
            }
        }
        let spelling = best.0;
        let bare = values.keys().filter(|text| matches!(spelling.parse(text), Some(TagText::Bare(_))));
        Some(Tags { spelling, bare: bare.map(ToString::to_string).collect() })
    }

    fn tags(&self, n_rows: u64) -> Option<Tags> {
        let values = self.0.as_ref()?;
        let tags = self.spelled()?;
        let (mut outside, mut marked, mut strange) = (0, 0, 0);
        for (text, count) in values {
            match tags.spelling.parse(text) {
                Some(TagText::Outside) => outside += count,
                Some(TagText::Prefixed(..)) => marked += count,
                Some(TagText::Bare(label)) if is_label(label) => {}
                // `B-` without a label is a damaged tag: reading its row reports it.
                None if !text.is_empty() => marked += count,
                _ => strange += count,
            }
        }
        // One cell that is not a tag among many that are is an error of its row; the column still holds tags.
        let are_prefixed = (outside + marked) * 10 >= n_rows * 9;
        let few = if tags.spelling.parse("O") == Some(TagText::Outside) { MOST_LABELS } else { MOST_LABELS / 4 };
        let are_labels = strange == 0 && outside > 0 && tags.bare.len() <= few;
        let are_known = strange == 0 && marked == 0 && tags.bare.iter().all(|label| KNOWN.contains(&label.as_str()));
        (n_rows > 0 && (are_prefixed || are_labels || are_known)).then_some(tags)
    }

    fn labels(&self) -> BTreeSet<String> {
        let (Some(values), Some(tags)) = (&self.0, self.spelled()) else { return BTreeSet::new() };
        let label = |text: &str| match tags.spelling.parse(text) {
            Some(TagText::Prefixed(_, label) | TagText::Bare(label)) => Some(label.to_owned()),
            _ => None,
        };
        values.keys().filter_map(|text| label(text)).collect()
    }
}

/// Whether a cell could be a label without a prefix.
fn is_label(text: &str) -> bool {
    const LONGEST: usize = 40;
    text.len() <= LONGEST
        && text.starts_with(|c: char| c.is_alphabetic())
        && text.chars().all(|c| c.is_alphanumeric() || "-_./:&".contains(c))
}
