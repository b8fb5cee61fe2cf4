//! Writes documents as Parquet and as Arrow.

use std::io::{self, Write};

use ::parquet::arrow::ArrowWriter;
use ::parquet::basic::{Compression, ZstdLevel};
use ::parquet::errors::ParquetError;
use ::parquet::file::properties::WriterProperties;
use ::parquet::schema::types::ColumnPath;
use arrow_array::RecordBatch;
use arrow_ipc::writer::{FileWriter, StreamWriter};
use arrow_schema::DataType;

use super::plan::{BatchBuilder, Dictionaries};
use crate::io::format::extension;
use crate::io::sink::{DocumentWriter, STREAM, Sink, WriteError};
use crate::io::{Format, Notice, WriteOptions};
use crate::text::Document;

/// Most documents of a batch, and about how many bytes.
const MOST_DOCUMENTS: usize = 1024;
const MOST_BYTES: usize = 4 << 20;
/// The size of a row group, encoded, in bytes.
const ROW_GROUP: usize = 16 << 20;

/// What columns are written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ColumnsForm {
    Parquet,
    /// A file of Arrow, which can be read in any order.
    ArrowFile,
    /// A stream of Arrow.
    ArrowStream,
}

impl ColumnsForm {
    /// The form of an output: Arrow is a stream where the output is none of a name, or its name ends in `.arrows`.
    pub(crate) fn of(format: Format, place: &str) -> Self {
        match format {
            Format::Parquet => Self::Parquet,
            _ if place == STREAM || extension(place).as_deref() == Some("arrows") => Self::ArrowStream,
            _ => Self::ArrowFile,
        }
    }
}

/// Writes documents in columns. They are known when the first batch is full.
pub(crate) struct ColumnsWriter<'w> {
    table: TableSink<'w>,
    batch: BatchBuilder,
    n: usize,
    weight: usize,
    /// Fields of mentions, which have no place, and the first document that has some.
    lost: Option<(u64, String)>,
}

impl<'w> ColumnsWriter<'w> {
    pub(crate) fn new(sink: Sink<'w>, form: ColumnsForm, options: &WriteOptions) -> Self {
        let dictionaries = if form == ColumnsForm::ArrowFile { Dictionaries::Unpacked } else { Dictionaries::Kept };
        let (table, batch) = (TableSink::new(sink, form), BatchBuilder::new(options, dictionaries));
        Self { table, batch, n: 0, weight: 0, lost: None }
    }

    fn write_batch(&mut self) -> io::Result<()> {
        let batch = self.batch.finish().map_err(io::Error::other)?;
        (self.n, self.weight) = (0, 0);
        self.table.write(&batch)
    }
}

impl DocumentWriter for ColumnsWriter<'_> {
    fn write(&mut self, document: &Document) -> Result<(), WriteError> {
        self.batch.push(document)?;
        let lost = document.mentions.iter().map(|mention| mention.extra.len() as u64).sum::<u64>();
        if lost > 0 {
            self.lost.get_or_insert_with(|| (0, document.id.clone())).0 += lost;
        }
        self.n += 1;
        self.weight += document.weight();
        if self.n == MOST_DOCUMENTS || self.weight >= MOST_BYTES {
            self.write_batch()?;
        }
        Ok(())
    }

    /// Nothing: how documents are put together does not depend on when they come.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<Vec<Notice>> {
        // An output without documents has its columns too.
        if self.n > 0 || self.table.is_unopened() {
            self.write_batch()?;
        }
        self.table.finish()?;
        let what = "fields of mentions left out, for which columns have no place (JSONL has)";
        Ok(self.lost.map(|(count, first)| Notice::Lossy { what, count, first }).into_iter().collect())
    }
}

/// Writes record batches of equal columns.
pub(crate) enum TableSink<'w> {
    /// Nothing was written yet.
    Unopened(Sink<'w>, ColumnsForm),
    Parquet(Box<ArrowWriter<Sink<'w>>>),
    File(Box<FileWriter<Sink<'w>>>),
    Stream(Box<StreamWriter<Sink<'w>>>),
    /// Writing failed before.
    Failed,
}

impl<'w> TableSink<'w> {
    pub(crate) fn new(sink: Sink<'w>, form: ColumnsForm) -> Self {
        Self::Unopened(sink, form)
    }

    fn is_unopened(&self) -> bool {
        matches!(self, Self::Unopened(..))
    }

    pub(crate) fn write(&mut self, batch: &RecordBatch) -> io::Result<()> {
        if self.is_unopened()
            && let Self::Unopened(sink, form) = std::mem::replace(self, Self::Failed)
        {
            let schema = batch.schema();
            *self = match form {
                ColumnsForm::Parquet => {
                    if let Some(field) = schema.fields().iter().find(|field| has_empty_struct(field.data_type())) {
                        let name = field.name();
                        let message =
                            format!("column {name:?}: a struct without fields, which Parquet cannot hold; Arrow can");
                        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
                    }
                    Self::Parquet(Box::new(ArrowWriter::try_new(sink, schema, Some(properties())).map_err(parquet)?))
                }
                ColumnsForm::ArrowFile => Self::File(Box::new(FileWriter::try_new(sink, &schema).map_err(arrow)?)),
                ColumnsForm::ArrowStream => {
                    Self::Stream(Box::new(StreamWriter::try_new(sink, &schema).map_err(arrow)?))
                }
            };
        }
        if batch.num_rows() == 0 {
            return Ok(());
        }
        match self {
            Self::Unopened(..) | Self::Failed => Err(io::Error::other("writing failed before")),
            Self::Parquet(writer) => writer.write(batch).map_err(parquet),
            Self::File(writer) => writer.write(batch).map_err(arrow),
            Self::Stream(writer) => writer.write(batch).map_err(arrow),
        }
    }

    /// Writes the end.
    pub(crate) fn finish(self) -> io::Result<()> {
        let mut sink = match self {
            Self::Unopened(sink, _) => sink,
            Self::Parquet(writer) => writer.into_inner().map_err(parquet)?,
            Self::File(writer) => writer.into_inner().map_err(arrow)?,
            Self::Stream(writer) => writer.into_inner().map_err(arrow)?,
            Self::Failed => return Err(io::Error::other("writing failed before")),
        };
        sink.finish()?;
        sink.flush()
    }
}

fn has_empty_struct(data_type: &DataType) -> bool {
    match data_type {
        DataType::Struct(fields) => fields.is_empty() || fields.iter().any(|field| has_empty_struct(field.data_type())),
        DataType::List(item)
        | DataType::LargeList(item)
        | DataType::FixedSizeList(item, _)
        | DataType::ListView(item)
        | DataType::LargeListView(item)
        | DataType::Map(item, _) => has_empty_struct(item.data_type()),
        DataType::Dictionary(_, value) => has_empty_struct(value),
        DataType::RunEndEncoded(_, values) => has_empty_struct(values.data_type()),
        DataType::Union(fields, _) => fields.iter().any(|(_, field)| has_empty_struct(field.data_type())),
        _ => false,
    }
}

/// The system's error where it was the system: a closed pipe is none.
fn arrow(error: arrow_schema::ArrowError) -> io::Error {
    match error {
        arrow_schema::ArrowError::IoError(_, source) => source,
        other => io::Error::other(other),
    }
}

/// The same of Parquet.
fn parquet(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(source) => match source.downcast::<io::Error>() {
            Ok(source) => *source,
            Err(other) => io::Error::other(other),
        },
        other => io::Error::other(other),
    }
}

/// zstd, row groups of equal size, no dictionary where every value is another one.
fn properties() -> WriterProperties {
    WriterProperties::builder()
        .set_created_by(concat!("allonym ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3).expect("3 is a level")))
        .set_max_row_group_bytes(Some(ROW_GROUP))
        .set_column_dictionary_enabled(ColumnPath::from("text"), false)
        .build()
}
