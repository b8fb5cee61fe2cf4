//! Reads Parquet, a row group after the other.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use ::parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use ::parquet::basic::{ConvertedType, LogicalType, Repetition, Type as PhysicalType};
use ::parquet::errors::ParquetError;
use ::parquet::schema::types::{SchemaDescriptor, Type, TypePtr};
use arrow_schema::SchemaRef;

use super::batches::{Batch, Batches};
use super::bytes::Chunks;
use super::texts::unchecked_texts;
use crate::io::error::clip;
use crate::io::{Error, RowGroup, RowPlace};

/// Most rows that are read at once, and about how many bytes.
const MOST_ROWS: u64 = 256;
const MOST_BYTES: u64 = 1 << 20;

/// The rows of a Parquet file.
pub(super) struct ParquetBatches {
    path: String,
    chunks: Chunks,
    metadata: ArrowReaderMetadata,
    /// From 0.
    group: usize,
    /// The number of rows before this group.
    before: u64,
    /// The row in the group that is next, from 0.
    row: u64,
    reader: Option<ParquetRecordBatchReader>,
    /// Rows before this one are read one by one, as some of them cannot be read.
    careful_until: u64,
}

impl ParquetBatches {
    pub(super) fn open(chunks: Chunks, path: &str, texts: &[&str]) -> Result<Self, Error> {
        let broken = |error: ParquetError| failed(path, RowPlace::default(), "a Parquet file", &error);
        let metadata = ArrowReaderMetadata::load(&chunks, ArrowReaderOptions::new()).map_err(broken)?;
        let metadata = match without_check(&metadata, texts) {
            Some(options) => ArrowReaderMetadata::load(&chunks, options).map_err(broken)?,
            None => metadata,
        };
        let path = path.to_owned();
        Ok(Self { path, chunks, metadata, group: 0, before: 0, row: 0, reader: None, careful_until: 0 })
    }

    /// The number of rows of the group, and of those that are read at once.
    fn sizes(&self) -> (u64, u64) {
        let group = self.metadata.metadata().row_group(self.group);
        let rows = u64::try_from(group.num_rows()).unwrap_or(0);
        let bytes = u64::try_from(group.total_byte_size()).unwrap_or(0);
        (rows, (MOST_BYTES / (bytes / rows.max(1)).max(1)).clamp(1, MOST_ROWS))
    }

    fn reader(&self, rows: u64, at_once: u64) -> Result<ParquetRecordBatchReader, ParquetError> {
        let index = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
        ParquetRecordBatchReaderBuilder::new_with_metadata(self.chunks.clone(), self.metadata.clone())
            .with_row_groups(vec![self.group])
            .with_offset(index(self.row))
            .with_limit(index(rows))
            .with_batch_size(index(at_once))
            .build()
    }

    fn place(&self) -> RowPlace {
        RowPlace::default().in_group(RowGroup::Parquet(self.group as u64 + 1))
    }

    fn next_group(&mut self, rows: u64) {
        self.before += rows;
        (self.group, self.row, self.careful_until, self.reader) = (self.group + 1, 0, 0, None);
    }

    /// The rows that the reader gives, or why it does not.
    fn read(&mut self, rows: u64, at_once: u64) -> Result<Option<arrow_array::RecordBatch>, String> {
        if self.reader.is_none() {
            self.reader = Some(self.reader(rows, at_once).map_err(|error| error.to_string())?);
        }
        let reader = self.reader.as_mut().expect("it was just opened");
        let next = AssertUnwindSafe(|| reader.next().transpose().map_err(|error| error.to_string()));
        // Damage that the reader does not expect.
        catch_unwind(next).unwrap_or_else(|_| Err("damage that stops the reader".to_owned()))
    }
}

impl Batches for ParquetBatches {
    fn schema(&self) -> SchemaRef {
        Arc::clone(self.metadata.schema())
    }

    fn next(&mut self) -> Option<Result<Batch, Error>> {
        while self.group < self.metadata.metadata().num_row_groups() {
            let (rows, at_once) = self.sizes();
            if self.row >= rows {
                self.next_group(rows);
                continue;
            }
            let is_careful = self.row < self.careful_until;
            let wanted = if is_careful { 1 } else { rows - self.row };
            let (place, first) = (self.place(), self.before + self.row + 1);
            let error = match self.read(wanted, at_once.min(wanted)) {
                Ok(Some(columns)) if columns.num_rows() > 0 => {
                    self.row += columns.num_rows() as u64;
                    if is_careful {
                        self.reader = None;
                    }
                    return Some(Ok(Batch { columns, place, first }));
                }
                Ok(_) => {
                    let found = format!("{} of {rows}", self.row);
                    let error = Error::row(&self.path, place, "as many rows as the file says", found);
                    self.next_group(rows);
                    return Some(Err(error));
                }
                Err(error) => error,
            };
            self.reader = None;
            // A text that is no UTF-8 is one value; after all else nobody knows where the next one begins.
            let is_text = error.to_ascii_lowercase().contains("utf-8") || error.contains("utf8");
            let end = (self.row + at_once).min(rows);
            if is_text && !is_careful && end > self.row + 1 {
                self.careful_until = end;
                continue;
            }
            let last = if is_text { first } else { self.before + rows };
            self.row = last - self.before;
            let error = Error::row(&self.path, place.rows(first, last), "rows of Parquet", clip(&error));
            return Some(Err(error));
        }
        None
    }
}

fn failed(path: &str, place: RowPlace, expected: &str, error: &ParquetError) -> Error {
    let message = error.to_string();
    let message = message.strip_prefix("Parquet error: ").unwrap_or(&message);
    Error::row(path, place, expected, format!("something else: {}", clip(message)))
}

/// Options by which columns of texts are read as bytes, so that a text that is no UTF-8 costs its own row only; `None` where the file has
/// no such columns.
fn without_check(metadata: &ArrowReaderMetadata, texts: &[&str]) -> Option<ArrowReaderOptions> {
    let descriptor = metadata.parquet_schema();
    let is_text = |column: &TypePtr| {
        let is_bytes = column.is_primitive() && column.get_physical_type() == PhysicalType::BYTE_ARRAY;
        let info = column.get_basic_info();
        is_bytes && info.has_repetition() && info.repetition() != Repetition::REPEATED && texts.contains(&info.name())
    };
    let root = descriptor.root_schema_ptr();
    let stripped = |column: &TypePtr| -> Option<TypePtr> {
        if !is_text(column) {
            return Some(Arc::clone(column));
        }
        let info = column.get_basic_info();
        let plain = Type::primitive_type_builder(info.name(), PhysicalType::BYTE_ARRAY)
            .with_repetition(info.repetition())
            .with_converted_type(ConvertedType::NONE)
            .with_logical_type(None::<LogicalType>)
            .with_id(info.has_id().then(|| info.id()))
            .build();
        plain.ok().map(Arc::new)
    };
    if !root.get_fields().iter().any(is_text) {
        return None;
    }
    let columns: Vec<TypePtr> = root.get_fields().iter().map(stripped).collect::<Option<_>>()?;
    let root = Type::group_type_builder(root.name()).with_fields(columns).build().ok()?;
    let schema = unchecked_texts(metadata.schema(), texts);
    let descriptor = Arc::new(SchemaDescriptor::new(Arc::new(root)));
    Some(ArrowReaderOptions::new().with_parquet_schema(descriptor).with_schema(Arc::new(schema)))
}
