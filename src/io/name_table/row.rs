//! A row of a table of names.

use crate::io::Error;
use crate::text::Label;

/// One person, organisation or place that a user knows.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NameRow {
    /// The name that its entity gets.
    pub canonical: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// Label of its mentions; `None` for any.
    pub label: Option<Label>,
    /// The user's id for it.
    pub id: Option<String>,
    /// Where the row begins, for errors that are found later.
    pub(super) place: Place,
}

/// Line and column of a row, from 1: the column of its id, 1 without an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) line: u64,
    pub(super) column: usize,
}

impl NameRow {
    /// A row with this name, and without aliases, label and id.
    pub fn new(canonical: impl Into<String>) -> Self {
        let place = Place { line: 1, column: 1 };
        Self { canonical: canonical.into(), aliases: Vec::new(), label: None, id: None, place }
    }

    /// Ids with the names of their knowledge bases: `user` for the user's own, and `wikidata` too if it looks like Q794.
    pub fn ids(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let id = self.id.as_deref();
        let wikidata = id.filter(|id| is_wikidata(id));
        id.map(|id| ("user", id)).into_iter().chain(wikidata.map(|id| ("wikidata", id)))
    }

    /// The row with the memory of its label shared with that of an equal one: millions of rows have few labels.
    pub(super) fn sharing_label_of(mut self, other: Option<&Self>) -> Self {
        if let Some(label) = other.map(|other| &other.label).filter(|label| **label == self.label) {
            self.label.clone_from(label);
        }
        self
    }

    /// The canonical name, then the aliases.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.canonical.as_str()).chain(self.aliases.iter().map(String::as_str))
    }
}

fn is_wikidata(id: &str) -> bool {
    id.strip_prefix('Q').is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit()))
}

impl Place {
    pub(super) fn error(self, path: &str, expected: impl Into<String>, found: impl Into<String>) -> Error {
        let Self { line, column } = self;
        Error::Cell { path: path.to_owned(), line, column, expected: expected.into(), found: found.into() }
    }
}

/// Cells of a row that are not checked yet, each with its column, from 1.
pub(super) struct Cells {
    pub(super) canonical: (String, usize),
    pub(super) label: (Option<String>, usize),
    pub(super) id: (Option<String>, usize),
}

impl Cells {
    /// The row that the cells of a line make.
    pub(super) fn checked(self, aliases: Vec<String>, path: &str, line: u64) -> Result<NameRow, Error> {
        let at = |column| Place { line, column };
        let (canonical, column) = self.canonical;
        if !is_name(&canonical) {
            let found = format!("{canonical:?}");
            return Err(at(column).error(path, "a canonical name with a letter or digit", found));
        }
        for (name, (cell, column)) in [("label", &self.label), ("id", &self.id)] {
            if cell.as_ref().is_some_and(|cell| cell.trim().is_empty()) {
                let expected = format!("a text as {name}, or no {name} at all");
                return Err(at(*column).error(path, expected, "an empty text"));
            }
        }
        let place = at(if self.id.0.is_some() { self.id.1 } else { 1 });
        let label = self.label.0.map(|label| Label::new(&label));
        Ok(NameRow { canonical, aliases, label, id: self.id.0, place })
    }
}

/// Whether a text can name something.
pub(super) fn is_name(text: &str) -> bool {
    text.contains(char::is_alphanumeric)
}
