//! Reads the text that a reader of the page sees.

use std::io::Read;

use dom_smoothie::{Config, Readability, TextMode};
use encoding_rs::{Encoding, UTF_8};

use super::depth::{MOST, too_deep};
use crate::io::lines::{Place, utf8};
use crate::io::reader::{DocumentReader, Input};
use crate::io::{Error, Notice};
use crate::text::Document;

/// How many bytes the HTML standard searches for a declaration of the encoding.
const DECLARATION: usize = 1024;

/// Reads one document: the headline, a blank line, and the article's text; all visible text where a page holds no article.
pub(crate) struct HtmlReader(Option<Input>);

impl HtmlReader {
    pub(crate) fn new(input: Input) -> Self {
        Self(Some(input))
    }
}

impl DocumentReader for HtmlReader {
    fn next(&mut self, _notices: &mut Vec<Notice>) -> Option<Result<Document, Error>> {
        let mut input = self.0.take()?;
        let mut bytes = Vec::new();
        if let Err(source) = input.reader.read_to_end(&mut bytes) {
            return Some(Err(Error::read(&input.place, source)));
        }
        Some(decode(&bytes, &input.place).and_then(|page| {
            check_depth(&page, &input.place)?;
            Ok(Document::new(input.id, visible_text(&page)))
        }))
    }
}

/// A page that is nested without end would take the stack or the day.
fn check_depth(page: &str, place: &str) -> Result<(), Error> {
    let Some(at) = too_deep(page) else { return Ok(()) };
    let line = 1 + page[..at].bytes().filter(|&byte| byte == b'\n').count() as u64;
    Err(Error::malformed(place, line, format!("at most {MOST} elements inside each other"), "more"))
}

/// Decodes the page: by its byte order mark, by its `<meta charset>`, or as UTF-8, in this order.
fn decode(bytes: &[u8], place: &str) -> Result<String, Error> {
    let (encoding, rest) = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => (encoding, &bytes[length..]),
        None => (declared(bytes).unwrap_or(UTF_8), bytes),
    };
    if encoding == UTF_8 {
        let byte = (bytes.len() - rest.len()) as u64;
        return utf8(rest, place, Place { line: 1, byte }).map(str::to_owned);
    }
    match encoding.decode_without_bom_handling_and_without_replacement(rest) {
        Some(text) => Ok(text.into_owned()),
        None => {
            let mut decoder = encoding.new_decoder_without_bom_handling();
            let mut text =
                String::with_capacity(decoder.max_utf8_buffer_length_without_replacement(rest.len()).unwrap_or(0));
            let (_, read) = decoder.decode_to_string_without_replacement(rest, &mut text, true);
            Err(Error::Encoding {
                path: place.to_owned(),
                line: 1 + text.bytes().filter(|&byte| byte == b'\n').count() as u64,
                expected: format!("{}, as the page declares", encoding.name()),
                found: "other bytes".to_owned(),
                byte: (bytes.len() - rest.len() + read) as u64,
            })
        }
    }
}

/// The encoding that the page declares.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(DECLARATION)]).to_ascii_lowercase();
    let meta = head.match_indices("<meta").find_map(|(start, _)| {
        let tag = head[start..].split('>').next()?;
        let label = tag.split_once("charset")?.1.trim_start().strip_prefix('=')?;
        Some(label.trim_start().trim_start_matches(['"', '\'']).to_owned())
    })?;
    let label = meta.split(['"', '\'', ' ', ';', '/', '>']).next()?;
    let encoding = Encoding::for_label(label.as_bytes())?;
    // The page could be searched as ASCII, so it cannot be UTF-16 (HTML standard, 13.2.3.2).
    Some(if encoding.name().starts_with("UTF-16") { UTF_8 } else { encoding })
}

fn visible_text(page: &str) -> String {
    let config = Config { text_mode: TextMode::Formatted, ..Config::default() };
    let article = Readability::new(page, None, Some(config)).and_then(|mut page| page.parse()).ok();
    if let Some(article) = article {
        let body = article.text_content.trim();
        if !body.is_empty() {
            let title = article.title.split_whitespace().collect::<Vec<_>>().join(" ");
            let first = body.lines().next().unwrap_or_default().trim();
            return if title.is_empty() || first == title { body.to_owned() } else { format!("{title}\n\n{body}") };
        }
    }
    match Readability::new(page, None, None) {
        Ok(page) => {
            page.doc.select("head, script, style, noscript, template, svg, [hidden]").remove();
            page.doc.formatted_text().trim().to_owned()
        }
        Err(error) => unreachable!("only a bad address is refused, and none is given: {error}"),
    }
}
