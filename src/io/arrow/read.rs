//! Reads documents from files of columns.

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;

use super::bytes::Bytes;
use super::ipc::IpcBatches;
use super::parquet::ParquetBatches;
use super::rows::{RowReader, Rows};
use crate::io::reader::{DocumentReader, stem};
use crate::io::{Error, Notice, ReadOptions, RowPlace};
use crate::text::Document;

/// Some rows of a file.
pub(crate) struct Batch {
    pub(crate) columns: RecordBatch,
    /// What they are stored in.
    pub(crate) place: RowPlace,
    /// The number of the first row in the file, from 1.
    pub(crate) first: u64,
}

/// The rows of a file, in their order.
pub(crate) trait Batches: Send {
    /// The columns. Those of texts may have the type of bytes that nobody has checked.
    fn schema(&self) -> SchemaRef;

    /// The next rows. After an error the next call goes on with those that follow.
    fn next(&mut self) -> Option<Result<Batch, Error>>;
}

/// Opens a file; `unchecked` are the names of the columns of texts whose values the caller checks one by one.
pub(crate) fn open(bytes: Bytes, path: &str, unchecked: &[&str]) -> Result<Box<dyn Batches>, Error> {
    Ok(match bytes {
        Bytes::Parquet(chunks) => Box::new(ParquetBatches::open(chunks, path, unchecked)?),
        Bytes::Arrow(stream) => Box::new(IpcBatches::open(stream, path, unchecked)?),
    })
}

/// Reads the documents of a file of columns.
pub(crate) struct ColumnsReader {
    batches: Box<dyn Batches>,
    reader: RowReader,
    rows: Option<Rows>,
}

impl ColumnsReader {
    /// # Errors
    /// When the beginning (of Parquet, the end) of the file cannot be read, or its columns cannot be those of documents.
    pub(crate) fn new(bytes: Bytes, path: &str, id: &str, options: &ReadOptions) -> Result<Self, Error> {
        let batches = open(bytes, path, &[&options.text_field, &options.id_field])?;
        let reader = RowReader::new(path, stem(id), options);
        reader.check(&batches.schema())?;
        Ok(Self { batches, reader, rows: None })
    }
}

impl DocumentReader for ColumnsReader {
    fn next(&mut self, notices: &mut Vec<Notice>) -> Option<Result<Document, Error>> {
        loop {
            if let Some(rows) = &mut self.rows
                && let Some(document) = self.reader.next(rows)
            {
                return Some(document);
            }
            self.rows = None;
            match self.batches.next() {
                Some(Ok(Batch { columns, place, first })) => self.rows = Some(self.reader.rows(&columns, place, first)),
                Some(Err(error)) => return Some(Err(error)),
                None => {
                    notices.extend(self.reader.take_notices());
                    return None;
                }
            }
        }
    }
}
