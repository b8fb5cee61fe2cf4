//! `allonym link --pairs`: for each row of a table, how probable it is that two names are one person's.
//!
//! Cells are separated by tabs and never quoted (as in IANA's text/tab-separated-values). Each line comes out byte for byte as it came in,
//! with one more cell.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{ErrorKind, Write as _};
use std::ops::Range;
use std::path::Path;

use anyhow::{Context, Result, bail};
use foldhash::fast::RandomState;
use rayon::prelude::*;

use crate::cli::files::Files;
use crate::cli::outcome::Outcome;
use crate::cli::output::Bytes;
use crate::cli::terminal::{chain, say};
use crate::io::{Error, Lines, open_file};
use crate::link::names::{Name, NameModel};

/// Name of the added column.
const ADDED: &str = "probability";
/// Rows that are worked on at a time, and rows that one thread takes at a time.
const CHUNK: usize = 1 << 14;
const PART: usize = 1 << 9;
/// Parsed names that are kept, each about a kilobyte; for a while one chunk more.
const KEPT: usize = 1 << 15;

/// A table that is being read.
struct Table {
    place: String,
    lines: Lines,
    /// Number of columns in the header, and which of them are the names.
    n_columns: usize,
    names: [usize; 2],
}

/// A sound row.
struct Row {
    line: String,
    /// Line end; a newline where the last line has none.
    end: &'static str,
    names: [Range<usize>; 2],
    /// Indices of the parsed names in [`Known`].
    places: [usize; 2],
}

/// What a line turned out to be.
enum Item {
    Row(Row),
    Failed(Error),
    /// An empty line, which stays where it is.
    Blank(&'static str),
}

/// Reads the table at `path` (`-` is standard input) and writes it to `to`, or to standard output.
pub(crate) fn run(path: &str, to: Option<&Path>) -> Result<Outcome> {
    let mut files = Files::default();
    match path {
        "-" => files.reads_stdin(),
        path => files.reads("--pairs", Some(Path::new(path))),
    }
    files.writes_output(to);
    files.check()?;
    let (mut table, header) = Table::open(path)?;
    let mut sink = Bytes::open(to)?;
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
        known.learn(&mut items);
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

/// Names parsed so far: one name is often in many rows.
#[derive(Default)]
struct Known {
    places: HashMap<String, usize, RandomState>,
    names: Vec<Name>,
}

impl Known {
    /// Looks up the names of some rows, and parses those that are new.
    fn learn(&mut self, items: &mut [Item]) {
        if self.names.len() > KEPT {
            self.places.clear();
            self.names.clear();
        }
        let mut new: Vec<&str> = Vec::new();
        for item in items {
            let Item::Row(row) = item else { continue };
            for (place, name) in row.places.iter_mut().zip(&row.names) {
                let name = &row.line[name.clone()];
                *place = self.places.get(name).copied().unwrap_or_else(|| {
                    let next = self.names.len() + new.len();
                    self.places.insert(name.to_owned(), next);
                    new.push(name);
                    next
                });
            }
        }
        self.names.par_extend(new.into_par_iter().map(|name| NameModel::embedded().parse(name)));
    }

    /// The lines of some rows with their probabilities.
    fn score(&self, items: &[Item]) -> String {
        let model = NameModel::embedded();
        let mut text = String::with_capacity(items.len() * 64);
        for item in items {
            match item {
                Item::Failed(_) => {}
                Item::Blank(end) => text.push_str(end),
                Item::Row(row) => {
                    let [a, b] = row.places.map(|place| &self.names[place]);
                    // Integers are written much faster than floats.
                    let millionths = (1e6 * model.probability(a, b)).round() as u32;
                    let (whole, rest) = (millionths / 1_000_000, millionths % 1_000_000);
                    write!(text, "{}\t{whole}.{rest:06}{}", row.line, row.end).expect("a string takes everything");
                }
            }
        }
        text
    }
}

impl Table {
    /// Opens a table, and returns its header with the added column too.
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

    /// The next line. An error outside [`Item`] ends the table.
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
            let mut names = [0..0, 0..0];
            let (mut n_cells, mut start) = (0, 0);
            for cell in text.split('\t') {
                let place = start..start + cell.len();
                start = place.end + 1;
                for (name, _) in names.iter_mut().zip(self.names).filter(|(_, at)| *at == n_cells) {
                    *name = place.clone();
                }
                n_cells += 1;
            }
            if n_cells != self.n_columns {
                let (expected, found) = (self.n_columns, n_cells);
                return Err(Error::Columns { path: place.clone(), line: line.number, expected, found });
            }
            for (cell, column) in names.iter().zip(["name1", "name2"]) {
                if text[cell.clone()].trim().is_empty() {
                    return Err(Error::malformed(place, line.number, format!("a name as {column:?}"), "nothing"));
                }
            }
            Ok(Row { line: text.to_owned(), end, names, places: [0; 2] })
        });
        Some(Ok(row.map_or_else(Item::Failed, Item::Row)))
    }
}
