//! Documents from rows.

use std::collections::HashSet;
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Schema};

use super::json::{self, Encode};
use super::schema::{EXTRA_KEY, OFFSETS_KEY};
use super::texts::Texts;
use crate::io::error::clip;
use crate::io::jsonl::{At, Names, Object, Tally, parse};
use crate::io::reader::stem;
use crate::io::{Error, Notice, ReadOptions, RowPlace};
use crate::text::{Cell, Column, Document};

/// The documents of a record batch: see [`schema`](super::schema()), and [`ReadOptions`] for the names of the columns of texts and ids.
///
/// A row that cannot be read is an error, and the next ones follow. A document without an id gets the name of the batch and its row.
#[derive(Debug)]
pub struct BatchDocuments {
    reader: RowReader,
    rows: Rows,
}

impl BatchDocuments {
    /// Reads a batch; its `name` appears in errors and ids.
    ///
    /// # Errors
    /// When the batch has no column of texts of that name, or two columns of one name.
    pub fn read(batch: &RecordBatch, name: &str, options: &ReadOptions) -> Result<Self, Error> {
        let mut reader = RowReader::new(name, stem(name), options);
        reader.open(&batch.schema())?;
        let rows = reader.rows(batch, RowPlace::default(), 1);
        Ok(Self { reader, rows })
    }

    /// Takes what should be known about the rows that were read, although it is not an error.
    pub fn take_notices(&mut self) -> Vec<Notice> {
        self.reader.take_notices()
    }
}

impl Iterator for BatchDocuments {
    type Item = Result<Document, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.reader.next(&mut self.rows)
    }
}

/// Makes documents of the rows of one file.
pub(super) struct RowReader {
    path: String,
    stem: String,
    names: Names,
    limit: u64,
    tally: Tally,
    /// What the metadata of the file say about offsets, where no column does.
    offsets: Option<String>,
    /// The column of fields that have no column of their own.
    extra: Option<String>,
    /// A row as JSON.
    json: Vec<u8>,
    /// The fields of the row that did not fit into their columns, which are null.
    misfits: Vec<String>,
}

/// The rows of one batch.
pub(super) struct Rows {
    sources: Vec<Source>,
    place: RowPlace,
    /// The number of the first row in the file, from 1.
    first: u64,
    next: usize,
    n: usize,
}

/// A column, and what it is for.
struct Source {
    column: Arc<Column>,
    role: Role,
    /// The name as JSON, with a colon.
    key: Vec<u8>,
}

enum Role {
    Text(Texts),
    /// Ids that are texts; numbers are like other columns.
    Id(Texts),
    /// Mentions, entities, the unit of offsets: null is as if there were none.
    Own(Encode),
    /// Objects of JSON with fields that have no column.
    Extra(Texts),
    Other(Encode),
}

impl RowReader {
    pub(super) fn new(path: &str, stem: &str, options: &ReadOptions) -> Self {
        Self {
            path: path.to_owned(),
            stem: stem.to_owned(),
            names: Names { text: options.text_field.clone(), id: options.id_field.clone(), shape: None },
            limit: options.max_document,
            tally: Tally::default(),
            offsets: None,
            extra: None,
            misfits: Vec::new(),
            json: Vec::new(),
        }
    }

    pub(super) fn take_notices(&mut self) -> Vec<Notice> {
        std::mem::take(&mut self.tally).notices(&self.path)
    }

    /// Takes the columns of the file.
    ///
    /// # Errors
    /// When they cannot be those of documents.
    pub(super) fn open(&mut self, schema: &Schema) -> Result<(), Error> {
        // The batches of Parquet have no metadata.
        let metadata = schema.metadata();
        self.offsets = metadata.get(OFFSETS_KEY).filter(|_| schema.fields().find("offsets").is_none()).cloned();
        self.extra = metadata.get(EXTRA_KEY).cloned();
        self.check(schema)
    }

    fn check(&self, schema: &Schema) -> Result<(), Error> {
        let error = |expected: String, found: String| Error::row(&self.path, RowPlace::default(), expected, found);
        let mut names = HashSet::new();
        if let Some(twice) = schema.fields().iter().find(|field| !names.insert(field.name())) {
            return Err(error("every column once".to_owned(), format!("{:?} twice", twice.name())));
        }
        let text = &self.names.text;
        let Some((_, field)) = schema.fields().find(text) else {
            let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
            let found =
                if names.is_empty() { "no columns".to_owned() } else { format!("only {}", clip(&names.join(", "))) };
            return Err(error(format!("a column {text:?} for the text (--text-field names it)"), found));
        };
        if !Texts::are(field.data_type()) {
            return Err(error(
                format!("texts in the column {text:?}"),
                format!("values of the type {}", field.data_type()),
            ));
        }
        match schema.fields().iter().find(|field| !has_json(field.data_type())) {
            Some(field) => {
                let found = format!("{} in the column {:?}", field.data_type(), field.name());
                Err(error("columns of types that JSON has a form for".to_owned(), found))
            }
            None => Ok(()),
        }
    }

    /// The rows of a batch whose schema was checked.
    pub(super) fn rows(&self, batch: &RecordBatch, place: RowPlace, first: u64) -> Rows {
        let schema = batch.schema();
        let source = |(field, values): (&arrow_schema::FieldRef, &ArrayRef)| {
            let name = field.name();
            let texts = || Texts::new(values).ok();
            let role = if *name == self.names.text {
                Role::Text(texts()?)
            } else if *name == self.names.id && Texts::are(field.data_type()) {
                Role::Id(texts()?)
            } else if self.extra.as_ref() == Some(name) && Texts::are(field.data_type()) {
                Role::Extra(texts()?)
            } else if name == "entities" {
                Role::Own(json::entities(values)?)
            } else if matches!(name.as_str(), "mentions" | "offsets") {
                Role::Own(json::encoder(values)?)
            } else {
                Role::Other(json::encoder(values)?)
            };
            let mut key = Vec::new();
            json::text(name, &mut key);
            key.push(b':');
            let column = Arc::new(Column { field: Arc::clone(field), values: Arc::clone(values) });
            Some(Source { column, role, key })
        };
        let sources: Vec<Source> = schema.fields().iter().zip(batch.columns()).filter_map(source).collect();
        Rows { sources, place, first, next: 0, n: batch.num_rows() }
    }

    /// The document of the next row.
    pub(super) fn next(&mut self, rows: &mut Rows) -> Option<Result<Document, Error>> {
        while rows.next < rows.n {
            let row = rows.next;
            rows.next += 1;
            match self.document(rows, row) {
                Ok(None) => {}
                Ok(Some(document)) => return Some(Ok(document)),
                Err(error) => return Some(Err(error)),
            }
        }
        None
    }

    /// The document of a row; `None` where its annotator rejected it.
    fn document(&mut self, rows: &Rows, row: usize) -> Result<Option<Document>, Error> {
        let number = rows.first + row as u64;
        let place = rows.place.row(number);
        let size = self.encode(rows, row, place)?;
        if size > self.limit {
            return Err(self.too_large(place));
        }
        let text = std::str::from_utf8(&self.json).expect("JSON is text");
        let at = At { path: &self.path, line: number, text };
        let mut parsed = parse(&at, &self.names).map_err(|error| error.in_row(place))?;
        self.tally.add(&parsed);
        if parsed.seen.is_rejected {
            return Ok(None);
        }
        if !parsed.has_id {
            parsed.document.id = format!("{}:{number}", self.stem);
        }
        for source in &rows.sources {
            let name = source.column.field.name();
            if self.misfits.contains(name) {
                continue;
            }
            let cell = || Cell { column: Arc::clone(&source.column), row };
            match source.role {
                Role::Other(_) if *name == self.names.id => parsed.document.extra.attach("id", cell()),
                Role::Other(_) => {
                    // The reader renames fields whose names the output needs.
                    let renamed = parsed.document.extra.raw(name).is_none();
                    let name = if renamed { format!("_{name}") } else { name.clone() };
                    parsed.document.extra.attach(&name, cell());
                }
                Role::Text(_) | Role::Id(_) | Role::Own(_) | Role::Extra(_) => {}
            }
        }
        Ok(Some(parsed.document))
    }

    /// Puts a row into `json`; returns the size of its text and of the values of all else as JSON, in bytes.
    fn encode(&mut self, rows: &Rows, row: usize, place: RowPlace) -> Result<u64, Error> {
        let mut out = std::mem::take(&mut self.json);
        out.clear();
        out.push(b'{');
        if let Some(offsets) = &self.offsets {
            out.extend_from_slice(b"\"offsets\":");
            json::text(offsets, &mut out);
        }
        self.misfits = self.misfits(rows, row, place)?;
        let mut size = 0;
        for source in &rows.sources {
            let (before, name) = (out.len(), source.column.field.name());
            if before > 1 {
                out.push(b',');
            }
            let start = out.len();
            out.extend_from_slice(&source.key);
            let value = out.len();
            match &source.role {
                Role::Text(texts) => {
                    let text = self.text(texts, row, place, name)?;
                    let text =
                        text.ok_or_else(|| Error::row(&self.path, place, format!("a text as {name:?}"), "null"))?;
                    if text.len() as u64 > self.limit {
                        return Err(self.too_large(place));
                    }
                    json::text(text, &mut out);
                    size += text.len() as u64;
                    continue;
                }
                Role::Id(texts) => match self.text(texts, row, place, name)? {
                    Some(id) => json::text(id, &mut out),
                    None => out.truncate(before),
                },
                Role::Own(encode) => {
                    encode(row, &mut out);
                    match &out[value..] {
                        b"null" if name == "mentions" => {
                            out.truncate(value);
                            out.extend_from_slice(b"[]");
                        }
                        b"null" => out.truncate(before),
                        _ => {}
                    }
                }
                Role::Extra(texts) => {
                    out.truncate(start);
                    let object = self.text(texts, row, place, name)?.map_or("{}", str::trim_ascii);
                    let fields = object.strip_prefix('{').and_then(|object| object.strip_suffix('}'));
                    let fields = fields.expect("it was parsed above");
                    match fields.trim_ascii().is_empty() {
                        true => out.truncate(before),
                        false => out.extend_from_slice(fields.as_bytes()),
                    }
                }
                Role::Other(encode) => {
                    encode(row, &mut out);
                    if out[value..] == *b"null" && self.misfits.contains(name) {
                        out.truncate(before);
                    }
                }
            }
            size += out.len().saturating_sub(value) as u64;
        }
        out.push(b'}');
        self.json = out;
        Ok(size)
    }

    /// The names of the fields of a row that are beside its columns.
    fn misfits(&self, rows: &Rows, row: usize, place: RowPlace) -> Result<Vec<String>, Error> {
        let mut names = Vec::new();
        for source in &rows.sources {
            let Role::Extra(texts) = &source.role else { continue };
            let name = source.column.field.name();
            let Some(object) = self.text(texts, row, place, name)? else { continue };
            let fields: Result<Object<'_>, _> = serde_json::from_str(object);
            let fields = fields
                .map_err(|_| Error::row(&self.path, place, format!("an object of JSON as {name:?}"), clip(object)))?;
            names.extend(fields.0.into_iter().map(|(name, _)| name));
        }
        Ok(names)
    }

    /// The text of a row.
    fn text<'t>(&self, texts: &'t Texts, row: usize, place: RowPlace, name: &str) -> Result<Option<&'t str>, Error> {
        texts.get(row).transpose().map_err(|error| {
            let (at, bytes) = (error.valid_up_to(), texts.bytes(row).unwrap_or_default());
            let found = format!("the byte {:#04X} at byte {at}", bytes.get(at).copied().unwrap_or_default());
            Error::row(&self.path, place, format!("text in UTF-8 as {name:?}"), found)
        })
    }

    fn too_large(&self, place: RowPlace) -> Error {
        Error::RowTooLarge { path: self.path.clone(), place, limit: self.limit }
    }
}

/// Whether values of this type have a form in JSON.
fn has_json(data_type: &DataType) -> bool {
    json::encoder(&arrow_array::new_empty_array(data_type)).is_some()
}

impl std::fmt::Debug for RowReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RowReader").field("path", &self.path).field("names", &self.names).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Rows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rows").field("next", &self.next).field("n", &self.n).finish_non_exhaustive()
    }
}
