//! JSON files that are not lines: one value over many lines, lists of documents, lists inside of an object.

use std::ops::Range;

use serde_json::value::RawValue;

use super::fields::position;
use super::object::{At, Object};

/// A JSON text with the places of its documents.
pub(super) struct Values {
    text: String,
    /// Line, from 1, and bytes.
    places: std::vec::IntoIter<(u64, Range<usize>)>,
    n_read: u64,
    /// The names of fields beside the list of documents.
    pub(super) envelope: Vec<String>,
}

impl Values {
    /// The documents in a JSON text.
    pub(super) fn parse(text: &str, text_name: &str) -> Result<Self, serde_json::Error> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut parts: Vec<&RawValue> = Vec::new();
        let mut envelope = Vec::new();
        for value in serde_json::Deserializer::from_str(text).into_iter::<&RawValue>() {
            let (documents, beside) = documents(value?, text_name);
            parts.extend(documents);
            envelope.extend(beside);
        }
        let mut places = Vec::with_capacity(parts.len());
        let (mut line, mut counted) = (1, 0);
        for part in parts {
            let start = part.get().as_ptr() as usize - text.as_ptr() as usize;
            line += text.as_bytes()[counted..start].iter().filter(|&&byte| byte == b'\n').count() as u64;
            counted = start;
            places.push((line, start..start + part.get().len()));
        }
        Ok(Self { text: text.to_owned(), places: places.into_iter(), n_read: 0, envelope })
    }

    /// The next document, with its line and its number.
    pub(super) fn next(&mut self) -> Option<(u64, u64, &str)> {
        let (line, place) = self.places.next()?;
        self.n_read += 1;
        Some((line, self.n_read, &self.text[place]))
    }
}

/// The documents that a value holds, and the names of the fields beside them.
fn documents<'v>(value: &'v RawValue, text_name: &str) -> (Vec<&'v RawValue>, Vec<String>) {
    let raw = value.get();
    if raw.starts_with('[') {
        return (elements(raw, text_name).unwrap_or_else(|| vec![value]), Vec::new());
    }
    let Ok(Object(fields)) = serde_json::from_str::<Object<'v>>(raw) else { return (vec![value], Vec::new()) };
    let is_document = position(&fields, text_name).is_some()
        || position(&fields, "data").is_some_and(|index| is_object(fields[index].1));
    let lists: Vec<(usize, Vec<&'v RawValue>)> = fields
        .iter()
        .enumerate()
        .filter_map(|(index, (_, list))| {
            Some((
                index,
                elements(list.get(), text_name).filter(|list| list.iter().any(|part| is_text(part, text_name)))?,
            ))
        })
        .collect();
    match <[_; 1]>::try_from(lists) {
        Ok([(index, list)]) if !is_document => {
            let beside = fields.iter().enumerate().filter(|(other, _)| *other != index);
            (list, beside.map(|(_, (name, _))| name.clone()).collect())
        }
        _ => (vec![value], Vec::new()),
    }
}

/// The elements of a list of documents without its nulls; `None` where it is no such list.
fn elements<'v>(raw: &'v str, text_name: &str) -> Option<Vec<&'v RawValue>> {
    let elements: Vec<&RawValue> = serde_json::from_str(raw).ok()?;
    let is_pair = elements.first().is_some_and(|first| first.get().starts_with('"'));
    let are_mentions =
        !elements.is_empty() && elements.iter().all(|part| is_object(part) && is_mention(part, text_name));
    let is_nested = |part: &&RawValue| part.get().starts_with(['[', '{']) || part.get() == "null";
    if is_pair || are_mentions || !elements.iter().all(is_nested) {
        return None;
    }
    Some(elements.into_iter().filter(|part| part.get() != "null").collect())
}

/// Whether the first element of a list shows that it is one of documents.
pub(super) fn is_document_of_list(element: &str, text_name: &str) -> bool {
    let value: Result<&RawValue, _> = serde_json::from_str(element);
    value.is_ok_and(|value| element.starts_with(['[', '{']) && !(is_object(value) && is_mention(value, text_name)))
}

/// Whether a text of JSON is a document: an object with a text, or a text followed by an object.
pub(super) fn has_text(element: &str, text_name: &str) -> bool {
    serde_json::from_str(element).is_ok_and(|value| is_text(value, text_name))
}

fn is_object(value: &RawValue) -> bool {
    value.get().starts_with('{')
}

fn is_mention(value: &RawValue, text_name: &str) -> bool {
    let Ok(Object(fields)) = serde_json::from_str::<Object<'_>>(value.get()) else { return false };
    let has = |name| position(&fields, name).is_some();
    has("word") && (has("entity") || has("entity_group")) || has("start") && has("end") && !has(text_name)
}

/// Whether a value is a document: an object with a text, or a text followed by an object.
fn is_text(value: &RawValue, text_name: &str) -> bool {
    match value.get().as_bytes().first() {
        Some(b'{') => serde_json::from_str::<Object<'_>>(value.get())
            .is_ok_and(|Object(fields)| position(&fields, text_name).is_some() && position(&fields, "start").is_none()),
        Some(b'[') => super::fields::fields(&At { path: "", line: 1, text: value.get() }, text_name).is_ok(),
        _ => false,
    }
}

/// How a file goes on whose first line is this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// Each line is a document.
    Lines,
    /// Documents are longer than a line, or there are many on one.
    Whole,
}

impl Extent {
    pub(super) fn of(first_line: &str, text_name: &str) -> Self {
        match serde_json::from_str::<&RawValue>(first_line) {
            Ok(value) => {
                let (found, _) = documents(value, text_name);
                let same = matches!(found[..], [only] if std::ptr::eq(only, value));
                if same { Self::Lines } else { Self::Whole }
            }
            // A string does not go on in the next line.
            Err(error) if error.is_eof() && !error.to_string().contains("a string") => Self::Whole,
            Err(_) => Self::Lines,
        }
    }
}
