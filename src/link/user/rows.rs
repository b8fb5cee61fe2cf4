//! Which names does a user know?

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use serde::Deserialize;

use super::Error;
use crate::link::kb::fold;
use crate::text::Label;

/// How a user's file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// A table with a header, cells parted by tabs: `canonical`, `alias`, `label`, `id` in any order, all but the first optional. One alias a
    /// line; lines with the same canonical name, label and id are one row.
    Tsv,
    /// One JSON object a line: `canonical` (or `name`), `aliases` (or `alias`; a list or one text), `label`, `id`.
    Jsonl,
}

impl Layout {
    /// By the name of a file: `.jsonl`, `.ndjson` and `.json` are JSONL, all else is a table.
    pub fn of(path: &Path) -> Self {
        let extension = path.extension().map(std::ffi::OsStr::to_ascii_lowercase);
        match extension.as_ref().and_then(|extension| extension.to_str()) {
            Some("jsonl" | "ndjson" | "json") => Self::Jsonl,
            _ => Self::Tsv,
        }
    }
}

/// One thing that a user knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The name that its entity shall have.
    pub canonical: String,
    /// Other names of it.
    pub aliases: Vec<String>,
    /// The label of its mentions; without one it is any.
    pub label: Option<Label>,
    /// The user's id for it.
    pub id: Option<String>,
    /// Where its first line is in the file, from 1.
    pub line: u64,
    /// Where its id is in that line, from 1: the column of a table, the byte of a line of JSON; 1 without an id.
    pub id_column: usize,
}

impl Row {
    /// The ids with the names of their bases: the user's own, which is Wikidata's too where it looks like Q794.
    pub fn ids(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let id = self.id.as_deref();
        let wikidata = id.filter(|id| is_wikidata(id));
        id.map(|id| ("user", id)).into_iter().chain(wikidata.map(|id| ("wikidata", id)))
    }

    /// The canonical name and the aliases.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.canonical.as_str()).chain(self.aliases.iter().map(String::as_str))
    }
}

/// The rows of a user's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows {
    pub(in crate::link) path: String,
    pub(in crate::link) rows: Vec<Row>,
}

/// A row as JSON has it; nothing is taken for granted yet.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object with the fields of a row")]
struct Raw {
    #[serde(alias = "name")]
    canonical: String,
    #[serde(default, alias = "alias")]
    aliases: Aliases,
    label: Option<String>,
    id: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "a text or a list of texts")]
enum Aliases {
    One(String),
    Many(Vec<String>),
}

impl Default for Aliases {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl Rows {
    /// These rows and then those of another file.
    pub fn and(mut self, other: Self) -> Self {
        self.rows.extend(other.rows);
        self
    }

    /// These rows as a knowledge base: each has an id of its own.
    ///
    /// # Errors
    ///
    /// [`Error`] if a row has no id, or the id of a row before it.
    pub fn identified(self) -> Result<Self, Error> {
        let mut lines = HashMap::with_capacity(self.rows.len());
        for row in &self.rows {
            let error = |expected: &str, found: String| {
                let (path, line, column, expected) = (self.path.clone(), row.line, row.id_column, expected.to_owned());
                Error::Row { path, line, column, expected, found }
            };
            let Some(id) = &row.id else { return Err(error("an id", format!("none for {:?}", row.canonical))) };
            if let Some(before) = lines.insert(id, row.line) {
                return Err(error("an id that no other row has", format!("{id:?} of line {before}")));
            }
        }
        Ok(self)
    }

    /// Opens a file; [`Layout::of`] tells how it is written.
    ///
    /// # Errors
    ///
    /// [`Error`] if it cannot be read, or is not what it has to be: with the line, and what was expected and found.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let shown = path.display().to_string();
        let file = File::open(path).map_err(|source| Error::Io { path: shown.clone(), source })?;
        Self::read(BufReader::new(file), Layout::of(path), &shown)
    }

    /// Reads rows; `path` is what errors call the place.
    ///
    /// # Errors
    ///
    /// As [`Rows::open`].
    pub fn read(reader: impl Read, layout: Layout, path: &str) -> Result<Self, Error> {
        let rows = match layout {
            Layout::Tsv => read_table(reader, path)?,
            Layout::Jsonl => read_json(BufReader::new(reader), path)?,
        };
        Ok(Self { path: path.to_owned(), rows })
    }

    /// All rows, in the order of the file.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Row> {
        self.rows.iter()
    }
}

fn is_wikidata(id: &str) -> bool {
    id.strip_prefix('Q').is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit()))
}

fn read_json(reader: impl BufRead, path: &str) -> Result<Vec<Row>, Error> {
    let mut rows = Vec::new();
    for (n, line) in reader.lines().enumerate() {
        let at = Place { path, line: n as u64 + 1 };
        let text = line.map_err(|source| at.io(source))?;
        let text = if n == 0 { text.trim_start_matches('\u{feff}') } else { &text };
        if text.trim().is_empty() {
            continue;
        }
        let raw: Raw = serde_json::from_str(text).map_err(|error| at.json(&error))?;
        let aliases = match raw.aliases {
            Aliases::One(alias) => vec![alias],
            Aliases::Many(aliases) => aliases,
        };
        if let Some(empty) = aliases.iter().find(|alias| fold(alias).is_empty()) {
            let column = field(text, &["aliases", "alias"]);
            return Err(at.row(column, "an alias with a letter or digit", format!("{empty:?}")));
        }
        let columns = [field(text, &["canonical", "name"]), field(text, &["label"]), field(text, &["id"])];
        rows.push(at.checked(Cells { canonical: raw.canonical, label: raw.label, id: raw.id, columns }, aliases)?);
    }
    Ok(rows)
}

/// The byte of a line, from 1, at which a field of a JSON object begins; 1 where that cannot be told.
fn field(text: &str, names: &[&str]) -> usize {
    names.iter().find_map(|name| text.find(&format!("\"{name}\""))).unwrap_or(0) + 1
}

/// The columns of a table, in the order of [`COLUMNS`].
const COLUMNS: [&str; 4] = ["canonical", "alias", "label", "id"];

fn read_table(reader: impl Read, path: &str) -> Result<Vec<Row>, Error> {
    let mut table = csv::ReaderBuilder::new().delimiter(b'\t').flexible(true).has_headers(false).from_reader(reader);
    let mut rows: Vec<Row> = Vec::new();
    let mut known: HashMap<(String, Option<String>, Option<String>), usize> = HashMap::new();
    let mut header: Option<(usize, [Option<usize>; 4])> = None;
    let mut record = csv::StringRecord::new();
    loop {
        let line = table.position().line();
        match table.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => return Err(Place { path, line }.csv(error)),
        }
        let at = Place { path, line: record.position().map_or(line, csv::Position::line) };
        let Some((n, places)) = header else {
            header = Some((record.len(), columns(&record, at)?));
            continue;
        };
        if record.len() != n {
            let column = n.min(record.len()) + 1;
            return Err(at.row(column, &format!("{n} columns, as in the header"), record.len().to_string()));
        }
        let [canonical, alias, label, id] =
            places.map(|place| place.and_then(|at| record.get(at)).unwrap_or_default().trim());
        let filled = |cell: &str| Some(cell.to_owned()).filter(|cell| !cell.is_empty());
        let columns = [0, 2, 3].map(|column: usize| places[column].map_or(1, |at| at + 1));
        let cells = Cells { canonical: canonical.to_owned(), label: filled(label), id: filled(id), columns };
        let aliases: Vec<String> = filled(alias).into_iter().collect();
        if aliases.iter().any(|alias| fold(alias).is_empty()) {
            let column = places[1].map_or(1, |at| at + 1);
            return Err(at.row(column, "a letter or digit in column alias", format!("{alias:?}")));
        }
        match known.get(&(cells.canonical.clone(), cells.label.clone(), cells.id.clone())) {
            Some(&row) => rows[row].aliases.extend(aliases),
            None => {
                known.insert((cells.canonical.clone(), cells.label.clone(), cells.id.clone()), rows.len());
                rows.push(at.checked(cells, aliases)?);
            }
        }
    }
    match header {
        Some(_) => Ok(rows),
        None => Err(Place { path, line: 1 }.row(1, "a header with the column canonical", "an empty file".to_owned())),
    }
}

/// Where the header has the columns.
fn columns(header: &csv::StringRecord, at: Place<'_>) -> Result<[Option<usize>; 4], Error> {
    let mut places = [None; 4];
    for (nth, cell) in header.iter().enumerate() {
        let name = cell.trim().trim_start_matches('\u{feff}').to_lowercase();
        let Some(column) = COLUMNS.iter().position(|column| *column == name) else {
            return Err(at.row(nth + 1, "a header of the columns canonical, alias, label, id", format!("{cell:?}")));
        };
        if places[column].replace(nth).is_some() {
            return Err(at.row(nth + 1, &format!("one column {name}"), "another one".to_owned()));
        }
    }
    match places[0] {
        Some(_) => Ok(places),
        None => Err(at.row(1, "a header with the column canonical", header.iter().collect::<Vec<_>>().join(", "))),
    }
}

/// What a row says, without its aliases.
struct Cells {
    canonical: String,
    label: Option<String>,
    id: Option<String>,
    /// Where canonical name, label and id stand in the line, from 1.
    columns: [usize; 3],
}

/// A line of a file.
#[derive(Clone, Copy)]
struct Place<'a> {
    path: &'a str,
    line: u64,
}

impl Place<'_> {
    fn checked(self, cells: Cells, aliases: Vec<String>) -> Result<Row, Error> {
        if fold(&cells.canonical).is_empty() {
            return Err(self.row(
                cells.columns[0],
                "a canonical name with a letter or digit",
                format!("{:?}", cells.canonical),
            ));
        }
        for (name, cell, column) in [("label", &cells.label, cells.columns[1]), ("id", &cells.id, cells.columns[2])] {
            if cell.as_ref().is_some_and(|cell| cell.trim().is_empty()) {
                return Err(self.row(
                    column,
                    &format!("a text as {name}, or no {name} at all"),
                    "an empty text".to_owned(),
                ));
            }
        }
        let label = cells.label.map(|label| Label::new(&label));
        let id_column = if cells.id.is_some() { cells.columns[2] } else { 1 };
        Ok(Row { canonical: cells.canonical, aliases, label, id: cells.id, line: self.line, id_column })
    }

    fn row(self, column: usize, expected: &str, found: String) -> Error {
        Error::Row { path: self.path.to_owned(), line: self.line, column, expected: expected.to_owned(), found }
    }

    fn io(self, source: std::io::Error) -> Error {
        if source.kind() == std::io::ErrorKind::InvalidData {
            return self.row(1, "text in UTF-8", source.to_string());
        }
        Error::Io { path: self.path.to_owned(), source }
    }

    fn json(self, error: &serde_json::Error) -> Error {
        // The text is one line, so serde's "at line 1" would be wrong.
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or_default().to_owned();
        Error::Json { path: self.path.to_owned(), line: self.line, column: error.column().max(1), message }
    }

    fn csv(self, error: csv::Error) -> Error {
        let line = error.position().map_or(self.line, csv::Position::line);
        let at = Place { line, ..self };
        match error.into_kind() {
            csv::ErrorKind::Io(source) => at.io(source),
            csv::ErrorKind::Utf8 { err, .. } => at.row(err.field() + 1, "text in UTF-8", "other bytes".to_owned()),
            _ => at.row(1, "a table of cells parted by tabs", "something else".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &[u8], layout: Layout) -> String {
        Rows::read(text, layout, "f").expect_err("it is refused").to_string()
    }

    #[test]
    fn both_layouts_say_the_same() {
        let tsv = "\u{feff}id\tcanonical\talias\tlabel\nQ1\tAbbas Araghchi\tAraghchi\tPER\nQ1\tAbbas Araghchi\tAraqchi\tPER\n\tOslo\t\t\n";
        let jsonl = "{\"id\":\"Q1\",\"name\":\"Abbas Araghchi\",\"aliases\":[\"Araghchi\",\"Araqchi\"],\"label\":\"PER\"}\n\n{\"canonical\":\"Oslo\"}\n";
        let table = Rows::read(tsv.as_bytes(), Layout::Tsv, "f").expect("the case is sound");
        let mut json = Rows::read(jsonl.as_bytes(), Layout::Jsonl, "f").expect("the case is sound");
        assert_eq!(table.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 4]);
        assert_eq!(json.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [1, 3]);
        json.rows.iter_mut().zip(&table.rows).for_each(|(row, other)| {
            (row.line, row.id_column) = (other.line, other.id_column);
        });
        assert_eq!(table, json);
        assert_eq!(table.rows[0].names().collect::<Vec<_>>(), ["Abbas Araghchi", "Araghchi", "Araqchi"]);
        assert_eq!((&table.rows[1].label, &table.rows[1].id), (&None, &None));
    }

    #[test]
    fn bad_tables() {
        for (text, want) in [
            (&b""[..], "f:1:1: expected a header with the column canonical, found an empty file"),
            (b"alias\tlabel\n", "f:1:1: expected a header with the column canonical, found alias, label"),
            (
                b"canonical\tname\n",
                "f:1:2: expected a header of the columns canonical, alias, label, id, found \"name\"",
            ),
            (b"canonical\tcanonical\n", "f:1:2: expected one column canonical, found another one"),
            (b"canonical\talias\nOslo\n", "f:2:2: expected 2 columns, as in the header, found 1"),
            (
                b"canonical\talias\nOslo\tChristiania\n \tx\n",
                "f:3:1: expected a canonical name with a letter or digit, found \"\"",
            ),
            (b"canonical\talias\nOslo\t--\n", "f:2:2: expected a letter or digit in column alias, found \"--\""),
            (b"canonical\talias\nOslo\tK\xe5\n", "f:2:2: expected text in UTF-8, found other bytes"),
        ] {
            assert_eq!(message(text, Layout::Tsv), want);
        }
    }

    #[test]
    fn bad_json() {
        for (text, want) in [
            (&b"{\"name\":\"Oslo\"}\n{\"name\":\n"[..], "f:2:8: EOF while parsing a value"),
            (b"[]", "f:1:2: invalid length 0, expected an object with the fields of a row"),
            (b"{\"id\":\"Q585\"}", "f:1:13: missing field `canonical`"),
            (
                b"{\"name\":\"Oslo\",\"also\":[]}",
                "f:1:21: unknown field `also`, expected one of `canonical`, `name`, `alias`, `aliases`, `label`, `id`",
            ),
            (b"{\"name\":\"Oslo\",\"aliases\":[1]}", "f:1:29: a text or a list of texts"),
            (b"{\"name\":\"Oslo\",\"aliases\":[\"\"]}", "f:1:16: expected an alias with a letter or digit, found \"\""),
            (b"{\"name\":\"\\u2026\"}", "f:1:2: expected a canonical name with a letter or digit, found \"\u{2026}\""),
            (
                b"{\"name\":\"Oslo\",\"label\":\" \"}",
                "f:1:16: expected a text as label, or no label at all, found an empty text",
            ),
        ] {
            assert_eq!(message(text, Layout::Jsonl), want);
        }
        assert!(message(b"{\"name\":\"\xff\"}", Layout::Jsonl).starts_with("f:1:1: expected text in UTF-8"));
    }

    #[test]
    fn layouts_by_name() {
        for (path, want) in
            [("a.tsv", Layout::Tsv), ("a.JSONL", Layout::Jsonl), ("a.txt", Layout::Tsv), ("jsonl", Layout::Tsv)]
        {
            assert_eq!(Layout::of(Path::new(path)), want, "{path}");
        }
    }
}
