//! Writes record batches as tables.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use arrow_array::{ArrayRef, RecordBatch};
use serde_json::Value;

use super::json::{Encode, encoder, text};
use super::write::{ColumnsForm, TableSink};
use crate::io::compress::Compressor;
use crate::io::sink::{STREAM, Sink};
use crate::io::staged::Staged;
use crate::io::{Compression, Error, Format};

/// Writes record batches of equal columns, in columns or as text.
pub(crate) struct BatchWriter<'w> {
    form: Form<'w>,
    place: String,
    staged: Option<Staged>,
}

enum Form<'w> {
    /// Parquet or Arrow.
    Columns(TableSink<'w>),
    /// A row a line, cells separated by a byte.
    Cells(CellsWriter<'w>),
    /// A JSON object a line.
    Lines(Sink<'w>),
}

/// Writes cells with a header.
struct CellsWriter<'w> {
    sink: Sink<'w>,
    separator: u8,
    has_header: bool,
}

impl<'w> BatchWriter<'w> {
    /// A writer into a stream.
    ///
    /// # Errors
    /// When the format is no table.
    pub(crate) fn new(format: Format, sink: impl Write + Send + 'w) -> Result<Self, Error> {
        let sink: Box<dyn Write + Send + 'w> = Box::new(sink);
        Self::open(format, Compressor::None(sink), STREAM)
    }

    /// A writer into a file, compressed where its name ends in `.gz` or `.zst`. An existing file stays as it is until
    /// [`BatchWriter::finish`] replaces it.
    ///
    /// # Errors
    /// When the format is no table, or the file cannot be created.
    pub(crate) fn create(format: Format, path: &Path) -> Result<Self, Error> {
        let place = path.display().to_string();
        let fail = |source| Error::write(&place, source);
        let (file, staged) = Staged::create(path).map_err(fail)?;
        let sink: Box<dyn Write + Send> = Box::new(BufWriter::new(file));
        let sink = Compressor::new(sink, Compression::from_name(&place)).map_err(fail)?;
        Ok(Self { staged: Some(staged), ..Self::open(format, sink, &place)? })
    }

    fn open(format: Format, sink: Sink<'w>, place: &str) -> Result<Self, Error> {
        let cells = |sink, separator| Form::Cells(CellsWriter { sink, separator, has_header: false });
        let form = match format {
            Format::Parquet | Format::Arrow => Form::Columns(TableSink::new(sink, ColumnsForm::of(format, place))),
            Format::Tsv => cells(sink, b'\t'),
            Format::Csv => cells(sink, b','),
            Format::Jsonl => Form::Lines(sink),
            format => {
                let expected = "a table (parquet, arrow, tsv, csv or jsonl) in place of another format";
                return Err(Error::Output { path: place.to_owned(), format, expected });
            }
        };
        Ok(Self { form, place: place.to_owned(), staged: None })
    }

    /// Whether lists have to become texts.
    pub(crate) fn is_of_cells(&self) -> bool {
        matches!(self.form, Form::Cells(_))
    }

    /// # Errors
    /// When the system cannot write, or the columns are others than those of the first batch.
    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<(), Error> {
        let written = match &mut self.form {
            Form::Columns(sink) => sink.write(batch),
            Form::Cells(cells) => cells.write(batch),
            Form::Lines(sink) => write_lines(sink, batch),
        };
        written.map_err(|source| Error::write(&self.place, source))
    }

    /// Writes the end.
    ///
    /// # Errors
    /// When the system cannot write.
    pub(crate) fn finish(self) -> Result<(), Error> {
        let finished = match self.form {
            Form::Columns(sink) => sink.finish(),
            Form::Cells(CellsWriter { mut sink, .. }) | Form::Lines(mut sink) => sink.finish(),
        };
        let committed = finished.and_then(|()| self.staged.map_or(Ok(()), Staged::commit));
        committed.map_err(|source| Error::write(&self.place, source))
    }
}

impl CellsWriter<'_> {
    fn write(&mut self, batch: &RecordBatch) -> io::Result<()> {
        let end = if self.separator == b',' { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
        let mut table = csv::WriterBuilder::new();
        let mut table = table.delimiter(self.separator).terminator(end).from_writer(Vec::new());
        if !std::mem::replace(&mut self.has_header, true) {
            let schema = batch.schema();
            table.write_record(schema.fields().iter().map(|field| field.name().as_str())).map_err(io::Error::other)?;
        }
        let columns = encoders(batch)?;
        let mut json = Vec::new();
        for row in 0..batch.num_rows() {
            for (_, encode) in &columns {
                json.clear();
                encode(row, &mut json);
                match serde_json::from_slice(&json) {
                    Ok(Value::String(cell)) => table.write_field(cell),
                    Ok(Value::Null) => table.write_field(""),
                    _ => table.write_field(&json),
                }
                .map_err(io::Error::other)?;
            }
            table.write_record(None::<&[u8]>).map_err(io::Error::other)?;
        }
        self.sink.write_all(&table.into_inner().map_err(|error| io::Error::other(error.to_string()))?)
    }
}

fn write_lines(sink: &mut Sink<'_>, batch: &RecordBatch) -> io::Result<()> {
    let columns = encoders(batch)?;
    let mut line = Vec::new();
    for row in 0..batch.num_rows() {
        line.clear();
        for (nth, (key, encode)) in columns.iter().enumerate() {
            line.push(if nth == 0 { b'{' } else { b',' });
            line.extend_from_slice(key);
            encode(row, &mut line);
        }
        line.extend_from_slice(b"}\n");
        sink.write_all(&line)?;
    }
    Ok(())
}

/// The columns, each with its name as JSON.
fn encoders(batch: &RecordBatch) -> io::Result<Vec<(Vec<u8>, Encode)>> {
    let schema = batch.schema();
    let column = |(field, values): (&arrow_schema::FieldRef, &ArrayRef)| {
        let mut key = Vec::new();
        text(field.name(), &mut key);
        key.push(b':');
        let encode = encoder(values).ok_or_else(|| {
            io::Error::other(format!("{} in the column {:?} has no form in text", field.data_type(), field.name()))
        });
        Ok((key, encode?))
    };
    schema.fields().iter().zip(batch.columns()).map(column).collect()
}
