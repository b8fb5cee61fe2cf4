//! Reads plain text.

use std::io::Read;

use super::lines::{Place, utf8};
use super::reader::{DocumentReader, Input};
use super::{Error, Notice};
use crate::text::Document;

/// Reads one document: the whole input, byte for byte (byte order mark and line ends included).
pub(crate) struct PlainReader(Option<Input>);

impl PlainReader {
    pub(crate) fn new(input: Input) -> Self {
        Self(Some(input))
    }
}

impl DocumentReader for PlainReader {
    fn next(&mut self, _notices: &mut Vec<Notice>) -> Option<Result<Document, Error>> {
        let mut input = self.0.take()?;
        Some(read_text(&mut input).map(|text| Document::new(input.id, text)))
    }
}

/// The whole input as text.
pub(crate) fn read_text(input: &mut Input) -> Result<String, Error> {
    let mut bytes = Vec::new();
    input.reader.read_to_end(&mut bytes).map_err(|source| Error::read(&input.place, source))?;
    utf8(&bytes, &input.place, Place { line: 1, byte: 0 })?;
    Ok(String::from_utf8(bytes).expect("it was just found to be UTF-8"))
}
