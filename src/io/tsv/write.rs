//! Writes mentions as a table.

use std::collections::HashMap;
use std::io::{self, Write};

use crate::io::format::TSV_HEADER;
use crate::io::mark::BYTE_ORDER_MARK;
use crate::io::score::rounded;
use crate::io::sink::{DocumentWriter, Sink, WriteError};
use crate::io::surface::marked;
use crate::io::{Format, Formulae, Notice, WriteOptions};
use crate::text::{Document, OffsetUnit, Offsets};

/// How the header goes on: the id and the canonical name of the entity, empty where the mention has none.
const ENTITY_HEADER: &str = "\tentity\tname";

/// Writes one mention on each line; cells that hold the separator, a quotation mark or a line end are quoted.
pub(crate) struct TsvWriter<'w> {
    sink: Sink<'w>,
    unit: OffsetUnit,
    separator: u8,
    /// Fields of the documents that are columns too.
    fields: Vec<String>,
    formulae: Formulae,
}

impl<'w> TsvWriter<'w> {
    /// A table with tabs, or for [`Format::Csv`] with commas.
    pub(crate) fn new(sink: Sink<'w>, format: Format, options: &WriteOptions) -> io::Result<Self> {
        let separator = if format == Format::Csv { b',' } else { b'\t' };
        let mut writer =
            Self { sink, unit: options.offsets, separator, fields: options.fields.clone(), formulae: options.formulae };
        if options.byte_order_mark {
            writer.sink.write_all(BYTE_ORDER_MARK)?;
        }
        let header = format!("{TSV_HEADER}{ENTITY_HEADER}");
        let rows =
            vec![header.split('\t').chain(writer.fields.iter().map(String::as_str)).map(str::to_owned).collect()];
        writer.rows(rows)?;
        Ok(writer)
    }

    fn rows(&mut self, rows: Vec<Vec<String>>) -> io::Result<()> {
        // RFC 4180 ends records of CSV so; tables with tabs have no such rule.
        let end = if self.separator == b',' { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
        let mut table = csv::WriterBuilder::new();
        let table = table.delimiter(self.separator).terminator(end).has_headers(false);
        let mut table = table.from_writer(Vec::new());
        for row in rows {
            table
                .write_record(row.iter().map(|cell| self.formulae.cell(cell).into_owned()))
                .map_err(|error| io::Error::other(error.to_string()))?;
        }
        let rows = table.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
        self.sink.write_all(&rows)
    }
}

/// The value of a field as a cell.
fn cell(document: &Document, field: &str) -> String {
    let Some(raw) = document.extra.raw(field) else { return String::new() };
    match serde_json::from_str::<String>(raw) {
        Ok(text) => text,
        Err(_) if raw == "null" => String::new(),
        Err(_) => raw.to_owned(),
    }
}

impl DocumentWriter for TsvWriter<'_> {
    fn write(&mut self, document: &Document) -> Result<(), WriteError> {
        let offsets = Offsets::new(&document.text, self.unit);
        let names: HashMap<&str, &str> =
            document.entities.iter().map(|entity| (entity.id.as_str(), entity.name.as_str())).collect();
        let fields: Vec<String> = self.fields.iter().map(|field| cell(document, field)).collect();
        let mut rows = Vec::with_capacity(document.mentions.len());
        for mention in &document.mentions {
            let (start, end, surface) = marked(mention.span, &document.text, &offsets)?;
            let score = mention.score.map_or(String::new(), |score| rounded(score).to_string());
            let (start, end) = (start.to_string(), end.to_string());
            let entity = mention.entity.as_deref().unwrap_or_default();
            let name = names.get(entity).copied().unwrap_or_default();
            let row = [&document.id, &start, &end, mention.label.as_str(), surface, &score, entity, name];
            rows.push(row.into_iter().chain(fields.iter().map(String::as_str)).map(str::to_owned).collect());
        }
        self.rows(rows)?;
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
