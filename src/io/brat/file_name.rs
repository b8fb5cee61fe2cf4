//! File names for ids of any kind, and back.

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

/// What some file system forbids in a name, and what marks an escape.
const RESERVED: &AsciiSet =
    &CONTROLS.add(b'/').add(b'\\').add(b'%').add(b':').add(b'*').add(b'?').add(b'"').add(b'<').add(b'>').add(b'|');

/// A file name that no other id has: what a name cannot hold is percent-encoded.
pub(crate) fn file_name(id: &str) -> String {
    if id.is_empty() {
        // No other id is encoded so.
        return "%".to_owned();
    }
    let name = utf8_percent_encode(id, RESERVED).to_string();
    match name.strip_prefix('.') {
        // Hidden files are not read again.
        Some(rest) => format!("%2E{rest}"),
        None => name,
    }
}

/// The id that [`file_name`] made this name of; any other name is an id as it is.
pub(super) fn document_id(stem: &str) -> String {
    let (folder, name) = stem.rsplit_once('/').map_or(("", stem), |(folder, name)| (folder, name));
    let decoded =
        if name == "%" { Some(String::new()) } else { percent_decode_str(name).decode_utf8().ok().map(Into::into) };
    let name = decoded.filter(|id| file_name(id) == name).unwrap_or_else(|| name.to_owned());
    if folder.is_empty() { name } else { format!("{folder}/{name}") }
}
