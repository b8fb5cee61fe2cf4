//! Tables with any columns, as TSV, CSV or JSONL.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use serde_json::{Map, Value};

use super::compress::{Compression, Compressor, decompress, open_file};
use super::error::Error;
use super::staged::Staged;

/// The form of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TableForm {
    /// A header and rows, separated by tabs.
    Tsv,
    /// A header and rows, separated by commas.
    Csv,
    /// An object a line, without a header.
    Jsonl,
}

impl TableForm {
    /// The form that a file name stands for, compressed or not; TSV if it stands for none.
    fn from_name(name: &str) -> Self {
        let name = name.to_ascii_lowercase();
        let name = name.trim_end_matches(".gz").trim_end_matches(".zst");
        match name.rsplit('.').next() {
            Some("csv") => Self::Csv,
            Some("jsonl" | "ndjson") => Self::Jsonl,
            _ => Self::Tsv,
        }
    }
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    Text(String),
    Count(u64),
    /// A number with four decimals.
    Ratio(f64),
}

impl Cell {
    fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Count(count) => count.to_string(),
            Self::Ratio(ratio) => format!("{ratio:.4}"),
        }
    }

    fn json(&self) -> Value {
        match self {
            Self::Text(text) => text.as_str().into(),
            Self::Count(count) => (*count).into(),
            Self::Ratio(ratio) => ((ratio * 1e4).round() / 1e4).into(),
        }
    }
}

/// Writes a table row by row.
pub(crate) struct TableWriter<W: Write> {
    sink: Compressor<W>,
    form: TableForm,
    columns: &'static [&'static str],
    path: String,
    staged: Option<Staged>,
}

impl TableWriter<BufWriter<File>> {
    /// Creates a file. Its name says which form it has (`.tsv`, `.csv` or `.jsonl`; TSV if it says neither), and whether it is
    /// compressed (`.gz` or `.zst`).
    ///
    /// # Errors
    /// If the file cannot be written.
    pub(crate) fn create(path: &Path, columns: &'static [&'static str]) -> Result<Self, Error> {
        let name = path.display().to_string();
        let (file, staged) = Staged::create(path).map_err(|source| Error::write(&name, source))?;
        Ok(Self { staged: Some(staged), ..Self::new(BufWriter::new(file), &name, columns)? })
    }
}

impl<W: Write> TableWriter<W> {
    fn new(sink: W, path: &str, columns: &'static [&'static str]) -> Result<Self, Error> {
        let sink = Compressor::new(sink, Compression::from_name(path)).map_err(|source| Error::write(path, source))?;
        let mut table = Self { sink, form: TableForm::from_name(path), columns, path: path.to_owned(), staged: None };
        match table.form {
            TableForm::Tsv => table.record(b'\t', columns)?,
            TableForm::Csv => table.record(b',', columns)?,
            TableForm::Jsonl => {}
        }
        Ok(table)
    }

    /// Writes a row with one cell for each column.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub(crate) fn write(&mut self, row: &[Cell]) -> Result<(), Error> {
        debug_assert_eq!(row.len(), self.columns.len(), "one cell for each column");
        let texts = || row.iter().map(Cell::text).collect::<Vec<_>>();
        match self.form {
            TableForm::Tsv => self.record(b'\t', &texts()),
            TableForm::Csv => self.record(b',', &texts()),
            TableForm::Jsonl => {
                let cells = self.columns.iter().zip(row);
                let object: Map<String, Value> = cells.map(|(name, cell)| ((*name).to_owned(), cell.json())).collect();
                writeln!(self.sink, "{}", Value::Object(object)).map_err(|source| self.failed(source))
            }
        }
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub(crate) fn finish(mut self) -> Result<(), Error> {
        let committed = self.sink.finish().and_then(|()| self.staged.take().map_or(Ok(()), Staged::commit));
        committed.map_err(|source| self.failed(source))
    }

    fn record<T: AsRef<[u8]>>(&mut self, separator: u8, cells: &[T]) -> Result<(), Error> {
        let mut record = csv::WriterBuilder::new().delimiter(separator).from_writer(Vec::new());
        let line = record.write_record(cells).map_err(io::Error::other);
        let line = line.and_then(|()| record.into_inner().map_err(|error| io::Error::other(error.to_string())));
        line.and_then(|line| self.sink.write_all(&line)).map_err(|source| self.failed(source))
    }

    fn failed(&self, source: io::Error) -> Error {
        Error::write(&self.path, source)
    }
}

/// The rows of a table, each cell by the name of its column: as [`TableWriter`] writes them, or a spreadsheet.
///
/// # Errors
/// If the file cannot be read, or a row has other columns than the header.
pub(crate) fn table_rows(path: &Path) -> Result<Vec<BTreeMap<String, String>>, Error> {
    let name = path.display().to_string();
    let fail = |source| Error::read(&name, source);
    let bytes = open_file(path).and_then(decompress).and_then(io::read_to_string).map_err(fail)?;
    let text = bytes.trim_start_matches('\u{feff}');
    let delimiter = match TableForm::from_name(&name) {
        TableForm::Tsv => b'\t',
        TableForm::Csv => b',',
        TableForm::Jsonl => {
            let cell = |(name, value): (String, Value)| {
                (name, value.as_str().map_or_else(|| value.to_string(), str::to_owned))
            };
            let row = |line: &str| {
                serde_json::from_str::<Map<String, Value>>(line).map(|row| row.into_iter().map(cell).collect())
            };
            let lines = text.lines().filter(|line| !line.trim().is_empty());
            return lines.map(row).collect::<Result<_, _>>().map_err(|error| fail(error.into()));
        }
    };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
    reader.deserialize().collect::<Result<_, _>>().map_err(|error| fail(error.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::decompress;

    fn written(name: &str) -> String {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(name);
        let mut table = TableWriter::create(&path, &["rank", "ratio", "text"]).expect("a file");
        for (rank, text) in [(1, "Omar, of Bonn"), (2, "\"Ann\"\tLee")] {
            table.write(&[Cell::Count(rank), Cell::Ratio(0.875), Cell::Text(text.to_owned())]).expect("a row");
        }
        table.finish().expect("it ends");
        let file = File::open(&path).expect("the file is there");
        io::read_to_string(decompress(file).expect("it can be read")).expect("it is text")
    }

    #[test]
    fn the_name_says_the_form() {
        let tsv = "rank\tratio\ttext\n1\t0.8750\tOmar, of Bonn\n2\t0.8750\t\"\"\"Ann\"\"\tLee\"\n";
        let csv = "rank,ratio,text\n1,0.8750,\"Omar, of Bonn\"\n2,0.8750,\"\"\"Ann\"\"\tLee\"\n";
        let jsonl = "{\"rank\":1,\"ratio\":0.875,\"text\":\"Omar, of Bonn\"}\n{\"rank\":2,\"ratio\":0.875,\"text\":\"\\\"Ann\\\"\\tLee\"}\n";
        for (name, want) in [("a.tsv", tsv), ("a", tsv), ("a.CSV", csv), ("a.csv.gz", csv), ("a.jsonl.zst", jsonl)] {
            assert_eq!(written(name), want, "{name}");
        }
    }
}
