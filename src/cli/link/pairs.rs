//! `allonym link --pairs`: how probable is it that two names are one person's, for a whole table?
//!
//! A table is lines of cells between tabs, nothing is quoted (as IANA's text/tab-separated-values). Each line comes out as it came in,
//! with one more cell.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::io::{ErrorKind, Write as _};
use std::ops::Range;
use std::path::Path;

use anyhow::{Context, Result, bail};
use rayon::prelude::*;

use crate::cli::{Outcome, chain, output, say};
use crate::io::{Error, Lines, open_file};
use crate::link::names::{Model, Name};

/// The column that is added.
const ADDED: &str = "probability";
/// How many rows are worked on at once, and how many by one thread in a row.
const CHUNK: usize = 1 << 14;
const PART: usize = 1 << 9;
/// How many parsed names are kept, of about a kilobyte each; one chunk more may be there for a while.
const KEPT: usize = 1 << 15;

/// A table that is being read.
struct Table {
    place: String,
    lines: Lines,
    /// How many columns the header has, and which of them are the names.
    n_columns: usize,
    names: [usize; 2],
}

/// A row whose names were found.
struct Row {
    line: String,
    /// What ends the line, also where the file's last line has no end.
    end: &'static str,
    names: [Range<usize>; 2],
}

/// What a line is.
enum Item {
    Row(Row),
    Failed(Error),
    /// A line without anything, which stays where it is.
    Blank(&'static str),
}

/// Reads the table at `path` (`-` is the standard input) and writes it to `to`, or to the standard output.
pub(crate) fn run(path: &str, to: Option<&Path>) -> Result<Outcome> {
    if let Some(to) = to
        && to.canonicalize().is_ok_and(|to| Path::new(path).canonicalize().is_ok_and(|path| path == to))
    {
        bail!("{}", crate::cli::flow::is_input(to));
    }
    let (mut table, header) = Table::open(path)?;
    let mut sink = output::stream(to)?;
    let mut outcome = Outcome::Done;
    let mut written = sink.write_all(header.as_bytes());
    let mut known = Known::default();
    let mut ended = false;
    while !ended && written.is_ok() {
        let mut items = Vec::with_capacity(CHUNK);
        while items.len() < CHUNK {
            match table.next() {
                Some(item) => items.push(item?),
                None => {
                    ended = true;
                    break;
                }
            }
        }
        known.learn(&items);
        let scored: Vec<String> = items.par_chunks(PART).map(|items| known.score(items)).collect();
        for item in &items {
            if let Item::Failed(error) = item {
                outcome = Outcome::SomeFailed;
                say(&format!("error: {}", chain(error)));
            }
        }
        written = scored.iter().try_for_each(|rows| sink.write_all(rows.as_bytes()));
    }
    match written.and_then(|()| sink.finish()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(outcome),
        Err(error) => Err(error).context("cannot write the output"),
        Ok(()) => Ok(outcome),
    }
}

/// Names that were parsed: one name often stands in many rows.
#[derive(Default)]
struct Known(HashMap<String, Name>);

impl Known {
    /// Parses the names of some rows that are not known yet.
    fn learn(&mut self, items: &[Item]) {
        if self.0.len() > KEPT {
            self.0.clear();
        }
        let rows = items.iter().filter_map(|item| if let Item::Row(row) = item { Some(row) } else { None });
        let names = rows.flat_map(|row| row.names.iter().map(|name| &row.line[name.clone()]));
        let new: HashSet<&str> = names.filter(|name| !self.0.contains_key(*name)).collect();
        let parse = |name: &str| (name.to_owned(), Model::embedded().parse(name));
        self.0.par_extend(new.into_par_iter().map(parse));
    }

    /// The lines of some rows, each with its probability.
    fn score(&self, items: &[Item]) -> String {
        let model = Model::embedded();
        let mut text = String::with_capacity(items.len() * 64);
        for item in items {
            match item {
                Item::Failed(_) => {}
                Item::Blank(end) => text.push_str(end),
                Item::Row(row) => {
                    let [a, b] = row.names.each_ref().map(|name| &self.0[&row.line[name.clone()]]);
                    let probability = model.probability(a, b);
                    write!(text, "{}\t{probability:.6}{}", row.line, row.end).expect("a string takes everything");
                }
            }
        }
        text
    }
}

impl Table {
    /// Opens a table; also gives its header with the new column.
    fn open(path: &str) -> Result<(Self, String)> {
        let (place, reader) = match path {
            "-" => ("<stdin>".to_owned(), crate::io::decompress(std::io::stdin())),
            path => (path.to_owned(), open_file(Path::new(path))),
        };
        let reader = reader.with_context(|| format!("{place}: cannot be read"))?;
        let mut lines = Lines::new(reader);
        let header = lines.next().with_context(|| format!("{place}: cannot be read"))?;
        let Some(header) = header else {
            bail!("{place}:1: expected a header with the columns name1 and name2, found nothing")
        };
        let (text, end) = (header.text(&place)?, header.end.map_or("\n", |end| end.as_str()));
        let columns: Vec<&str> = text.split('\t').collect();
        let mut names = [0; 2];
        for (at, name) in names.iter_mut().zip(["name1", "name2"]) {
            let places: Vec<usize> = (0..columns.len()).filter(|&index| columns[index] == name).collect();
            *at = match places[..] {
                [place] => place,
                [] => bail!("{place}:1: expected a column {name:?}, found only {columns:?}"),
                _ => bail!("{place}:1: expected one column {name:?}, found {}", places.len()),
            };
        }
        if columns.contains(&ADDED) {
            bail!("{place}:1: expected no column {ADDED:?}, which is added, found one");
        }
        let header = format!("{text}\t{ADDED}{end}");
        let n_columns = columns.len();
        Ok((Self { place, lines, n_columns, names }, header))
    }

    /// The next line; an error outside of [`Item`] ends the table.
    fn next(&mut self) -> Option<Result<Item, Error>> {
        let place = &self.place;
        let line = match self.lines.next() {
            Ok(line) => line?,
            Err(source) => return Some(Err(Error::Read { path: place.clone(), source })),
        };
        let end = line.end.map_or("\n", |end| end.as_str());
        if line.bytes.is_empty() {
            return Some(Ok(Item::Blank(end)));
        }
        let row = line.text(place).and_then(|text| {
            let mut cells = Vec::with_capacity(self.n_columns);
            let mut start = 0;
            for cell in text.split('\t') {
                cells.push(start..start + cell.len());
                start += cell.len() + 1;
            }
            if cells.len() != self.n_columns {
                let (expected, found) = (self.n_columns, cells.len());
                return Err(Error::Columns { path: place.clone(), line: line.number, expected, found });
            }
            let names = self.names.map(|at| cells[at].clone());
            for (cell, column) in names.iter().zip(["name1", "name2"]) {
                if text[cell.clone()].trim().is_empty() {
                    return Err(Error::malformed(place, line.number, format!("a name as {column:?}"), "nothing"));
                }
            }
            Ok(Row { line: text.to_owned(), end, names })
        });
        Some(Ok(row.map_or_else(Item::Failed, Item::Row)))
    }
}
