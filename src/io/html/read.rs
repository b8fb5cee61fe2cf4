//! Reads the article of a web page.

use std::io::Read;

use super::decode::decode;
use super::depth::{MOST, too_deep};
use super::page::Page;
use crate::io::reader::{DocumentReader, Input};
use crate::io::{Encoding, Error, Notice};
use crate::text::Document;

/// Reads one document: the headline, a blank line, and the article's text; all visible text where a page holds no article.
pub(crate) struct HtmlReader {
    input: Option<Input>,
    encoding: Encoding,
}

impl HtmlReader {
    /// `encoding` is that of a page which declares none.
    pub(crate) fn new(input: Input, encoding: &Encoding) -> Self {
        Self { input: Some(input), encoding: encoding.clone() }
    }
}

impl DocumentReader for HtmlReader {
    fn next(&mut self, _notices: &mut Vec<Notice>) -> Option<Result<Document, Error>> {
        let mut input = self.input.take()?;
        let mut bytes = Vec::new();
        if let Err(source) = input.reader.read_to_end(&mut bytes) {
            return Some(Err(Error::read(&input.place, source)));
        }
        Some(decode(&bytes, &self.encoding, &input.place).and_then(|html| {
            check_depth(&html, &input.place)?;
            let page = Page::read(&html);
            let mut document = Document::new(input.id, page.text);
            for (name, value) in page.fields {
                document.extra.insert(name.to_owned(), value.into());
            }
            Ok(document)
        }))
    }
}

/// A page that is nested without end would take the stack or the day.
fn check_depth(page: &str, place: &str) -> Result<(), Error> {
    let Some(at) = too_deep(page) else { return Ok(()) };
    let line = 1 + page[..at].bytes().filter(|&byte| byte == b'\n').count() as u64;
    Err(Error::malformed(place, line, format!("at most {MOST} elements inside each other"), "more"))
}
