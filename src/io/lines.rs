//! Reads line by line and keeps count of the place.

use std::io::{self, BufRead, Read};

use super::mark::BYTE_ORDER_MARK;
use super::{Error, ReadOptions};
use crate::text::{LineEnd, Mark};

/// Reads a file line by line. Memory is bounded by the longest line; no more is asked of the reader than it takes to see the line end.
pub(crate) struct Lines {
    reader: Box<dyn BufRead + Send>,
    buffer: Vec<u8>,
    number: u64,
    offset: u64,
    mark: Mark,
    /// Most bytes that are kept of a line.
    limit: u64,
}

/// One line.
pub(crate) struct RawLine<'b> {
    /// The line's number, from 1.
    pub(crate) number: u64,
    /// Its start in the file, in bytes from 0.
    pub(crate) offset: u64,
    /// Without its end, and without the byte order mark of the file.
    pub(crate) bytes: &'b [u8],
    /// `None` for a last line without an end.
    pub(crate) end: Option<LineEnd>,
    /// The limit that the line is beyond; its bytes are not kept then.
    over: Option<u64>,
}

impl Lines {
    pub(crate) fn new(reader: Box<dyn BufRead + Send>) -> Self {
        Self { reader, buffer: Vec::new(), number: 0, offset: 0, mark: Mark::None, limit: ReadOptions::MAX_DOCUMENT }
    }

    /// Sets the most bytes that a line may have; a longer one is an error, and the next one follows.
    pub(crate) fn limit(self, limit: u64) -> Self {
        Self { limit, ..self }
    }

    /// The byte order mark of the file; known once the first line was read.
    pub(crate) fn mark(&self) -> Mark {
        self.mark
    }

    /// The next line, or `None` at the end of the file.
    pub(crate) fn next(&mut self) -> io::Result<Option<RawLine<'_>>> {
        let mut offset = self.offset;
        self.buffer.clear();
        // Two more for the line end.
        let mut n = (&mut self.reader).take(self.limit.saturating_add(2)).read_until(b'\n', &mut self.buffer)?;
        if n == 0 {
            return Ok(None);
        }
        let mut over = None;
        if without_end(&self.buffer).len() as u64 > self.limit {
            over = Some(self.limit);
            if !self.buffer.ends_with(b"\n") {
                n += self.reader.skip_until(b'\n')?;
            }
            self.buffer = b"...".to_vec();
        }
        self.offset += n as u64;
        self.number += 1;
        let mut bytes = self.buffer.as_slice();
        let mut end = None;
        if let Some(rest) = bytes.strip_suffix(b"\n") {
            (bytes, end) = match rest.strip_suffix(b"\r") {
                Some(rest) => (rest, Some(LineEnd::CrLf)),
                None => (rest, Some(LineEnd::Lf)),
            };
        }
        if self.number == 1
            && let Some(rest) = bytes.strip_prefix(BYTE_ORDER_MARK)
        {
            (bytes, offset, self.mark) = (rest, offset + 3, Mark::ByteOrder);
        }
        Ok(Some(RawLine { number: self.number, offset, bytes, end, over }))
    }
}

fn without_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

impl<'b> RawLine<'b> {
    /// The line as text.
    ///
    /// # Errors
    /// When it is not UTF-8, or longer than the limit.
    pub(crate) fn text(&self, path: &str) -> Result<&'b str, Error> {
        if let Some(limit) = self.over {
            return Err(Error::TooLarge { path: path.to_owned(), line: self.number, limit });
        }
        utf8(self.bytes, path, Place { line: self.number, byte: self.offset })
    }
}

#[cfg(feature = "encoding")]
use super::encoding::likely;

/// Without the detector nobody knows.
#[cfg(not(feature = "encoding"))]
fn likely(_bytes: &[u8]) -> Option<String> {
    None
}

/// A place in a file.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    /// From 1.
    pub(crate) line: u64,
    /// From 0.
    pub(crate) byte: u64,
}

/// The bytes as text. An error names the line and the byte that are wrong; `place` is where the bytes begin.
pub(crate) fn utf8<'b>(bytes: &'b [u8], path: &str, place: Place) -> Result<&'b str, Error> {
    std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        let lines = bytes[..at].iter().filter(|&&byte| byte == b'\n').count() as u64;
        let wrong = &bytes[at..bytes.len().min(at + error.error_len().unwrap_or(3))];
        let hex: Vec<String> = wrong.iter().map(|byte| format!("0x{byte:02X}")).collect();
        let utf16 = place.byte == 0 && (bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF"));
        let found = if utf16 { "a UTF-16 byte order mark".to_owned() } else { format!("the bytes {}", hex.join(" ")) };
        Error::Encoding {
            path: path.to_owned(),
            line: place.line + lines,
            expected: "UTF-8".to_owned(),
            found,
            byte: place.byte + at as u64,
            likely: if utf16 { None } else { likely(bytes) },
        }
    })
}
