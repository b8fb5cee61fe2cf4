//! Reads documents from files of columns.

use super::batches::{Batch, Batches};
use super::bytes::Bytes;
use super::ipc::IpcBatches;
use super::parquet::ParquetBatches;
use super::rows::{RowReader, Rows};
use crate::io::reader::{DocumentReader, stem};
use crate::io::{Error, Notice, ReadOptions};
use crate::text::Document;

/// Opens a file; `unchecked` are the names of the columns of texts whose values the caller checks one by one.
pub(crate) fn open(bytes: Bytes, path: &str, unchecked: &[&str]) -> Result<Box<dyn Batches>, Error> {
    Ok(match bytes {
        Bytes::Parquet(chunks) => Box::new(ParquetBatches::open(chunks, path, unchecked)?),
        Bytes::ArrowFile(chunks) => Box::new(IpcBatches::of_file(chunks, path, unchecked)?),
        Bytes::ArrowStream(stream) => Box::new(IpcBatches::of_stream(stream, path, unchecked)?),
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
        let mut reader = RowReader::new(path, stem(id), options);
        reader.open(&batches.schema())?;
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
