//! The text of a page's bytes.

use encoding_rs::{Encoding, UTF_8};

use crate::io::lines::{Place, utf8};
use crate::io::{self, Error};

/// How many bytes the HTML standard searches for a declaration of the encoding.
const DECLARATION: usize = 1024;

/// Decodes the page: by its byte order mark, by its `<meta charset>`, or as asked for, in this order.
pub(super) fn decode(bytes: &[u8], asked: &io::Encoding, place: &str) -> Result<String, Error> {
    let (encoding, rest) = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => (encoding, &bytes[length..]),
        None => (declared(bytes).map_or_else(|| fallback(bytes, asked), Ok)?, bytes),
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
                expected: format!("{}, as declared", encoding.name()),
                found: "other bytes".to_owned(),
                byte: (bytes.len() - rest.len() + read) as u64,
                likely: None,
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

#[cfg(feature = "encoding")]
fn fallback(bytes: &[u8], asked: &io::Encoding) -> Result<&'static Encoding, Error> {
    match asked {
        io::Encoding::Named(name) => io::encoding::named(name),
        io::Encoding::Auto if std::str::from_utf8(bytes).is_err() => Ok(io::encoding::guess(bytes)),
        _ => Ok(UTF_8),
    }
}

#[cfg(not(feature = "encoding"))]
fn fallback(_bytes: &[u8], _asked: &io::Encoding) -> Result<&'static Encoding, Error> {
    Ok(UTF_8)
}
