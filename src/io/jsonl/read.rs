//! Reads one document from each line, or the documents of a JSON file.

use std::io::{self, BufRead, Cursor, Read};

use super::line::{Names, parse};
use super::listing::{Found, Known, Listing, begins_list};
use super::object::At;
use super::tally::Tally;
use super::values::{Extent, Values};
use crate::io::error::json_message;
use crate::io::lines::Lines;
use crate::io::mark::{BYTE_ORDER_MARK, without_mark};
use crate::io::reader::{DocumentReader, Input};
use crate::io::shapes::Shape;
use crate::io::{Error, Notice, ReadOptions};
use crate::text::Document;

/// Reads one document from each line; blank lines are skipped. A file whose first line is not a whole document is read as one JSON text:
/// a document over many lines, a list of documents, or an object that has such a list.
pub(crate) struct JsonlReader {
    place: String,
    stem: String,
    content: Content,
    /// Most bytes of a document. A larger file that is not lines is read document by document.
    limit: u64,
    names: Names,
    tally: Tally,
}

enum Content {
    Unknown(Box<dyn BufRead + Send>),
    Lines(Lines),
    Values(Values),
    Listing(Listing),
    /// The end, or reading failed.
    Nothing,
}

/// The JSON of a document.
struct Raw {
    text: String,
    /// From 1.
    line: u64,
    /// What tells it from the others of its file: its line, or its number in a list.
    number: u64,
}

impl JsonlReader {
    pub(crate) fn new(input: Input, options: &ReadOptions) -> Self {
        let shape = options.format.and_then(Shape::of);
        Self {
            stem: input.stem().to_owned(),
            place: input.place,
            content: Content::Unknown(input.reader),
            limit: options.max_document,
            names: Names { text: options.text_field.clone(), id: options.id_field.clone(), shape },
            tally: Tally::default(),
        }
    }

    /// The next document, still as JSON.
    fn raw(&mut self) -> Option<Result<Raw, Error>> {
        loop {
            match &mut self.content {
                Content::Nothing => return None,
                Content::Unknown(_) => {
                    let Content::Unknown(reader) = std::mem::replace(&mut self.content, Content::Nothing) else {
                        return None;
                    };
                    match self.open(reader) {
                        Ok(content) => self.content = content,
                        Err(error) => return Some(Err(error)),
                    }
                }
                Content::Values(values) => {
                    return values.next().map(|(line, number, text)| Ok(Raw { text: text.to_owned(), line, number }));
                }
                Content::Listing(listing) => match listing.next()? {
                    Found::Document { text, line, number } => return Some(Ok(Raw { text, line, number })),
                    Found::Beside(name) => self.tally.envelope.push(name),
                    Found::Failed(error) => return Some(Err(error)),
                },
                Content::Lines(lines) => match lines.next() {
                    Ok(None) => return None,
                    Ok(Some(line)) if line.bytes.trim_ascii().is_empty() => {}
                    Ok(Some(line)) => {
                        let text = line.text(&self.place).map(str::to_owned);
                        return Some(text.map(|text| Raw { text, line: line.number, number: line.number }));
                    }
                    Err(error) => {
                        self.content = Content::Nothing;
                        return Some(Err(Error::read(&self.place, error)));
                    }
                },
            }
        }
    }

    /// Finds out how far a document goes, from the first line that is not blank.
    fn open(&mut self, mut reader: Box<dyn BufRead + Send>) -> Result<Content, Error> {
        let failed = |error: io::Error| Error::read(&self.place, error);
        let limit = self.limit;
        let lines = |bytes: Box<dyn BufRead + Send>| Content::Lines(Lines::new(bytes).limit(limit));
        // One byte more tells that there are too many.
        let most = limit.saturating_add(1);
        let mut head = Vec::new();
        loop {
            let start = head.len();
            let n = (&mut reader).take(most - start as u64).read_until(b'\n', &mut head).map_err(failed)?;
            if n == 0 || !head[start..].trim_ascii().is_empty() {
                break;
            }
        }
        let first = without_mark(&head).trim_ascii();
        let known = || Known { path: self.place.clone(), text_name: self.names.text.clone(), limit };
        // Without the byte order mark, which is no JSON.
        let listing = |head: Vec<u8>, reader: Box<dyn BufRead + Send>| {
            let mut head = Cursor::new(head);
            head.set_position(if head.get_ref().starts_with(BYTE_ORDER_MARK) {
                BYTE_ORDER_MARK.len() as u64
            } else {
                0
            });
            Content::Listing(Listing::read(Box::new(head.chain(reader)), known()))
        };
        if head.len() as u64 > limit && begins_list(first, known()) {
            return Ok(listing(head, reader));
        }
        let extent = match std::str::from_utf8(first) {
            Ok(first) if head.len() as u64 <= limit => Extent::of(first, &self.names.text),
            _ => Extent::Lines,
        };
        if extent == Extent::Lines {
            return Ok(lines(Box::new(Cursor::new(head).chain(reader))));
        }
        (&mut reader).take(most - head.len() as u64).read_to_end(&mut head).map_err(failed)?;
        if head.len() as u64 > limit {
            let whole = head.iter().rposition(|&byte| byte == b'\n').unwrap_or_default();
            return match is_lines(&String::from_utf8_lossy(&head[..whole])) {
                true => Ok(lines(Box::new(Cursor::new(head).chain(reader)))),
                false => Ok(listing(head, reader)),
            };
        }
        let text = match String::from_utf8(head) {
            Ok(text) => text,
            // Reading by lines names the place.
            Err(error) => return Ok(lines(Box::new(Cursor::new(error.into_bytes())))),
        };
        match Values::parse(&text, &self.names.text) {
            Ok(values) => {
                self.tally.envelope.clone_from(&values.envelope);
                Ok(Content::Values(values))
            }
            Err(_) if is_lines(&text) => Ok(lines(Box::new(Cursor::new(text.into_bytes())))),
            Err(error) => {
                let found = format!("{} in column {}", json_message(&error), error.column());
                Err(Error::malformed(&self.place, error.line() as u64, "JSON", found))
            }
        }
    }
}

/// Whether most lines are JSON by themselves, so that it is the first one that is broken.
fn is_lines(text: &str) -> bool {
    let lines = text.lines().filter(|line| !line.trim_ascii().is_empty());
    let (good, all) = lines.fold((0, 0), |(good, all), line| {
        let is_json = line.starts_with('{') && serde_json::from_str::<serde::de::IgnoredAny>(line).is_ok();
        (good + usize::from(is_json), all + 1)
    });
    good > 0 && good * 2 >= all
}

impl DocumentReader for JsonlReader {
    fn next(&mut self, notices: &mut Vec<Notice>) -> Option<Result<Document, Error>> {
        loop {
            let raw = match self.raw() {
                Some(Ok(raw)) => raw,
                Some(Err(error)) => return Some(Err(error)),
                None => {
                    notices.extend(std::mem::take(&mut self.tally).notices(&self.place));
                    return None;
                }
            };
            let mut parsed = match parse(&At { path: &self.place, line: raw.line, text: &raw.text }, &self.names) {
                Ok(parsed) => parsed,
                Err(error) => return Some(Err(error)),
            };
            self.tally.add(&parsed);
            if parsed.seen.is_rejected {
                continue;
            }
            if !parsed.has_id {
                parsed.document.id = format!("{}:{}", self.stem, raw.number);
            }
            return Some(Ok(parsed.document));
        }
    }
}
