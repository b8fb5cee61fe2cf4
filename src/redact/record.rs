//! Which spelling stood where in a document.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::Error;
use super::hash::sha256;

/// A document that was redacted: what stood where its pseudonyms are.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The id of the document.
    pub document: String,
    /// The SHA-256 of its text, as it was.
    pub source: String,
    /// Its text, and its fields that were redacted.
    pub parts: Vec<Part>,
    /// The fields that were left out, with their values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<(String, Box<RawValue>)>,
}

/// The text of a document, or one of its fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// The name of the field; `None` for the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The SHA-256 of the redacted text.
    pub sha256: String,
    /// The pseudonyms in it, in order.
    pub occurrences: Vec<Occurrence>,
}

/// A pseudonym in a redacted text, and what it stands for there. In the table it is a list: `[0, "Person 1", "Maria Lopez"]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(usize, String, String)", into = "(usize, String, String)")]
pub struct Occurrence {
    /// The first byte of the pseudonym in the redacted text.
    pub start: usize,
    /// The pseudonym.
    pub pseudonym: String,
    /// What stood there.
    pub text: String,
}

impl From<(usize, String, String)> for Occurrence {
    fn from((start, pseudonym, text): (usize, String, String)) -> Self {
        Self { start, pseudonym, text }
    }
}

impl From<Occurrence> for (usize, String, String) {
    fn from(occurrence: Occurrence) -> Self {
        (occurrence.start, occurrence.pseudonym, occurrence.text)
    }
}

impl Record {
    /// The part that is the text; a record without one has an empty one.
    pub(super) fn text(&self) -> Option<&Part> {
        self.parts.iter().find(|part| part.field.is_none())
    }
}

impl Part {
    /// Whether this is the redacted text of the part.
    pub(super) fn is_of(&self, redacted: &str) -> bool {
        self.sha256 == sha256(redacted)
    }

    /// What the part was, before it became this text.
    pub(super) fn undo(&self, id: &str, redacted: &str) -> Result<String, Error> {
        let name = || self.field.clone().unwrap_or_else(|| "text".to_owned());
        if !self.is_of(redacted) {
            return Err(Error::Edited { id: id.to_owned(), part: name() });
        }
        let mut text = String::with_capacity(redacted.len());
        let mut done = 0;
        for Occurrence { start, pseudonym, text: before } in &self.occurrences {
            let found = redacted.get(*start..).is_some_and(|rest| rest.starts_with(pseudonym.as_str()));
            let between = redacted.get(done..*start);
            let (true, Some(between)) = (found, between) else {
                return Err(Error::Misplaced {
                    id: id.to_owned(),
                    part: name(),
                    pseudonym: pseudonym.clone(),
                    start: *start,
                });
            };
            text.push_str(between);
            text.push_str(before);
            done = start + pseudonym.len();
        }
        text.push_str(&redacted[done..]);
        Ok(text)
    }

    /// The occurrences with the first byte that each had before.
    pub(super) fn before(&self) -> impl Iterator<Item = (usize, &Occurrence)> {
        let mut shift = 0_isize;
        self.occurrences.iter().map(move |occurrence| {
            let start = occurrence.start.saturating_add_signed(shift);
            shift += occurrence.text.len() as isize - occurrence.pseudonym.len() as isize;
            (start, occurrence)
        })
    }
}
