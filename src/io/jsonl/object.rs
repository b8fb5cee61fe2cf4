//! JSON objects whose values are parsed one by one, with errors that name the column.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::io::Error;
use crate::io::error::{clip, json_message};

/// A JSON object whose values are not parsed yet.
pub(in crate::io) struct Object<'a>(pub(in crate::io) Vec<(String, &'a RawValue)>);

impl Object<'_> {
    /// The first name that occurs again.
    pub(in crate::io) fn repeated(&self) -> Option<&str> {
        let mut names: Vec<&str> = self.0.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        names.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0])
    }
}

/// Named values as the text of a JSON object.
#[cfg(feature = "arrow")]
pub(in crate::io) fn object_of<'a>(fields: impl IntoIterator<Item = (&'a str, &'a RawValue)>) -> String {
    let mut text = Vec::new();
    let mut serializer = serde_json::Serializer::new(&mut text);
    serde::Serializer::collect_map(&mut serializer, fields).expect("names and values are written as JSON");
    String::from_utf8(text).expect("JSON is text")
}

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

/// The line that is being parsed, for its errors.
pub(in crate::io) struct At<'l> {
    pub(in crate::io) path: &'l str,
    /// From 1.
    pub(in crate::io) line: u64,
    pub(in crate::io) text: &'l str,
}

impl<'l> At<'l> {
    /// The column of a part of the line, in characters from 1.
    fn column(&self, part: &str) -> usize {
        let byte = (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        self.text.get(..byte).map_or(1, |before| before.chars().count() + 1)
    }

    pub(in crate::io) fn malformed(&self, expected: impl Into<String>, found: impl Into<String>) -> Error {
        Error::malformed(self.path, self.line, expected, found)
    }

    /// The error for a value that is not what was expected.
    pub(in crate::io) fn wrong(&self, value: &RawValue, expected: &str) -> Error {
        let raw = value.get();
        let kind = match raw.as_bytes().first() {
            Some(b'"') => "the string ",
            Some(b'{') => "the object ",
            Some(b'[') => "the list ",
            Some(b'0'..=b'9' | b'-') => "the number ",
            _ => "",
        };
        self.malformed(expected, format!("{kind}{} in column {}", clip(raw), self.column(raw)))
    }

    /// Parses a part of the line.
    pub(in crate::io) fn parse<T: Deserialize<'l>>(&self, part: &'l str, expected: &str) -> Result<T, Error> {
        serde_json::from_str(part).map_err(|error| {
            let message = json_message(&error);
            let message = match message.as_str() {
                // The two messages of serde_json for half a surrogate pair; which one depends on what follows.
                "unexpected end of hex escape" | "lone leading surrogate in hex escape" => {
                    "an escape that is half of a surrogate pair"
                }
                other => other,
            };
            // serde_json counts the bytes of the part.
            let byte = error.column().saturating_sub(1).min(part.len());
            let column = self.column(part) + String::from_utf8_lossy(&part.as_bytes()[..byte]).chars().count();
            self.malformed(expected, format!("{message} in column {column}"))
        })
    }

    pub(in crate::io) fn string(&self, value: &'l RawValue, name: &str) -> Result<String, Error> {
        let expected = format!("a string as {name:?}");
        match value.get().starts_with('"') {
            true => self.parse(value.get(), &expected),
            false => Err(self.wrong(value, &expected)),
        }
    }
}
