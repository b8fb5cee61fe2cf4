//! Reads tables of documents: a row is a document, or one of its mentions.

use std::io::{BufRead, Cursor, Read};

use serde_json::{Map, Value, json};

use crate::io::error::clip;
use crate::io::jsonl::{At, Names, Tally, parse};
use crate::io::limited::Limited;
use crate::io::mark::without_mark;
use crate::io::reader::{DocumentReader, Input};
use crate::io::{Error, Notice, ReadOptions};
use crate::text::Document;

/// Reads the documents of a table with a header, separated by commas, semicolons or tabs.
///
/// Rows that have an offset for a start and an end are mentions; neighbours with the same id and text are one document.
pub(crate) struct TableReader {
    place: String,
    stem: String,
    rows: csv::StringRecordsIntoIter<Limited<Box<dyn BufRead + Send>>>,
    /// Most bytes of a document.
    limit: u64,
    header: Vec<String>,
    columns: Columns,
    names: Names,
    tally: Tally,
    /// The row that begins the next document.
    pending: Option<csv::StringRecord>,
    /// What is wrong behind the document that was last read.
    error: Option<Error>,
    is_done: bool,
}

/// How many bytes are read ahead.
const BUFFER: usize = 1 << 16;

/// The columns by their meaning.
struct Columns {
    text: usize,
    id: Option<usize>,
    mention: Option<MentionColumns>,
}

#[derive(Clone, Copy)]
struct MentionColumns {
    start: usize,
    end: usize,
    label: usize,
}

impl TableReader {
    /// Reads the header.
    ///
    /// # Errors
    /// When it cannot be read or has no column for the text.
    pub(crate) fn new(input: Input, options: &ReadOptions) -> Result<Self, Error> {
        let failed = |error| Error::read(&input.place, error);
        let mut reader = input.reader;
        let mut first = Vec::new();
        let limit = options.max_document;
        (&mut reader).take(limit).read_until(b'\n', &mut first).map_err(failed)?;
        let separator = separator(&first);
        let first = without_mark(&first).to_vec();
        let bytes: Box<dyn BufRead + Send> = Box::new(Cursor::new(first).chain(reader));
        let bytes = Limited::each(bytes, limit, BUFFER as u64);
        let mut table =
            csv::ReaderBuilder::new().delimiter(separator).flexible(true).buffer_capacity(BUFFER).from_reader(bytes);
        let header = table.headers().map_err(|error| wrong(&input.place, error))?;
        let header: Vec<String> = header.iter().map(|name| name.trim().to_owned()).collect();
        let place = input.place.clone();
        let columns = Columns::of(&header, options, &place)?;
        let names = Names { text: options.text_field.clone(), id: options.id_field.clone(), shape: None };
        let stem = crate::io::reader::stem(&input.id).to_owned();
        let rows = table.into_records();
        let (tally, pending) = (Tally::default(), None);
        Ok(Self { place, stem, rows, limit, header, columns, names, tally, pending, error: None, is_done: false })
    }

    /// The rows of the next document; only the first has the text.
    fn group(&mut self) -> Option<Result<Vec<csv::StringRecord>, Error>> {
        if let Some(error) = self.error.take() {
            return Some(Err(error));
        }
        let mut group: Vec<csv::StringRecord> = self.pending.take().into_iter().collect();
        let mut size = group.iter().map(|row| row.as_slice().len()).sum::<usize>() as u64;
        loop {
            if self.is_done {
                return (!group.is_empty()).then(|| self.checked(group, size));
            }
            self.rows.reader_mut().get_mut().renew();
            match self.rows.next() {
                None => self.is_done = true,
                Some(Err(error)) => {
                    let is_io = matches!(error.kind(), csv::ErrorKind::Io(_));
                    self.is_done |= is_io;
                    let error = wrong(&self.place, error);
                    if group.is_empty() {
                        return Some(Err(error));
                    }
                    self.error = Some(error);
                    return Some(self.checked(group, size));
                }
                Some(Ok(row)) if group.is_empty() => {
                    size = row.as_slice().len() as u64;
                    group.push(row);
                }
                Some(Ok(row)) if self.columns.are_one(&group[0], &row) => {
                    let row = self.columns.without_text(&row);
                    size += row.as_slice().len() as u64;
                    if size <= self.limit {
                        group.push(row);
                    }
                }
                Some(Ok(row)) => {
                    self.pending = Some(row);
                    return Some(self.checked(group, size));
                }
            }
        }
    }

    /// The rows of a document that is small enough.
    fn checked(&self, group: Vec<csv::StringRecord>, size: u64) -> Result<Vec<csv::StringRecord>, Error> {
        if size <= self.limit {
            return Ok(group);
        }
        let line = group[0].position().map_or(0, csv::Position::line);
        Err(Error::TooLarge { path: self.place.clone(), line, limit: self.limit })
    }

    fn document(&mut self, group: &[csv::StringRecord]) -> Result<Document, Error> {
        let first = &group[0];
        let line = first.position().map_or(0, csv::Position::line);
        if let Some(row) = group.iter().find(|row| row.len() != self.header.len()) {
            let line = row.position().map_or(0, csv::Position::line);
            let (expected, found) = (self.header.len(), row.len());
            return Err(Error::Columns { path: self.place.clone(), line, expected, found });
        }
        let mut object = Map::new();
        for (index, (name, cell)) in self.header.iter().zip(first).enumerate() {
            if !self.columns.is_of_mention(index) && !name.is_empty() {
                object.insert(name.clone(), value(cell, index == self.columns.text));
            }
        }
        if let Some(columns) = self.columns.mention {
            let mentions = group.iter().filter_map(|row| columns.mention(row).transpose());
            let mentions: Result<Vec<Value>, String> = mentions.collect();
            let wrong = |found| Error::malformed(&self.place, line, "whole numbers from 0 as start and end", found);
            object.insert("mentions".to_owned(), Value::from(mentions.map_err(wrong)?));
        }
        let text = Value::from(object).to_string();
        let mut parsed = parse(&At { path: &self.place, line, text: &text }, &self.names)?;
        self.tally.add(&parsed);
        if !parsed.has_id {
            parsed.document.id = format!("{}:{line}", self.stem);
        }
        Ok(parsed.document)
    }
}

impl DocumentReader for TableReader {
    fn next(&mut self, notices: &mut Vec<Notice>) -> Option<Result<Document, Error>> {
        match self.group() {
            None => {
                notices.extend(std::mem::take(&mut self.tally).notices(&self.place));
                None
            }
            Some(Ok(group)) => Some(self.document(&group)),
            Some(Err(error)) => Some(Err(error)),
        }
    }
}

impl Columns {
    fn of(header: &[String], options: &ReadOptions, place: &str) -> Result<Self, Error> {
        let column = |names: &[&str]| names.iter().find_map(|wanted| header.iter().position(|name| name == wanted));
        let (start, end) = (column(&["start", "start_offset", "begin"]), column(&["end", "end_offset", "stop"]));
        let label = column(&["label", "type", "entity_type", "tag"]);
        let mention = match (start, end, label) {
            (Some(start), Some(end), Some(label)) => Some(MentionColumns { start, end, label }),
            _ => None,
        };
        let id = column(&[&options.id_field, "doc", "doc_id"]);
        // In a table of mentions, `text` is that of the mention.
        let texts = if mention.is_some() && column(&["doc"]).is_some() { None } else { column(&[&options.text_field]) };
        let Some(text) = texts else {
            let found = format!("only {}", clip(&header.join(", ")));
            let expected = match mention {
                Some(_) => {
                    "documents with their texts, as a table of mentions alone is not read but only scored (eval)"
                        .to_owned()
                }
                None => format!("a column {:?} for the text (--text-field names it)", options.text_field),
            };
            return Err(Error::malformed(place, 1, expected, found));
        };
        Ok(Self { text, id, mention })
    }

    /// Whether two rows are of one document.
    fn are_one(&self, a: &csv::StringRecord, b: &csv::StringRecord) -> bool {
        let same = |index: usize| a.get(index) == b.get(index);
        self.mention.is_some() && same(self.text) && self.id.is_none_or(same)
    }

    /// A row whose text is that of the row before.
    fn without_text(&self, row: &csv::StringRecord) -> csv::StringRecord {
        let cells = row.iter().enumerate().map(|(index, cell)| if index == self.text { "" } else { cell });
        let mut short: csv::StringRecord = cells.collect();
        short.set_position(row.position().cloned());
        short
    }

    fn is_of_mention(&self, index: usize) -> bool {
        self.mention.is_some_and(|columns| [columns.start, columns.end, columns.label].contains(&index))
    }
}

impl MentionColumns {
    /// The mention of a row; `None` where its cells are empty.
    fn mention(self, row: &csv::StringRecord) -> Result<Option<Value>, String> {
        let cell = |index: usize| row.get(index).unwrap_or_default().trim();
        let (start, end, label) = (cell(self.start), cell(self.end), cell(self.label));
        if start.is_empty() && end.is_empty() {
            return Ok(None);
        }
        match (start.parse::<usize>(), end.parse::<usize>()) {
            (Ok(start), Ok(end)) => Ok(Some(json!({ "start": start, "end": end, "label": label }))),
            _ => Err(format!("{start:?} and {end:?}")),
        }
    }
}

/// A cell as JSON: lists and objects of annotations as they are, all else as text.
fn value(cell: &str, is_text: bool) -> Value {
    let parsed = if !is_text && cell.starts_with(['[', '{']) { serde_json::from_str(cell).ok() } else { None };
    parsed.unwrap_or_else(|| Value::from(cell))
}

/// What separates the columns: whichever is most often in the header.
fn separator(header: &[u8]) -> u8 {
    let count = |wanted: u8| header.iter().filter(|&&byte| byte == wanted).count();
    [b',', b'\t', b';'].into_iter().max_by_key(|&byte| (count(byte), byte == b',')).unwrap_or(b',')
}

fn wrong(place: &str, error: csv::Error) -> Error {
    let line = error.position().map_or(1, csv::Position::line);
    match error.into_kind() {
        csv::ErrorKind::Io(source) => Error::read(place, source),
        kind => Error::malformed(place, line, "rows of text in UTF-8", format!("{kind:?}")),
    }
}
