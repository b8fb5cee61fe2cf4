//! The wire form of documents, mentions and entities.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::io::EntitiesWritten;
use crate::io::score::rounded;
use crate::io::sink::WriteError;
use crate::io::surface::marked;
use crate::text::{Document, Entity, Mention, Offsets};

/// The fields of a document that the wire form writes itself.
const OWN: [&str; 5] = ["id", "text", "offsets", "mentions", "entities"];
/// The fields of a mention that the wire form writes itself.
const OWN_IN_MENTION: [&str; 6] = ["start", "end", "text", "label", "score", "entity"];
/// The fields of an entity that the wire form writes itself. (`mentions` too, unless the input has another count.)
const OWN_IN_ENTITY: [&str; 5] = ["id", "name", "label", "aliases", "kb"];

/// A document as it is written, its offsets in the unit of `offsets`.
pub(super) struct Wire<'a> {
    document: &'a Document,
    offsets: Offsets<'a>,
    entities: EntitiesWritten,
}

impl<'a> Wire<'a> {
    /// `offsets` converts for the document's text.
    ///
    /// # Errors
    /// When the document cannot be written so that it is the same when read again.
    pub(super) fn new(
        document: &'a Document,
        offsets: Offsets<'a>,
        entities: EntitiesWritten,
    ) -> Result<Self, WriteError> {
        for (name, _) in document.extra.iter() {
            if OWN.contains(&name) && name != "entities" && name != "id" {
                return Err(WriteError::unwritable("extra fields with names of their own", format!("{name:?}")));
            }
        }
        document.entities.iter().try_for_each(check_entity)?;
        check_mentions(&document.mentions, &offsets, &document.text)?;
        Ok(Self { document, offsets, entities })
    }
}

pub(super) fn check_mentions(mentions: &[Mention], offsets: &Offsets<'_>, text: &str) -> Result<(), WriteError> {
    let extra = mentions.iter().flat_map(|mention| mention.extra.iter());
    if let Some((name, _)) = extra.into_iter().find(|(name, _)| OWN_IN_MENTION.contains(name)) {
        return Err(WriteError::unwritable("extra fields of mentions with names of their own", format!("{name:?}")));
    }
    mentions.iter().try_for_each(|mention| marked(mention.span, text, offsets).map(drop))
}

pub(super) fn check_entity(entity: &Entity) -> Result<(), WriteError> {
    match entity.extra.iter().find(|(name, _)| OWN_IN_ENTITY.contains(name)) {
        Some((name, _)) => {
            Err(WriteError::unwritable("extra fields of entities with names of their own", format!("{name:?}")))
        }
        None => Ok(()),
    }
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
        map.serialize_entry("mentions", &WireMentions { list: &document.mentions, text: &document.text, offsets })?;
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

/// The mentions of a text; the caller has checked them by [`check_mentions`].
pub(super) struct WireMentions<'a> {
    pub(super) list: &'a [Mention],
    pub(super) text: &'a str,
    pub(super) offsets: &'a Offsets<'a>,
}

impl Serialize for WireMentions<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { list, text, offsets } = self;
        let mut written = serializer.serialize_seq(Some(list.len()))?;
        for mention in *list {
            written.serialize_element(&WireMention { mention, text, offsets })?;
        }
        written.end()
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
        let (start, end) = self.offsets.units(mention.span).expect("the spans were checked");
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

/// An entity; the caller has checked it by [`check_entity`].
pub(super) struct WireEntity<'a>(pub(super) &'a Entity);

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
