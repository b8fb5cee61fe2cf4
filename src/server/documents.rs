//! Documents in and out.

use std::time::Instant;

use serde_json::value::RawValue;

use super::body::PLACE;
use super::metrics::{Metrics, Stage};
use super::problem::Problem;
use crate::io::{self, EntitiesWritten, Format, Place, WriteOptions, Writer, jsonl};
use crate::text::{Document, OffsetUnit};

/// A document, or what is wrong with it.
pub(super) type Item = Result<Document, Problem>;

/// The documents of a list in a body; one that cannot be read costs itself.
pub(super) fn listed(list: &[&RawValue], body: &str) -> Vec<Item> {
    let mut place = Place { line: 1, byte: 0 };
    let one = |(nth, value): (usize, &&RawValue)| {
        // Values come in the order of the body.
        let start = value.get().as_ptr() as usize - body.as_ptr() as usize;
        let before = &body.as_bytes()[place.byte as usize..start];
        place.line += before.iter().filter(|&&byte| byte == b'\n').count() as u64;
        place.byte = start as u64;
        let read = jsonl::from_part(value.get().as_bytes(), PLACE, place, nth as u64 + 1);
        read.map_err(|error| Problem::from(error).at_line(place.line).at_document(nth))
    };
    list.iter().enumerate().map(one).collect()
}

/// How documents are written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form {
    pub(super) unit: OffsetUnit,
    pub(super) entities: EntitiesWritten,
}

impl Form {
    /// A line of JSONL, as the program writes it, without its end.
    fn line(self, document: &Document) -> Result<String, io::Error> {
        let mut line = Vec::new();
        let options = WriteOptions::default().offsets(self.unit).entities(self.entities);
        let mut writer = Writer::new(Format::Jsonl, &mut line, options)?;
        writer.write(document)?;
        writer.finish()?;
        line.pop();
        Ok(String::from_utf8(line).expect("JSON is UTF-8"))
    }

    /// A document alone.
    pub(super) fn document(self, document: &Document, metrics: &Metrics) -> Result<String, Problem> {
        let began = Instant::now();
        let line = self.line(document)?;
        metrics.took(Stage::Write, began.elapsed());
        Ok(line + "\n")
    }

    /// Documents, each on a line of its own, with an error in place of each that failed.
    pub(super) fn items(self, items: &[Item], metrics: &Metrics) -> Vec<String> {
        let began = Instant::now();
        let one = |item: &Item| {
            let written = item.as_ref().map_err(Clone::clone).and_then(|document| Ok(self.line(document)?));
            written.unwrap_or_else(|problem| {
                metrics.failed(problem.code());
                problem.in_place()
            })
        };
        let lines = items.iter().map(one).collect();
        metrics.took(Stage::Write, began.elapsed());
        lines
    }
}

/// A list in JSON, an element on each line.
pub(super) fn list(lines: &[String]) -> String {
    match lines.is_empty() {
        true => "[]".to_owned(),
        false => format!("[\n{}\n]", lines.join(",\n")),
    }
}
