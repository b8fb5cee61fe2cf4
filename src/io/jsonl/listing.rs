//! JSON files that are larger than a document may be: their documents are read one by one.
//!
//! The parser drives its visitors, and documents are asked for one at a time: so it runs on a thread of its own, one document ahead.

use std::io::{self, BufRead};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::tape::{Part, Tape};
use super::values::{has_text, is_document_of_list};
use crate::io::Error;
use crate::io::error::json_message;
use crate::io::lines::{Place, utf8};

/// The documents of a large JSON text, as they are found.
pub(super) struct Listing {
    found: Receiver<Found>,
}

/// What is in a large JSON text.
#[derive(Debug)]
pub(super) enum Found {
    /// A document, its line (from 1) and its number among the documents (from 1).
    Document {
        text: String,
        line: u64,
        number: u64,
    },
    /// A field beside the list of documents.
    Beside(String),
    Failed(Error),
}

/// What is known of a text before it is read.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) path: String,
    /// The name of the field that holds the text of a document.
    pub(super) text_name: String,
    /// Most bytes of a document.
    pub(super) limit: u64,
}

impl Listing {
    pub(super) fn read(reader: Box<dyn BufRead + Send>, known: Known) -> Self {
        let (sender, found) = sync_channel(1);
        std::thread::spawn(move || Reader::new(reader, known, Out::To(sender)).read());
        Self { found }
    }

    /// What comes next; `None` at the end.
    pub(super) fn next(&self) -> Option<Found> {
        self.found.recv().ok()
    }
}

/// Whether the beginning of a text shows a list of documents.
pub(super) fn begins_list(head: &[u8], known: Known) -> bool {
    let mut reader = Reader::new(Box::new(io::Cursor::new(head.to_vec())), known, Out::Nowhere);
    reader.read();
    reader.is_list
}

/// Where documents go.
enum Out {
    To(SyncSender<Found>),
    Nowhere,
}

struct Reader {
    tape: Tape,
    known: Known,
    out: Out,
    n_documents: u64,
    /// Whether a list of documents was met.
    is_list: bool,
}

/// Nobody wants more, or more cannot be read.
struct Ended;

impl Reader {
    fn new(reader: Box<dyn BufRead>, known: Known, out: Out) -> Self {
        Self { tape: Tape::new(reader, known.limit), known, out, n_documents: 0, is_list: false }
    }

    /// Reads one value after the other.
    fn read(&mut self) {
        loop {
            match self.tape.skip_blanks() {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => return drop(self.send(Found::Failed(Error::read(&self.known.path, error)))),
            }
            let line = self.tape.line();
            self.tape.begin_whole();
            let mut parser = serde_json::Deserializer::from_reader(self.tape.clone());
            let taken = parser.deserialize_any(Value(self));
            let whole = self.tape.end_whole();
            let sent = match taken {
                Ok(Taken::Documents) => Ok(()),
                Ok(Taken::Nothing) => self.document(whole),
                Err(error) => {
                    let failed = self.failed(error, line);
                    drop(self.send(Found::Failed(failed)));
                    return;
                }
            };
            if sent.is_err() {
                return;
            }
        }
    }

    fn failed(&self, error: serde_json::Error, start: u64) -> Error {
        let (path, limit) = (self.known.path.clone(), self.known.limit);
        if error.io_error_kind() == Some(io::ErrorKind::FileTooLarge) {
            return Error::TooLarge { path, line: start, limit };
        }
        if error.is_io() {
            return Error::read(&path, error.into());
        }
        let message = json_message(&error);
        let line = start + (error.line() as u64).saturating_sub(1);
        Error::malformed(&path, line, "JSON", format!("{message} in column {}", error.column()))
    }

    fn send(&self, found: Found) -> Result<(), Ended> {
        match &self.out {
            Out::To(sender) => sender.send(found).map_err(|_| Ended),
            Out::Nowhere => Ok(()),
        }
    }

    /// Sends a document, or why it is none.
    fn document(&mut self, part: Part) -> Result<(), Ended> {
        let Part { line, byte, bytes, is_too_large, .. } = part;
        let (path, limit) = (self.known.path.clone(), self.known.limit);
        if bytes.trim_ascii() == b"null" {
            return Ok(());
        }
        self.n_documents += 1;
        if is_too_large {
            return self.send(Found::Failed(Error::TooLarge { path, line, limit }));
        }
        match utf8(&bytes, &path, Place { line, byte }) {
            Ok(text) => self.send(Found::Document { text: text.to_owned(), line, number: self.n_documents }),
            Err(error) => self.send(Found::Failed(error)),
        }
    }
}

/// What a value turned out to be.
enum Taken {
    /// A list of documents, or an object that has one: they were sent.
    Documents,
    /// Something else, which is a document by itself.
    Nothing,
}

/// A value of the text: a list of documents, an object with such a list, or a document.
struct Value<'r>(&'r mut Reader);

impl<'de> Visitor<'de> for Value<'_> {
    type Value = Taken;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a document or a list of documents")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Taken, A::Error> {
        elements(self.0, list, is_document_of_list)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Taken, A::Error> {
        let reader = self.0;
        let (mut documents, mut has_own_text) = (None, false);
        let mut beside = Vec::new();
        while let Some(name) = fields.next_key::<String>()? {
            reader.tape.begin_other();
            has_own_text |= name == reader.known.text_name;
            if documents.is_some() && has_own_text {
                return Err(A::Error::custom(format!("a field {name:?} beside a list of documents")));
            }
            let field = Field { reader: &mut *reader, may_be_list: !has_own_text };
            match (fields.next_value_seed(field)?, &documents) {
                (Taken::Documents, Some(first)) => {
                    return Err(A::Error::custom(format!("two lists of documents, {first:?} and {name:?}")));
                }
                (Taken::Documents, None) => documents = Some(name),
                (Taken::Nothing, _) => beside.push(name),
            }
            reader.tape.begin_other();
        }
        if documents.is_none() {
            return Ok(Taken::Nothing);
        }
        for name in beside {
            reader.send(Found::Beside(name)).map_err(ended)?;
        }
        Ok(Taken::Documents)
    }
}

/// Sends the elements of a list if the first one that is not null, and not too large to be looked at, is a document.
fn elements<'de, A: SeqAccess<'de>>(
    reader: &mut Reader,
    mut list: A,
    is_document: fn(&str, &str) -> bool,
) -> Result<Taken, A::Error> {
    let mut is_list = None;
    let mut too_large = Vec::new();
    while let Some(part) = list.next_element_seed(Element(&reader.tape))? {
        if part.bytes.trim_ascii() == b"null" {
            continue;
        }
        if is_list.is_none() && part.is_too_large {
            too_large.push(part);
            continue;
        }
        let is_one = *is_list.get_or_insert_with(|| {
            let text = str::from_utf8(&part.bytes).unwrap_or_default();
            is_document(text.trim_ascii(), &reader.known.text_name)
        });
        if is_one {
            reader.is_list = true;
            // It is no document by itself.
            reader.tape.end_whole();
            for part in too_large.drain(..).chain([part]) {
                reader.document(part).map_err(ended)?;
            }
        }
    }
    if is_list.is_none() && !too_large.is_empty() {
        reader.tape.end_whole();
        for part in too_large {
            reader.document(part).map_err(ended)?;
        }
        return Ok(Taken::Documents);
    }
    Ok(if is_list == Some(true) { Taken::Documents } else { Taken::Nothing })
}

fn ended<E: serde::de::Error>(_: Ended) -> E {
    E::custom("nobody wants more")
}

/// An element of a list, as text.
struct Element<'t>(&'t Tape);

impl<'de> DeserializeSeed<'de> for Element<'_> {
    type Value = Part;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Part, D::Error> {
        self.0.begin_element();
        deserializer.deserialize_ignored_any(IgnoredAny)?;
        let mut part = self.0.end_element();
        self.0.begin_other();
        // To find the end of a number, the parser has looked at what follows.
        let first = part.bytes.first().copied().unwrap_or_default();
        if first == b'-' || first.is_ascii_digit() {
            part.bytes.pop();
        }
        Ok(part)
    }
}

/// A field of an object, which may be its list of documents.
struct Field<'r> {
    reader: &'r mut Reader,
    may_be_list: bool,
}

impl<'de> DeserializeSeed<'de> for Field<'_> {
    type Value = Taken;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Taken, D::Error> {
        match self.may_be_list {
            true => deserializer.deserialize_any(self),
            false => deserializer.deserialize_ignored_any(IgnoredAny).map(|_| Taken::Nothing),
        }
    }
}

impl<'de> Visitor<'de> for Field<'_> {
    type Value = Taken;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a field")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Taken, A::Error> {
        elements(self.reader, list, has_text)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Taken, A::Error> {
        while fields.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Taken::Nothing)
    }

    fn visit_str<E>(self, _: &str) -> Result<Taken, E> {
        Ok(Taken::Nothing)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Taken, E> {
        Ok(Taken::Nothing)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Taken, E> {
        Ok(Taken::Nothing)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Taken, E> {
        Ok(Taken::Nothing)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Taken, E> {
        Ok(Taken::Nothing)
    }

    fn visit_unit<E>(self) -> Result<Taken, E> {
        Ok(Taken::Nothing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(limit: u64) -> Known {
        Known { path: "a.json".to_owned(), text_name: "text".to_owned(), limit }
    }

    /// What is found, a line each: the line, the number and the text of a document, a field beside, an error.
    fn found(text: &str, limit: u64) -> Vec<String> {
        let listing = Listing::read(Box::new(io::Cursor::new(text.as_bytes().to_vec())), known(limit));
        let shown = |found| match found {
            Found::Document { text, line, number } => format!("{line} {number} {text}"),
            Found::Beside(name) => format!("beside {name}"),
            Found::Failed(error) => error.to_string(),
        };
        std::iter::from_fn(|| listing.next()).map(shown).collect()
    }

    #[test]
    fn documents_come_one_by_one_with_their_lines() {
        let too_large =
            |line| format!("a.json:{line}: expected at most 30 bytes in a document (--max-document), found more");
        let long = format!("{{\"text\":\"{}\"}}", "Oslo ".repeat(9));
        for (name, text, want) in [
            (
                "a list",
                "[\n{\"text\":\"Oslo\"},\n null,{\"text\":\n\"Bo]nn\"}]".to_owned(),
                vec!["2 1 {\"text\":\"Oslo\"}".to_owned(), "3 2 {\"text\":\n\"Bo]nn\"}".to_owned()],
            ),
            (
                "one is too large",
                format!("[{{\"text\":\"Oslo\"}},\n{long},\n{{\"text\":\"Bonn\"}}]"),
                vec!["1 1 {\"text\":\"Oslo\"}".to_owned(), too_large(2), "3 3 {\"text\":\"Bonn\"}".to_owned()],
            ),
            (
                "a field",
                "{\"n\":1e3,\"tags\":[\"a\",7],\n\"articles\" : [ {\"text\":\"Oslo\"} ,{\"text\":\"Bonn\"}],\"last\":{}}\n".to_owned(),
                ["2 1 {\"text\":\"Oslo\"}", "2 2 {\"text\":\"Bonn\"}", "beside n", "beside tags", "beside last"]
                    .map(str::to_owned)
                    .into(),
            ),
            (
                "one after the other",
                "{\n\"text\":\"Oslo\"}\n{\n\"text\":\"Bonn\"}".to_owned(),
                vec!["1 1 {\n\"text\":\"Oslo\"}".to_owned(), "3 2 {\n\"text\":\"Bonn\"}".to_owned()],
            ),
            ("too large by itself", long.clone(), vec![too_large(1)]),
            ("another element", "[{\"text\":\"Oslo\"},7 ,8]".to_owned(), ["1 1 {\"text\":\"Oslo\"}", "1 2 7", "1 3 8"].map(str::to_owned).into()),
            (
                "it breaks off",
                "[{\"text\":\"Oslo\"},\n{\"text\":".to_owned(),
                vec!["1 1 {\"text\":\"Oslo\"}".to_owned(), "a.json:2: expected JSON, found EOF while parsing a value in column 8".to_owned()],
            ),
            (
                "two lists",
                "{\"a\":[{\"text\":\"Oslo\"}],\"b\":[{\"text\":\"Bonn\"}]}".to_owned(),
                vec![
                    "1 1 {\"text\":\"Oslo\"}".to_owned(),
                    "1 2 {\"text\":\"Bonn\"}".to_owned(),
                    "a.json:1: expected JSON, found two lists of documents, \"a\" and \"b\" in column 45".to_owned(),
                ],
            ),
        ] {
            assert_eq!(found(&text, 30), want, "{name}");
        }
    }

    #[test]
    fn the_beginning_shows_a_list() {
        for (head, want) in [
            ("[{\"text\":\"Oslo\"},{\"te", true),
            ("{\"n\":1,\"articles\":[{\"text\":\"Oslo\"},{\"te", true),
            ("{\"text\":\"Oslo and", false),
            ("{\"text\":\"a\",\"entities\":[{\"text\":\"Oslo\"},", false),
            ("[\"Oslo\",{\"entities\":", false),
            ("[{\"start\":1,\"end\":2},", false),
            ("7", false),
        ] {
            assert_eq!(begins_list(head.as_bytes(), known(100)), want, "{head}");
        }
    }

    #[test]
    fn brackets_without_end_are_too_many() {
        let deep = format!("[{{\"text\":\"Oslo\"}},{}", "[".repeat(3 << 20));
        let found = found(&deep, 30);
        assert_eq!(found.len(), 2);
        assert!(found[1].contains("expected at most 30 bytes"), "{}", found[1]);
    }
}
