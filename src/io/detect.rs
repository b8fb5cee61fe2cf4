//! Which format does an input have, and how far must it be read to know?

use std::io::{self, BufRead};

use super::Format;
use super::format::{TSV_HEADER, extension};
use super::mark::BYTE_ORDER_MARK;
use super::source::{Origin, Source};

/// How much of an input is looked at, in bytes.
const HEAD: usize = 1 << 16;

/// What an input was found to be.
pub(crate) struct Detected {
    /// `None` for a file that somebody found rather than named, and that is not text.
    pub(crate) format: Option<Format>,
    /// What was read to find out.
    pub(crate) head: Vec<u8>,
}

/// The format of a source: as asked for, by its name, or by its content, in this order. Nothing is read where the name decides.
pub(crate) fn detect(source: &Source, asked: Option<Format>, reader: &mut dyn BufRead) -> io::Result<Detected> {
    if let Some(format) = asked.or_else(|| by_name(source)) {
        return Ok(Detected { format: Some(format), head: Vec::new() });
    }
    let head = read_head(reader)?;
    let is_found = source.origin != Origin::Named;
    let format = if is_found && is_binary(&source.id, &head) {
        None
    } else if head.starts_with(TSV_HEADER.as_bytes()) {
        Some(Format::Tsv)
    } else {
        Some(Format::from_content(&head).unwrap_or(Format::Text))
    };
    Ok(Detected { format, head })
}

fn by_name(source: &Source) -> Option<Format> {
    #[cfg(feature = "files")]
    if source.location.path().and_then(super::brat::annotations_of).is_some() {
        return Some(Format::Brat);
    }
    Format::from_name(&source.id)
}

/// Whether a file that was merely found is not text: it has NUL bytes, and neither its name nor a byte order mark speak for text.
fn is_binary(name: &str, head: &[u8]) -> bool {
    let named = matches!(extension(name).as_deref(), Some("txt" | "text" | "md" | "tsv" | "csv"));
    let marked = [&b"\xFF\xFE"[..], b"\xFE\xFF", BYTE_ORDER_MARK].iter().any(|mark| head.starts_with(mark));
    !named && !marked && head.contains(&0)
}

/// Reads far enough to tell the format: the first line of what looks like JSON or begins a CoNLL document, 64 KiB of anything else.
fn read_head(reader: &mut dyn BufRead) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    while head.len() < HEAD && !Format::is_certain_from(&head) {
        let chunk = match reader.fill_buf() {
            Ok(chunk) => chunk,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            // The reader meets it again and reports it with the documents before it.
            Err(_) if !head.is_empty() => break,
            Err(error) => return Err(error),
        };
        if chunk.is_empty() {
            break;
        }
        let n = chunk.len();
        head.extend_from_slice(chunk);
        reader.consume(n);
    }
    Ok(head)
}
