//! How is a document written as a line of JSONL?

use std::io::Write;

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::io::writer::{Sink, WriteError};
use crate::io::{EntitiesWritten, WriteOptions};
use crate::text::{Document, Entity, Mention, Offsets};

/// The document fields that this module writes itself.
const OWN: [&str; 5] = ["id", "text", "offsets", "mentions", "entities"];
/// The mention fields that this module writes itself.
const OWN_IN_MENTION: [&str; 6] = ["start", "end", "text", "label", "score", "entity"];
/// The entity fields that this module writes itself. (`mentions` too, unless the input counted them otherwise.)
const OWN_IN_ENTITY: [&str; 5] = ["id", "name", "label", "aliases", "kb"];

/// Writes one line.
pub(crate) fn write_jsonl(sink: &mut Sink<'_>, document: &Document, options: &WriteOptions) -> Result<(), WriteError> {
    for (name, _) in document.extra.iter() {
        if OWN.contains(&name) && name != "entities" && name != "id" {
            return Err(WriteError::unwritable("extra fields with names of their own", format!("{name:?}")));
        }
    }
    let extra_of_mentions = document.mentions.iter().flat_map(|mention| mention.extra.iter());
    if let Some((name, _)) = extra_of_mentions.into_iter().find(|(name, _)| OWN_IN_MENTION.contains(name)) {
        return Err(WriteError::unwritable("extra fields of mentions with names of their own", format!("{name:?}")));
    }
    let extra_of_entities = document.entities.iter().flat_map(|entity| entity.extra.iter());
    if let Some((name, _)) = extra_of_entities.into_iter().find(|(name, _)| OWN_IN_ENTITY.contains(name)) {
        return Err(WriteError::unwritable("extra fields of entities with names of their own", format!("{name:?}")));
    }
    let offsets = Offsets::new(&document.text, options.offsets);
    if let Some(mention) = document.mentions.iter().find(|mention| offsets.units(mention.span).is_none()) {
        let expected = format!("mentions of whole characters within 0..{}", document.text.len());
        return Err(WriteError::unwritable(expected, format!("bytes {}", mention.span)));
    }
    serde_json::to_writer(&mut *sink, &Wire { document, offsets, entities: options.entities })
        .map_err(std::io::Error::from)?;
    sink.write_all(b"\n")?;
    Ok(())
}

/// A score as it is written: rounded to four decimals.
pub(crate) fn rounded(score: f32) -> f64 {
    (f64::from(score) * 1e4).round() / 1e4
}

struct Wire<'a> {
    document: &'a Document,
    offsets: Offsets<'a>,
    entities: EntitiesWritten,
}

impl Serialize for Wire<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { document, offsets, entities } = self;
        let mut map = serializer.serialize_map(None)?;
        match document.extra.iter().find(|(name, value)| *name == "id" && value.get() == document.id) {
            // The id was a number.
            Some((_, number)) => map.serialize_entry("id", number)?,
            None => map.serialize_entry("id", &document.id)?,
        }
        map.serialize_entry("text", &document.text)?;
        map.serialize_entry("offsets", offsets.unit().as_str())?;
        map.serialize_entry("mentions", &WireMentions(self))?;
        let others = document.extra.raw_value("entities");
        let own = !document.entities.is_empty() || *entities == EntitiesWritten::Always;
        match others {
            _ if own => map.serialize_entry("entities", &WireEntities(&document.entities))?,
            Some(others) => map.serialize_entry("entities", others)?,
            None => {}
        }
        for (name, value) in document.extra.iter() {
            if !OWN.contains(&name) {
                map.serialize_entry(name, value)?;
            } else if own && name == "entities" && value.get() != "[]" {
                // What another tool keeps under the name makes room.
                let taken = |name: &str| document.extra.raw(name).is_some();
                let mut other = "_entities".to_owned();
                while taken(&other) {
                    other.insert(0, '_');
                }
                map.serialize_entry(&other, value)?;
            }
        }
        map.end()
    }
}

struct WireMentions<'a>(&'a Wire<'a>);

impl Serialize for WireMentions<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Wire { document, offsets, .. } = self.0;
        let mut list = serializer.serialize_seq(Some(document.mentions.len()))?;
        for mention in &document.mentions {
            list.serialize_element(&WireMention { mention, text: &document.text, offsets })?;
        }
        list.end()
    }
}

struct WireMention<'a> {
    mention: &'a Mention,
    text: &'a str,
    offsets: &'a Offsets<'a>,
}

impl Serialize for WireMention<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mention = self.mention;
        let (start, end) = self.offsets.units(mention.span).expect("the caller has checked the spans");
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("start", &start)?;
        map.serialize_entry("end", &end)?;
        map.serialize_entry("text", &self.text[mention.span.range()])?;
        map.serialize_entry("label", mention.label.as_str())?;
        if let Some(score) = mention.score {
            map.serialize_entry("score", &rounded(score))?;
        }
        if let Some(entity) = &mention.entity {
            map.serialize_entry("entity", entity)?;
        }
        for (name, value) in mention.extra.iter() {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

struct WireEntities<'a>(&'a [Entity]);

impl Serialize for WireEntities<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(WireEntity))
    }
}

struct WireEntity<'a>(&'a Entity);

impl Serialize for WireEntity<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let entity = self.0;
        let aliases: Vec<&str> = entity.aliases.iter().map(|alias| alias.name.as_str()).collect();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &entity.id)?;
        if !entity.name.is_empty() {
            map.serialize_entry("name", &entity.name)?;
        }
        if !entity.label.as_str().is_empty() {
            map.serialize_entry("label", entity.label.as_str())?;
        }
        if !aliases.is_empty() {
            map.serialize_entry("aliases", &aliases)?;
        }
        match (entity.kb.len(), entity.kb.get(Entity::UNNAMED_BASE)) {
            (0, _) => {}
            (1, Some(id)) => map.serialize_entry("kb", id)?,
            _ => map.serialize_entry("kb", &entity.kb)?,
        }
        match (entity.extra.raw_value("mentions"), entity.mentions()) {
            (Some(counted), _) => map.serialize_entry("mentions", counted)?,
            (None, 0) => {}
            (None, n) => map.serialize_entry("mentions", &n)?,
        }
        for (name, value) in entity.extra.iter().filter(|(name, _)| *name != "mentions") {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}
