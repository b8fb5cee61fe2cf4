//! The fields of a document that are text are read with it.
//!
//! They stand behind its text, each after an empty line, so that one pass of a tagger and of the linker sees all of it, and come apart
//! again in the same order.

use std::ops::Range;

use serde_json::Value;
use serde_json::value::RawValue;

use super::options::FieldsKept;
use crate::text::Document;

/// What stands between two parts: no sentence and no name goes over it.
const BETWEEN: &str = "\n\n";

/// What happens to a field.
pub(super) enum Fate {
    /// It stays as it is.
    Kept,
    /// It is read with the text.
    Text(String),
    /// It may hold names that nobody finds.
    LeftOut,
}

impl FieldsKept {
    fn has(&self, name: &str) -> bool {
        match self {
            Self::None => false,
            Self::Named(names) => names.iter().any(|kept| kept == name),
            Self::All => true,
        }
    }

    pub(super) fn fate(&self, name: &str, value: &RawValue) -> Fate {
        if self.has(name) {
            return Fate::Kept;
        }
        match serde_json::from_str(value.get()) {
            Ok(Value::String(text)) if text.contains(char::is_whitespace) => Fate::Text(text),
            Ok(Value::String(text)) if !text.contains(char::is_alphabetic) => Fate::Kept,
            Ok(Value::Null | Value::Bool(_) | Value::Number(_)) => Fate::Kept,
            _ => Fate::LeftOut,
        }
    }
}

/// A part of a joined document: its text, or a field of this name.
pub(super) struct PartOf {
    pub(super) field: Option<String>,
    pub(super) range: Range<usize>,
}

fn texts<'d>(document: &'d Document, kept: &'d FieldsKept) -> impl Iterator<Item = (&'d str, String)> {
    document.extra.iter().filter_map(|(name, value)| match kept.fate(name, value) {
        Fate::Text(text) => Some((name, text)),
        Fate::Kept | Fate::LeftOut => None,
    })
}

/// The document with its fields behind its text.
pub(super) fn join(mut document: Document, kept: &FieldsKept) -> Document {
    let behind: String = texts(&document, kept).map(|(_, text)| format!("{BETWEEN}{text}")).collect();
    document.text.push_str(&behind);
    document.layout = None;
    document
}

/// The parts of a document that [`join`] has made.
pub(super) fn parts(document: &Document, kept: &FieldsKept) -> Vec<PartOf> {
    let mut end = document.text.len();
    let fields: Vec<(&str, String)> = texts(document, kept).collect();
    let mut parts: Vec<PartOf> = Vec::with_capacity(fields.len() + 1);
    for (name, text) in fields.iter().rev() {
        let start = end.saturating_sub(text.len());
        parts.push(PartOf { field: Some((*name).to_owned()), range: start..end });
        end = start.saturating_sub(BETWEEN.len());
    }
    parts.push(PartOf { field: None, range: 0..end });
    parts.reverse();
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_come_apart_as_they_were() {
        let mut document = Document::new("a", "Maria Lopez left.\n\n");
        for (name, value) in [
            ("title", "Lopez leaves".into()),
            ("url", "https://news.example/lopez-leaves".into()),
            ("year", 2026.into()),
            ("date", "2026-11-26".into()),
            ("authors", serde_json::json!(["Jane Doe"])),
            ("byline", "By Jane\u{a0}Doe".into()),
        ] {
            document.extra.insert(name.to_owned(), value);
        }
        let joined = join(document.clone(), &FieldsKept::None);
        let got: Vec<(Option<String>, &str)> =
            parts(&joined, &FieldsKept::None).into_iter().map(|part| (part.field, &joined.text[part.range])).collect();
        let field = |name: &str| Some(name.to_owned());
        let want =
            [(None, "Maria Lopez left.\n\n"), (field("title"), "Lopez leaves"), (field("byline"), "By Jane\u{a0}Doe")];
        assert_eq!(got, want);
        let left_out: Vec<&str> = document
            .extra
            .iter()
            .filter(|(name, value)| matches!(FieldsKept::None.fate(name, value), Fate::LeftOut))
            .map(|(name, _)| name)
            .collect();
        assert_eq!(left_out, ["url", "authors"]);
        let named = FieldsKept::Named(vec!["title".to_owned()]);
        assert_eq!(parts(&join(document.clone(), &named), &named).len(), 2);
        assert_eq!(parts(&join(document, &FieldsKept::All), &FieldsKept::All).len(), 1);
    }
}
