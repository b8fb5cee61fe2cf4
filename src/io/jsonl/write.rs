//! Writes one document on each line.

use std::io::{self, Write};

use super::wire::Wire;
use crate::io::sink::{DocumentWriter, Sink, WriteError};
use crate::io::{Notice, WriteOptions};
use crate::text::{Document, Offsets};

/// Writes one document on each line.
pub(crate) struct JsonlWriter<'w> {
    sink: Sink<'w>,
    options: WriteOptions,
}

impl<'w> JsonlWriter<'w> {
    pub(crate) fn new(sink: Sink<'w>, options: WriteOptions) -> Self {
        Self { sink, options }
    }
}

impl DocumentWriter for JsonlWriter<'_> {
    fn write(&mut self, document: &Document) -> Result<(), WriteError> {
        let offsets = Offsets::new(&document.text, self.options.offsets);
        let wire = Wire::new(document, offsets, self.options.entities)?;
        serde_json::to_writer(&mut self.sink, &wire).map_err(io::Error::from)?;
        self.sink.write_all(b"\n")?;
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }

    fn finish(mut self: Box<Self>) -> io::Result<Vec<Notice>> {
        self.sink.finish()?;
        Ok(Vec::new())
    }
}
