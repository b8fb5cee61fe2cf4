//! Tables with a header, separated by tabs or commas.

use std::collections::HashMap;
use std::io::Read;

use super::entities::{self, Ids, full};
use super::row::{Cells, NameRow, Place, is_name};
use crate::io::Error;
use crate::io::entity_columns;
use crate::text::Label;

const COLUMNS: [&str; 4] = ["canonical", "alias", "label", "id"];

/// What is between two cells.
#[derive(Clone, Copy)]
pub(super) enum Separator {
    Tab,
    Comma,
}

impl Separator {
    fn byte(self) -> u8 {
        match self {
            Self::Tab => b'\t',
            Self::Comma => b',',
        }
    }
}

pub(super) fn read(reader: impl Read, separator: Separator, path: &str) -> Result<Vec<NameRow>, Error> {
    let mut table = csv::ReaderBuilder::new()
        // The reader takes CR LF for one line end, but counts it a line too late; cells are trimmed anyway.
        .terminator(csv::Terminator::Any(b'\n'))
        .delimiter(separator.byte())
        .flexible(true)
        .has_headers(false)
        .from_reader(reader);
    let mut rows: Vec<NameRow> = Vec::new();
    let mut known: HashMap<(String, Option<String>, Option<String>), usize> = HashMap::new();
    let mut header: Option<Header> = None;
    let mut record = csv::StringRecord::new();
    loop {
        let line = table.position().line();
        match table.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => return Err(unreadable(error, path, line)),
        }
        let line = record.position().map_or(line, csv::Position::line);
        let at = |column| Place { line, column };
        if record == ["\r"][..] {
            continue;
        }
        if header.is_none() && record == entity_columns::COLUMNS[..] {
            return of_entities(table, path);
        }
        let Some(Header { n_columns, places }) = header else {
            header = Some(Header::new(&record, path, line)?);
            continue;
        };
        if record.len() != n_columns {
            let columns = if n_columns == 1 { "column" } else { "columns" };
            let expected = format!("{n_columns} {columns}, as in the header");
            return Err(at(n_columns.min(record.len()) + 1).error(path, expected, record.len().to_string()));
        }
        let [canonical, alias, label, id] =
            places.map(|place| place.and_then(|at| record.get(at)).unwrap_or_default().trim());
        let filled = |cell: &str| Some(cell.to_owned()).filter(|cell| !cell.is_empty());
        let [of_canonical, of_alias, of_label, of_id] = places.map(|place| place.map_or(1, |at| at + 1));
        if !alias.is_empty() && !is_name(alias) {
            return Err(at(of_alias).error(path, "a letter or digit in column alias", format!("{alias:?}")));
        }
        let aliases: Vec<String> = filled(alias).into_iter().collect();
        match known.get(&(canonical.to_owned(), filled(label), filled(id))) {
            Some(&row) => rows[row].aliases.extend(aliases),
            None => {
                known.insert((canonical.to_owned(), filled(label), filled(id)), rows.len());
                let cells = Cells {
                    canonical: (canonical.to_owned(), of_canonical),
                    label: (filled(label), of_label),
                    id: (filled(id), of_id),
                };
                let row = cells.checked(aliases, path, line)?;
                rows.push(row.sharing_label_of(rows.last()));
            }
        }
    }
    match header {
        Some(_) => Ok(rows),
        None => {
            let start = Place { line: 1, column: 1 };
            Err(start.error(path, "a header with the column canonical", "an empty file"))
        }
    }
}

/// The rows of a table of entities.
fn of_entities(mut table: csv::Reader<impl Read>, path: &str) -> Result<Vec<NameRow>, Error> {
    let (mut rows, mut ids) = (Vec::new(), Ids::default());
    for record in table.records() {
        let record = record.map_err(|error| unreadable(error, path, 0))?;
        let line = record.position().map_or(0, csv::Position::line);
        let place = Place { line, column: 1 };
        if record.len() != entity_columns::COLUMNS.len() {
            let expected = format!("{} columns, as in the header", entity_columns::COLUMNS.len());
            return Err(place.error(path, expected, record.len().to_string()));
        }
        let (name, label) = (&record[1], &record[2]);
        // Nothing could be found by a name without letters and digits.
        if is_name(name) {
            let aliases = full(name, label, entities::names(&record[5]).into_iter());
            let id = ids.of(&record[0], entities::id_in("user", &record[6]));
            let label = Some(Label::new(label));
            rows.push(NameRow { canonical: name.to_owned(), aliases, label, id: Some(id), place });
        }
    }
    Ok(rows)
}

/// The first line of a table.
#[derive(Clone, Copy)]
struct Header {
    n_columns: usize,
    /// Index of each of [`COLUMNS`] that the table has.
    places: [Option<usize>; 4],
}

impl Header {
    fn new(record: &csv::StringRecord, path: &str, line: u64) -> Result<Self, Error> {
        let at = |column| Place { line, column };
        let mut places = [None; 4];
        for (nth, cell) in record.iter().enumerate() {
            let name = cell.trim().trim_start_matches('\u{feff}').to_lowercase();
            let Some(column) = COLUMNS.iter().position(|column| *column == name) else {
                let expected = "a header of the columns canonical, alias, label, id";
                return Err(at(nth + 1).error(path, expected, format!("{cell:?}")));
            };
            if places[column].replace(nth).is_some() {
                return Err(at(nth + 1).error(path, format!("one column {name}"), "another one"));
            }
        }
        if places[0].is_none() {
            let found = record.iter().collect::<Vec<_>>().join(", ");
            return Err(at(1).error(path, "a header with the column canonical", found));
        }
        Ok(Self { n_columns: record.len(), places })
    }
}

/// `line` is where the record begins that could not be read.
fn unreadable(error: csv::Error, path: &str, line: u64) -> Error {
    let line = error.position().map_or(line, csv::Position::line);
    match error.into_kind() {
        csv::ErrorKind::Io(source) => Error::read(path, source),
        csv::ErrorKind::Utf8 { err, .. } => {
            Place { line, column: err.field() + 1 }.error(path, "text in UTF-8", "other bytes")
        }
        _ => Place { line, column: 1 }.error(path, "a table", "something else"),
    }
}
