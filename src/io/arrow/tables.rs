//! Tables of any columns: Parquet, Arrow, TSV, CSV and JSONL, as record batches.

use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use serde_json::{Map, Value};

use super::batches::{Batch, Batches};
use super::bytes::{Bytes, shown_format};
use super::infer::Shape;
use super::read::open;
use super::value;
use crate::io::error::clip;
use crate::io::lines::Lines;
use crate::io::mark::{BYTE_ORDER_MARK, without_mark};
use crate::io::source::Source;
use crate::io::{Error, Format, RowPlace};

/// Rows of TSV, CSV and JSONL that are read at once.
const ROWS: usize = 8192;

/// The rows of some tables, one after the other.
pub(crate) struct Tables {
    sources: std::vec::IntoIter<Source>,
    asked: Option<Format>,
    current: Option<(String, Box<dyn Batches>)>,
}

impl Tables {
    /// The tables that the sources are.
    pub(crate) fn new(sources: Vec<Source>, asked: Option<Format>) -> Self {
        Self { sources: sources.into_iter(), asked, current: None }
    }

    /// The next rows, with the name of their table.
    pub(crate) fn next(&mut self) -> Option<Result<(String, Batch), Error>> {
        loop {
            if let Some((place, table)) = &mut self.current
                && let Some(batch) = table.next()
            {
                return Some(batch.map(|batch| (place.clone(), batch)));
            }
            let source = self.sources.next()?;
            self.current = None;
            match self.open(&source) {
                Ok(table) => self.current = Some((source.place, table)),
                Err(error) => return Some(Err(error)),
            }
        }
    }

    fn open(&self, source: &Source) -> Result<Box<dyn Batches>, Error> {
        let place = &source.place;
        let failed = |error| Error::read(place, error);
        let mut reader = source.open()?;
        let by_name = || match Format::from_name(&source.id) {
            None if source.id.ends_with(".tsv") => Some(Format::Tsv),
            format => format,
        };
        let format = match self.asked.or_else(by_name) {
            Some(format) => Some(format),
            None => shown_format(&mut reader).map_err(failed)?,
        };
        match format {
            Some(format @ (Format::Parquet | Format::Arrow)) => {
                open(Bytes::of(format, source, reader, Arc::default())?, place, &[])
            }
            Some(Format::Csv) => Ok(Box::new(Rows::of_table(reader, b',', place)?)),
            Some(Format::Tsv) => Ok(Box::new(Rows::of_table(reader, b'\t', place)?)),
            Some(Format::Jsonl) => Ok(Box::new(Rows::of_lines(reader, place)?)),
            other => {
                let found = other.map_or_else(|| "another format".to_owned(), |format| format.to_string());
                Err(Error::row(place, RowPlace::default(), "a table (parquet, arrow, tsv, csv or jsonl)", found))
            }
        }
    }
}

/// The rows of a text.
struct Rows {
    place: String,
    schema: SchemaRef,
    from: From,
    /// The number of rows that were read.
    n: u64,
    /// What is wrong behind the rows that were last read.
    held: Option<Error>,
    is_done: bool,
}

enum From {
    Table(Box<csv::StringRecordsIntoIter<Box<dyn std::io::BufRead + Send>>>),
    /// The first rows were read to know the columns.
    Lines(Lines, std::vec::IntoIter<Result<Map<String, Value>, Error>>),
}

impl Rows {
    fn of_table(mut reader: Box<dyn std::io::BufRead + Send>, separator: u8, place: &str) -> Result<Self, Error> {
        let head = reader.fill_buf().map_err(|error| Error::read(place, error))?;
        let mark = head.len() - without_mark(head).len();
        debug_assert!(mark == 0 || mark == BYTE_ORDER_MARK.len());
        reader.consume(mark);
        let mut table = csv::ReaderBuilder::new().delimiter(separator).flexible(true).from_reader(reader);
        let header = table.headers().map_err(|error| wrong(place, RowPlace::default(), error))?;
        let fields: Vec<Field> = header.iter().map(|name| Field::new(name.trim(), DataType::Utf8, true)).collect();
        let from = From::Table(Box::new(table.into_records()));
        Ok(Self {
            place: place.to_owned(),
            schema: Arc::new(Schema::new(fields)),
            from,
            n: 0,
            held: None,
            is_done: false,
        })
    }

    fn of_lines(reader: Box<dyn std::io::BufRead + Send>, place: &str) -> Result<Self, Error> {
        let mut lines = Lines::new(reader);
        let mut first = Vec::new();
        let mut shapes: Vec<(String, Option<Shape>)> = Vec::new();
        while first.len() < ROWS
            && let Some(row) = object(&mut lines, place)
        {
            if let Ok(row) = &row {
                for (name, value) in row {
                    let shape = Shape::of(value);
                    match shapes.iter_mut().find(|(own, _)| own == name) {
                        Some((_, own)) => *own = own.take().and_then(|own| own.and(shape?)),
                        None => shapes.push((name.clone(), shape)),
                    }
                }
            }
            first.push(row);
        }
        let field = |(name, shape): (String, Option<Shape>)| match shape {
            Some(shape) => Ok(Field::new(name, shape.data_type(), true)),
            None => {
                let found = format!("others in the column {name:?}");
                Err(Error::row(place, RowPlace::default(), "values of one type in each column", found))
            }
        };
        let fields: Vec<Field> = shapes.into_iter().map(field).collect::<Result<_, _>>()?;
        let from = From::Lines(lines, first.into_iter());
        Ok(Self {
            place: place.to_owned(),
            schema: Arc::new(Schema::new(fields)),
            from,
            n: 0,
            held: None,
            is_done: false,
        })
    }

    fn error(&self, expected: impl Into<String>, found: impl Into<String>) -> Error {
        Error::row(&self.place, RowPlace::default().row(self.n), expected, found)
    }

    /// The next row as JSON, in the order of the columns.
    fn row(&mut self) -> Option<Result<Vec<Value>, Error>> {
        match &mut self.from {
            From::Table(records) => {
                let record = records.next()?;
                self.n += 1;
                let record = match record {
                    Ok(record) => record,
                    Err(error) => {
                        self.is_done = matches!(error.kind(), csv::ErrorKind::Io(_));
                        return Some(Err(wrong(&self.place, RowPlace::default().row(self.n), error)));
                    }
                };
                let expected = self.schema.fields().len();
                if record.len() != expected {
                    return Some(Err(self.error(format!("{expected} columns"), record.len().to_string())));
                }
                Some(Ok(record.iter().map(Value::from).collect()))
            }
            From::Lines(lines, first) => {
                let row = match first.next() {
                    Some(row) => row,
                    None => object(lines, &self.place)?,
                };
                self.n += 1;
                let mut row = match row {
                    Ok(row) => row,
                    Err(error) => {
                        self.is_done = matches!(error, Error::Read { .. });
                        return Some(Err(error));
                    }
                };
                let values = self.schema.fields().iter();
                let values: Vec<Value> =
                    values.map(|field| row.shift_remove(field.name()).unwrap_or(Value::Null)).collect();
                let mut columns = self.schema.fields().iter().zip(&values);
                let misfit = columns.find(|(field, value)| value::column(&[value], field.data_type()).is_none());
                if let Some((field, value)) = misfit {
                    let expected = format!("{} as {:?}, as in the rows before", field.data_type(), field.name());
                    return Some(Err(self.error(expected, clip(&value.to_string()))));
                }
                match row.keys().next() {
                    Some(name) => Some(Err(self.error("the columns of the rows before", format!("{name:?} too")))),
                    None => Some(Ok(values)),
                }
            }
        }
    }
}

impl Batches for Rows {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn next(&mut self) -> Option<Result<Batch, Error>> {
        if let Some(error) = self.held.take() {
            return Some(Err(error));
        }
        let mut rows: Vec<Vec<Value>> = Vec::new();
        let first = self.n + 1;
        while !self.is_done && rows.len() < ROWS {
            match self.row() {
                Some(Ok(row)) => rows.push(row),
                // An error ends the batch, so that rows keep their numbers.
                Some(Err(error)) if rows.is_empty() => return Some(Err(error)),
                Some(Err(error)) => {
                    self.held = Some(error);
                    break;
                }
                None => self.is_done = true,
            }
        }
        if rows.is_empty() {
            return None;
        }
        let columns = self.schema.fields().iter().enumerate().map(|(nth, field)| {
            let values: Vec<&Value> = rows.iter().map(|row| &row[nth]).collect();
            value::column(&values, field.data_type()).expect("every row was checked")
        });
        let columns: Vec<ArrayRef> = columns.collect();
        let columns = RecordBatch::try_new(self.schema(), columns).expect("the columns are those of the schema");
        Some(Ok(Batch { columns, place: RowPlace::default(), first }))
    }
}

/// The object on the next line that is not blank.
fn object(lines: &mut Lines, place: &str) -> Option<Result<Map<String, Value>, Error>> {
    loop {
        let line = match lines.next() {
            Ok(line) => line?,
            Err(error) => return Some(Err(Error::read(place, error))),
        };
        let number = line.number;
        let text = match line.text(place) {
            Ok(text) if text.trim_ascii().is_empty() => continue,
            Ok(text) => text,
            Err(error) => return Some(Err(error)),
        };
        let parsed = serde_json::from_str(text);
        return Some(parsed.map_err(|error| {
            Error::malformed(place, number, "a JSON object", crate::io::error::json_message(&error))
        }));
    }
}

fn wrong(place: &str, at: RowPlace, error: csv::Error) -> Error {
    match error.into_kind() {
        csv::ErrorKind::Io(source) => Error::read(place, source),
        kind => Error::row(place, at, "a row of text in UTF-8", format!("{kind:?}")),
    }
}
