//! The wire form in memory: strings, and serde for documents and entities.

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::entities::entity;
use super::line::{Names, parse};
use super::object::At;
use super::wire::{Wire, WireEntity, WireMentions, check_entity, check_mentions};
#[cfg(feature = "server")]
use crate::io::lines::{Place, utf8};
use crate::io::sink::WriteError;
use crate::io::{EntitiesWritten, Error};
use crate::text::{Document, Entity, Mention, OffsetUnit, Offsets};

/// What errors call a string.
const PLACE: &str = "<string>";

/// The document on a line of JSONL (or in any JSON object of that form).
///
/// A document without an id has an empty one.
///
/// ```
/// use allonym::io::jsonl;
///
/// let line = r#"{"id": "a", "text": "Visite à Oslo", "mentions": [{"start": 9, "end": 13, "text": "Oslo", "label": "LOC"}]}"#;
/// let document = jsonl::from_str(line)?;
/// assert_eq!(&document.text[document.mentions[0].span.range()], "Oslo");
///
/// let error = jsonl::from_str(&line.replace("9", "8")).unwrap_err();
/// assert_eq!(error.to_string(), r#"<string>:1: expected "Oslo" at 8..13 (char offsets), found " Oslo""#);
/// # Ok::<(), allonym::io::Error>(())
/// ```
///
/// # Errors
/// When the string is not such an object, or the offsets of a mention do not mark its text.
pub fn from_str(line: &str) -> Result<Document, Error> {
    let names = Names { text: "text".to_owned(), id: "id".to_owned(), shape: None };
    parse(&At { path: PLACE, line: 1, text: line }, &names).map(|parsed| parsed.document)
}

/// The document in a part of something larger: `place` names the whole, and `at` is where the part begins. Without an id of its own it
/// has the name of the whole with `number`.
#[cfg(feature = "server")]
pub(crate) fn from_part(bytes: &[u8], place: &str, at: Place, number: u64) -> Result<Document, Error> {
    let text = utf8(bytes, place, at).map_err(Error::without_likely)?;
    let names = Names { text: "text".to_owned(), id: "id".to_owned(), shape: None };
    let parsed = parse(&At { path: place, line: at.line, text }, &names)?;
    let mut document = parsed.document;
    if !parsed.has_id {
        document.id = format!("{place}:{number}");
    }
    Ok(document)
}

/// The document as a line of JSONL, without the line end; offsets count Unicode code points.
///
/// ```
/// use allonym::io::jsonl;
/// use allonym::text::{Document, Label, Mention, Span};
///
/// let mut document = Document::new("a", "Visite à Oslo");
/// document.mentions.push(Mention::new(Span::new(10, 14), Label::new("LOC")));
/// assert_eq!(
///     jsonl::to_string(&document)?,
///     r#"{"id":"a","text":"Visite à Oslo","offsets":"char","mentions":[{"start":9,"end":13,"text":"Oslo","label":"LOC"}]}"#
/// );
/// # Ok::<(), allonym::io::Error>(())
/// ```
///
/// # Errors
/// When a span cuts a character or leaves the text, or an extra field has the name of a field of the form.
pub fn to_string(document: &Document) -> Result<String, Error> {
    let wire = wire(document).map_err(|error| error.at(PLACE, &document.id))?;
    Ok(serde_json::to_string(&wire).expect("strings and numbers are written as JSON"))
}

fn wire(document: &Document) -> Result<Wire<'_>, WriteError> {
    Wire::new(document, Offsets::new(&document.text, OffsetUnit::Char), EntitiesWritten::WherePresent)
}

/// Mentions of a text in the form that they have in a line of JSONL, to be serialised.
///
/// ```
/// use allonym::io::jsonl;
/// use allonym::text::{Label, Mention, OffsetUnit, Span};
///
/// let (text, found) = ("Visite à Oslo", [Mention::new(Span::new(10, 14), Label::new("LOC"))]);
/// let json = serde_json::to_string(&jsonl::Mentions::new(text, &found, OffsetUnit::Utf16))?;
/// assert_eq!(json, r#"[{"start":9,"end":13,"text":"Oslo","label":"LOC"}]"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Mentions<'a> {
    text: &'a str,
    mentions: &'a [Mention],
    offsets: Offsets<'a>,
}

impl<'a> Mentions<'a> {
    /// The mentions of `text`, with offsets that count `unit`.
    pub fn new(text: &'a str, mentions: &'a [Mention], unit: OffsetUnit) -> Self {
        Self { text, mentions, offsets: Offsets::new(text, unit) }
    }
}

/// # Errors
/// When a span cuts a character or leaves the text.
impl Serialize for Mentions<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { text, mentions, offsets } = self;
        check_mentions(mentions, offsets, text).map_err(refused)?;
        WireMentions { list: mentions, text, offsets }.serialize(serializer)
    }
}

/// The form of a line of JSONL; offsets count Unicode code points.
impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        wire(self).map_err(refused)?.serialize(serializer)
    }
}

/// The form of a line of JSONL, by a deserializer of `serde_json`.
impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        from_str(raw.get()).map_err(|error| {
            let message = error.to_string();
            D::Error::custom(message.strip_prefix("<string>:1: ").unwrap_or(&message))
        })
    }
}

/// The form that it has in a line of JSONL.
impl Serialize for Entity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        check_entity(self).map_err(refused)?;
        WireEntity(self).serialize(serializer)
    }
}

/// The form that it has in a line of JSONL, by a deserializer of `serde_json`. Without its document, its aliases have no mentions.
impl<'de> Deserialize<'de> for Entity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let expected = "expected an entity: an object with a string as \"id\"; where it has them, strings as \"name\" and \"label\", \
                        a list of strings as \"aliases\", a string or an object of strings as \"kb\"";
        entity(&raw).ok_or_else(|| D::Error::custom(expected))
    }
}

fn refused<E: serde::ser::Error>(error: WriteError) -> E {
    match error {
        WriteError::Io(error) => E::custom(error),
        WriteError::Unwritable { expected, found } => E::custom(format_args!("expected {expected}, found {found}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Alias, Label, Span};

    fn linked() -> Document {
        let mut document = Document::new("a", "Å, Oslo");
        document
            .mentions
            .push(Mention { entity: Some("e1".into()), ..Mention::new(Span::new(4, 8), Label::new("LOC")) });
        let alias = Alias { name: "Oslo".into(), mentions: 1 };
        document.entities.push(Entity { aliases: vec![alias], ..Entity::new("e1", "Oslo", Label::new("LOC")) });
        document.extra.insert("source".into(), "wire".into());
        document
    }

    #[test]
    fn strings_and_serde_have_one_form() {
        let document = linked();
        let line = to_string(&document).expect("a sound document");
        assert_eq!(serde_json::to_string(&document).expect("a sound document"), line);
        assert_eq!(from_str(&line).expect("it was just written"), document);
        assert_eq!(serde_json::from_str::<Document>(&line).expect("it was just written"), document);
        assert_eq!(serde_json::from_reader::<_, Document>(line.as_bytes()).expect("it was just written"), document);
        let value = serde_json::to_value(&document).expect("a sound document");
        assert_eq!(serde_json::from_value::<Document>(value).expect("it was just written"), document);
        let list = serde_json::to_string(&[&document, &document]).expect("sound documents");
        assert_eq!(list, format!("[{line},{line}]"));
        assert_eq!(serde_json::from_str::<Vec<Document>>(&list).expect("it was just written").len(), 2);
        let entity = serde_json::to_string(&document.entities[0]).expect("a sound entity");
        assert!(line.contains(&entity), "{entity}");
        let again: Entity = serde_json::from_str(&entity).expect("it was just written");
        assert_eq!((again.id.as_str(), again.name.as_str(), again.aliases.len()), ("e1", "Oslo", 1));
        assert_eq!(serde_json::to_string(&again).expect("a sound entity"), entity);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let line = to_string(&linked()).expect("a sound document");
        let error =
            serde_json::from_str::<Document>(&line.replace("\"end\":7", "\"end\":6")).expect_err("it ends early");
        assert!(error.to_string().starts_with("expected \"Oslo\" at 3..6 (char offsets), found \"Osl\""), "{error}");
        let error = serde_json::from_str::<Entity>("{\"name\":\"Oslo\"}").expect_err("it has no id");
        assert!(error.to_string().starts_with("expected an entity: "), "{error}");
        let mut cut = linked();
        cut.mentions[0].span = Span::new(1, 8);
        let error = to_string(&cut).expect_err("the span cuts a character");
        let found = "expected mentions of whole characters within 0..8, found bytes 1..8";
        assert_eq!(error.to_string(), format!("<string>: document \"a\": {found}"));
        assert_eq!(serde_json::to_string(&cut).expect_err("the span cuts a character").to_string(), found);
        let mentions = Mentions::new(&cut.text, &cut.mentions, OffsetUnit::Char);
        assert_eq!(serde_json::to_string(&mentions).expect_err("the span cuts a character").to_string(), found);
    }
}
