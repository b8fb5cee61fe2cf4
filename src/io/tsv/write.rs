//! Writes mentions as a table.

use std::collections::HashMap;
use std::io::{self, Write};

use crate::io::Notice;
use crate::io::format::TSV_HEADER;
use crate::io::score::rounded;
use crate::io::sink::{DocumentWriter, Sink, WriteError};
use crate::text::{Document, OffsetUnit, Offsets};

/// How the header goes on: the id and the canonical name of the entity, empty where the mention has none.
const ENTITY_HEADER: &str = "\tentity\tname\n";

/// Writes one mention on each line; cells that hold a tab, a quotation mark or a line end are quoted.
pub(crate) struct TsvWriter<'w> {
    sink: Sink<'w>,
    unit: OffsetUnit,
}

impl<'w> TsvWriter<'w> {
    /// Offsets count `unit`.
    pub(crate) fn new(mut sink: Sink<'w>, unit: OffsetUnit) -> io::Result<Self> {
        sink.write_all(TSV_HEADER.as_bytes())?;
        sink.write_all(ENTITY_HEADER.as_bytes())?;
        Ok(Self { sink, unit })
    }
}

impl DocumentWriter for TsvWriter<'_> {
    fn write(&mut self, document: &Document) -> Result<(), WriteError> {
        let offsets = Offsets::new(&document.text, self.unit);
        let names: HashMap<&str, &str> =
            document.entities.iter().map(|entity| (entity.id.as_str(), entity.name.as_str())).collect();
        let mut table = csv::WriterBuilder::new().delimiter(b'\t').has_headers(false).from_writer(Vec::new());
        for mention in &document.mentions {
            let (Some((start, end)), Some(surface)) = (offsets.units(mention.span), mention.span.slice(&document.text))
            else {
                let expected = format!("mentions of whole characters within 0..{}", document.text.len());
                return Err(WriteError::unwritable(expected, format!("bytes {}", mention.span)));
            };
            let score = mention.score.map_or(String::new(), |score| rounded(score).to_string());
            let (start, end) = (start.to_string(), end.to_string());
            let entity = mention.entity.as_deref().unwrap_or_default();
            let name = names.get(entity).copied().unwrap_or_default();
            let row = [&document.id, &start, &end, mention.label.as_str(), surface, &score, entity, name];
            table.write_record(row).map_err(|error| io::Error::other(error.to_string()))?;
        }
        let rows = table.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
        self.sink.write_all(&rows)?;
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
