//! How are mentions written as a table?

use std::io;

use super::jsonl::rounded;
use super::writer::{Sink, WriteError};
use crate::text::{Document, OffsetUnit, Offsets};

/// The first line of the table.
pub(crate) const HEADER: &str = "doc\tstart\tend\tlabel\ttext\tscore\n";

/// Writes one mention a row; cells that hold a tab, a quote or a line end are quoted.
pub(crate) struct TsvWriter {
    unit: OffsetUnit,
}

impl TsvWriter {
    pub(crate) fn new(sink: &mut Sink<'_>, unit: OffsetUnit) -> io::Result<Self> {
        io::Write::write_all(sink, HEADER.as_bytes())?;
        Ok(Self { unit })
    }

    pub(crate) fn write(&self, sink: &mut Sink<'_>, document: &Document) -> Result<(), WriteError> {
        let offsets = Offsets::new(&document.text, self.unit);
        let mut table = csv::WriterBuilder::new().delimiter(b'\t').has_headers(false).from_writer(Vec::new());
        for mention in &document.mentions {
            let (Some((start, end)), Some(surface)) = (offsets.units(mention.span), mention.span.slice(&document.text))
            else {
                let expected = format!("mentions of whole characters within 0..{}", document.text.len());
                return Err(WriteError::unwritable(expected, format!("bytes {}", mention.span)));
            };
            let score = mention.score.map_or(String::new(), |score| rounded(score).to_string());
            let row = [&document.id, &start.to_string(), &end.to_string(), mention.label.as_str(), surface, &score];
            table.write_record(row).map_err(|error| io::Error::other(error.to_string()))?;
        }
        let rows = table.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
        io::Write::write_all(sink, &rows)?;
        Ok(())
    }
}
