//! What does a line of JSONL say?

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::entities::entities;
use crate::io::documents::{Input, Reader};
use crate::io::error::clip;
use crate::io::lines::Lines;
use crate::io::surface::Claim;
use crate::io::{Error, Notice, ReadOptions};
use crate::text::{Document, Fields, Label, Mention, OffsetUnit, Offsets};

/// The fields that the output has names for.
const KNOWN: [&str; 4] = ["id", "text", "offsets", "mentions"];

/// Reads one document a line.
pub(crate) struct JsonlReader {
    place: String,
    stem: String,
    /// `None` once reading failed.
    lines: Option<Lines>,
    text_field: String,
    id_field: String,
    /// How many documents have a field that had to be renamed.
    renamed: [u64; KNOWN.len()],
}

impl JsonlReader {
    pub(crate) fn new(input: Input, options: &ReadOptions) -> Self {
        Self {
            stem: input.stem().to_owned(),
            place: input.place,
            lines: Some(Lines::new(input.reader)),
            text_field: options.text_field.clone(),
            id_field: options.id_field.clone(),
            renamed: [0; KNOWN.len()],
        }
    }

    fn document(&mut self, line: &str, number: u64) -> Result<Document, Error> {
        let at = At { path: &self.place, line: number, text: line };
        let object = at.object(line, "a JSON object")?;
        let mut id = None;
        let mut text = None;
        let mut unit = OffsetUnit::default();
        let mut mentions = None;
        let mut extra = Fields::new();
        let mut seen: Vec<&str> = Vec::new();
        for (name, value) in &object.0 {
            let name = name.as_str();
            // Two fields of one name: nobody can say which one is meant.
            if seen.contains(&name) {
                return Err(Error::malformed(&self.place, number, "every field once", format!("{name:?} twice")));
            }
            seen.push(name);
            if name == self.text_field {
                text = Some(at.string(value, name)?);
            } else if name == self.id_field {
                id = at.id(value, name, &mut extra)?;
            } else if name == "offsets" {
                let found = at.string(value, name)?;
                unit = found.parse().map_err(|_| at.wrong(value, "byte, char or utf16 as \"offsets\""))?;
            } else if name == "mentions" {
                mentions = Some(*value);
            } else if let Some(index) = KNOWN.iter().position(|known| *known == name) {
                self.renamed[index] += 1;
                let mut new_name = format!("_{name}");
                while object.0.iter().any(|(other, _)| *other == new_name) {
                    new_name.insert(0, '_');
                }
                extra.insert_raw(new_name, (*value).to_owned());
            } else {
                extra.insert_raw(name.to_owned(), (*value).to_owned());
            }
        }
        let Some(text) = text else {
            let names: Vec<String> = seen.iter().take(8).map(|name| format!("{:?}", clip(name))).collect();
            let found = if names.is_empty() { "no fields".to_owned() } else { format!("only {}", names.join(", ")) };
            return Err(Error::malformed(&self.place, number, format!("a field {:?}", self.text_field), found));
        };
        let mut document = Document::new(id.unwrap_or_else(|| format!("{}:{number}", self.stem)), text);
        if let Some(list) = mentions {
            document.mentions = at.mentions(list, &Offsets::new(&document.text, unit), &document.text)?;
        }
        if let Some(list) = extra.raw_value("entities").and_then(|value| entities(value, &document)) {
            document.entities = list;
            extra.remove("entities");
        }
        document.extra = extra;
        Ok(document)
    }
}

impl Reader for JsonlReader {
    fn next(&mut self, notices: &mut Vec<Notice>) -> Option<Result<Document, Error>> {
        let mut lines = self.lines.take()?;
        loop {
            match lines.next() {
                Err(error) => return Some(Err(Error::read(&self.place, error))),
                Ok(None) => {
                    for (field, count) in KNOWN.iter().zip(self.renamed).filter(|(_, count)| *count > 0) {
                        notices.push(Notice::Renamed { path: self.place.clone(), field: (*field).to_owned(), count });
                    }
                    return None;
                }
                Ok(Some(line)) if line.bytes.trim_ascii().is_empty() => {}
                Ok(Some(line)) => {
                    let number = line.number;
                    let document = line.text(&self.place).and_then(|text| self.document(text, number));
                    self.lines = Some(lines);
                    return Some(document);
                }
            }
        }
    }
}

/// A JSON object whose values are not parsed yet.
pub(super) struct Object<'a>(pub(super) Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;

        impl<'de> Visitor<'de> for Collect {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Object(fields))
            }
        }

        deserializer.deserialize_map(Collect)
    }
}

/// The line that is being read, for its errors.
struct At<'l> {
    path: &'l str,
    line: u64,
    text: &'l str,
}

impl<'l> At<'l> {
    /// The column (in characters, from 1) of a part of the line.
    fn column(&self, part: &str) -> usize {
        let byte = (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        self.text.get(..byte).map_or(1, |before| before.chars().count() + 1)
    }

    /// A value that is not what it should be.
    fn wrong(&self, value: &RawValue, expected: &str) -> Error {
        let raw = value.get();
        let kind = match raw.as_bytes().first() {
            Some(b'"') => "the string ",
            Some(b'{') => "the object ",
            Some(b'[') => "the list ",
            Some(b'0'..=b'9' | b'-') => "the number ",
            _ => "",
        };
        let found = format!("{kind}{} in column {}", clip(raw), self.column(raw));
        Error::malformed(self.path, self.line, expected, found)
    }

    /// Parses a part of the line.
    fn parse<T: Deserialize<'l>>(&self, part: &'l str, expected: &str) -> Result<T, Error> {
        serde_json::from_str(part).map_err(|error| {
            let message = error.to_string();
            let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
            let message = match message {
                // What serde_json says of half a surrogate pair, by what stands behind it.
                "unexpected end of hex escape" | "lone leading surrogate in hex escape" => {
                    "an escape that is half of a surrogate pair"
                }
                other => other,
            };
            // serde_json counts the bytes of the part.
            let byte = error.column().saturating_sub(1).min(part.len());
            let column = self.column(part) + String::from_utf8_lossy(&part.as_bytes()[..byte]).chars().count();
            Error::malformed(self.path, self.line, expected, format!("{message} in column {column}"))
        })
    }

    fn object(&self, part: &'l str, expected: &str) -> Result<Object<'l>, Error> {
        self.parse(part, expected)
    }

    fn string(&self, value: &'l RawValue, name: &str) -> Result<String, Error> {
        let expected = format!("a string as {name:?}");
        if value.get().starts_with('"') {
            self.parse(value.get(), &expected)
        } else {
            Err(self.wrong(value, &expected))
        }
    }

    /// The id, where there is one. A number is its digits; it is also kept in `extra` and so written as a number again.
    fn id(&self, value: &'l RawValue, name: &str, extra: &mut Fields) -> Result<Option<String>, Error> {
        match value.get().as_bytes().first() {
            Some(b'n') => Ok(None),
            Some(b'0'..=b'9' | b'-') => {
                extra.insert_raw("id".to_owned(), value.to_owned());
                Ok(Some(value.get().to_owned()))
            }
            Some(b'"') => self.string(value, name).map(Some),
            _ => Err(self.wrong(value, &format!("a string or a number as {name:?}"))),
        }
    }

    fn mentions(&self, list: &'l RawValue, offsets: &Offsets<'_>, text: &str) -> Result<Vec<Mention>, Error> {
        if !list.get().starts_with('[') {
            return Err(self.wrong(list, "a list as \"mentions\""));
        }
        let list: Vec<&'l RawValue> = self.parse(list.get(), "a list as \"mentions\"")?;
        list.into_iter().map(|mention| self.mention(mention, offsets, text)).collect()
    }

    fn mention(&self, value: &'l RawValue, offsets: &Offsets<'_>, text: &str) -> Result<Mention, Error> {
        if !value.get().starts_with('{') {
            return Err(self.wrong(value, "an object as a mention"));
        }
        let object = self.object(value.get(), "an object as a mention")?;
        let (mut start, mut end, mut label, mut surface) = (None, None, None, None);
        let (mut score, mut entity, mut extra) = (None, None, Fields::new());
        for (name, field) in object.0 {
            match name.as_str() {
                "start" | "end" => {
                    let number: usize = serde_json::from_str(field.get())
                        .map_err(|_| self.wrong(field, &format!("a whole number from 0 as {name:?} of a mention")))?;
                    *(if name == "start" { &mut start } else { &mut end }) = Some(number);
                }
                "text" => surface = Some(self.string(field, "text")?),
                "label" => label = Some(self.string(field, "label")?),
                "score" if field.get() == "null" => {}
                "score" => {
                    let number: Option<f32> = serde_json::from_str(field.get()).ok();
                    let number = number.filter(|number| (0.0..=1.0).contains(number));
                    score = Some(number.ok_or_else(|| self.wrong(field, "a number from 0 to 1 as \"score\""))?);
                }
                "entity" if field.get() == "null" => {}
                "entity" => entity = Some(self.string(field, "entity")?),
                _ => extra.insert_raw(name, field.to_owned()),
            }
        }
        let missing = |name: &str| self.wrong(value, &format!("a mention with {name:?}"));
        let start = start.ok_or_else(|| missing("start"))?;
        let end = end.ok_or_else(|| missing("end"))?;
        let label = label.ok_or_else(|| missing("label"))?;
        if label.is_empty() {
            return Err(self.wrong(value, "a mention whose label is not empty"));
        }
        let claim = Claim { path: self.path, line: self.line, range: (start, end), surface: surface.as_deref() };
        let span = claim.span(text, offsets)?;
        Ok(Mention { score, entity, extra, ..Mention::new(span, Label::new(&label)) })
    }
}
