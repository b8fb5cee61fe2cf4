//! Reads one document from each line.

use super::line::{Names, OWN, parse};
use super::object::At;
use crate::io::lines::Lines;
use crate::io::reader::{DocumentReader, Input};
use crate::io::{Error, Notice, ReadOptions};
use crate::text::Document;

/// Reads one document from each line; blank lines are skipped.
pub(crate) struct JsonlReader {
    place: String,
    stem: String,
    /// `None` once reading failed.
    lines: Option<Lines>,
    names: Names,
    /// How many documents have a field that had to be renamed.
    renamed: [u64; OWN.len()],
}

impl JsonlReader {
    pub(crate) fn new(input: Input, options: &ReadOptions) -> Self {
        Self {
            stem: input.stem().to_owned(),
            place: input.place,
            lines: Some(Lines::new(input.reader).limit(options.max_document)),
            names: Names { text: options.text_field.clone(), id: options.id_field.clone() },
            renamed: [0; OWN.len()],
        }
    }

    fn document(&mut self, text: &str, line: u64) -> Result<Document, Error> {
        let mut parsed = parse(&At { path: &self.place, line, text }, &self.names)?;
        for (count, renamed) in self.renamed.iter_mut().zip(parsed.renamed) {
            *count += u64::from(renamed);
        }
        if !parsed.has_id {
            parsed.document.id = format!("{}:{line}", self.stem);
        }
        Ok(parsed.document)
    }
}

impl DocumentReader for JsonlReader {
    fn next(&mut self, notices: &mut Vec<Notice>) -> Option<Result<Document, Error>> {
        let mut lines = self.lines.take()?;
        loop {
            match lines.next() {
                Err(error) => return Some(Err(Error::read(&self.place, error))),
                Ok(None) => {
                    for (field, count) in OWN.iter().zip(self.renamed).filter(|(_, count)| *count > 0) {
                        notices.push(Notice::Renamed { path: self.place.clone(), field: (*field).to_owned(), count });
                    }
                    return None;
                }
                Ok(Some(line)) if line.bytes.trim_ascii().is_empty() => {}
                Ok(Some(line)) => {
                    let number = line.number;
                    let document = line.text(&self.place).and_then(|text| self.document(text, number));
                    self.lines = Some(lines);
                    return Some(document);
                }
            }
        }
    }
}
