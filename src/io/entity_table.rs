//! Writes the entities of a corpus as a table.

use std::io::{self, Write};
use std::path::Path;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::compress::Compressor;
use super::entity_columns::COLUMNS;
use super::format::uncompressed_name;
use super::score::rounded;
use super::sink::Sink;
use super::staged::Staged;
use super::{Compression, Error};
use crate::text::{Alias, Entity};

/// The form of a table of entities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntityForm {
    /// One JSON object on each line: `id`, `name`, `label`, `documents`, `mentions`, `aliases` (each with `name` and `mentions`), `kb`,
    /// `merges` (each with `name`, `into`, `reason` and `probability`), and the extra fields of the entity.
    Jsonl,
    /// One entity on each row, with the columns `id`, `name`, `label`, `documents`, `mentions`, `aliases` (`Qureshi (3); S. M. Qureshi (1)`),
    /// `kb` (`wikidata:Q843`), `merges` (`Qureshi = Shah Mehmood Qureshi: surname alone, in one document (0.98)`) and `context`: the office
    /// or country that tells an entity from others of its name.
    Tsv,
}

impl EntityForm {
    /// The form that a file name stands for: JSONL for `.jsonl` and `.ndjson` (with or without `.gz`, `.zst`), otherwise TSV.
    pub fn from_name(name: &str) -> Self {
        let name = uncompressed_name(name);
        if name.ends_with(".jsonl") || name.ends_with(".ndjson") { Self::Jsonl } else { Self::Tsv }
    }
}

/// Why two names are names of one entity.
#[derive(Clone, Debug, PartialEq)]
pub struct Merged {
    /// The name that was attached.
    pub name: String,
    /// The name that it was attached to.
    pub into: String,
    /// The reason, as a phrase.
    pub reason: String,
    /// How probable it is that the names belong together, from 0 to 1.
    pub probability: f32,
}

/// Writes entities as a table, one by one.
///
/// ```
/// use allonym::io::{EntityForm, EntityWriter};
/// use allonym::text::{Entity, Label};
///
/// let mut table = Vec::new();
/// let mut writer = EntityWriter::new(EntityForm::Jsonl, &mut table)?;
/// writer.write(&Entity::new("a1", "Oslo", Label::new("LOC")), &[])?;
/// writer.finish()?;
/// assert!(table.starts_with(br#"{"id":"a1","name":"Oslo","label":"LOC","documents":1,"mentions":0,"#));
/// # Ok::<(), allonym::io::Error>(())
/// ```
pub struct EntityWriter<'w> {
    sink: Sink<'w>,
    form: EntityForm,
    place: String,
    staged: Option<Staged>,
}

impl<'w> EntityWriter<'w> {
    /// A writer into a stream.
    ///
    /// # Errors
    /// When the header cannot be written.
    pub fn new(form: EntityForm, sink: impl Write + Send + 'w) -> Result<Self, Error> {
        let sink: Box<dyn Write + Send + 'w> = Box::new(sink);
        Self::start(form, Compressor::None(sink), "<output>")
    }

    /// A writer into a file, in the form and with the compression that its name stands for. An existing file stays as it is until
    /// [`EntityWriter::finish`] replaces it.
    ///
    /// # Errors
    /// When the file cannot be created, the header cannot be written, or the compression is not in this build.
    pub fn create(path: &Path) -> Result<Self, Error> {
        let place = path.display().to_string();
        let fail = |source| Error::write(&place, source);
        let (file, staged) = Staged::create(path).map_err(fail)?;
        let sink: Box<dyn Write + Send> = Box::new(io::BufWriter::new(file));
        let sink = Compressor::new(sink, Compression::from_name(&place)).map_err(fail)?;
        Ok(Self { staged: Some(staged), ..Self::start(EntityForm::from_name(&place), sink, &place)? })
    }

    fn start(form: EntityForm, sink: Sink<'w>, place: &str) -> Result<Self, Error> {
        let mut writer = Self { sink, form, place: place.to_owned(), staged: None };
        if form == EntityForm::Tsv {
            writer.row(&COLUMNS)?;
        }
        Ok(writer)
    }

    /// Writes one entity, with the reasons why its names belong together.
    ///
    /// # Errors
    /// When the system cannot write.
    pub fn write(&mut self, entity: &Entity, merges: &[Merged]) -> Result<(), Error> {
        match self.form {
            EntityForm::Jsonl => {
                let line =
                    serde_json::to_string(&Line { entity, merges }).expect("names and counts are written as JSON");
                let written = self.sink.write_all(line.as_bytes()).and_then(|()| self.sink.write_all(b"\n"));
                written.map_err(|source| self.failed(source))
            }
            EntityForm::Tsv => {
                let list = |parts: Vec<String>| parts.join("; ");
                let aliases = entity.aliases.iter().map(|Alias { name, mentions }| format!("{name} ({mentions})"));
                let kb = entity.kb.iter().map(|(base, id)| format!("{base}:{id}"));
                let (documents, mentions) = (entity.documents.to_string(), entity.mentions().to_string());
                let merges = merges.iter().map(|Merged { name, into, reason, probability }| {
                    format!("{name} = {into}: {reason} ({})", rounded(*probability))
                });
                let (aliases, kb, merges) = (list(aliases.collect()), list(kb.collect()), list(merges.collect()));
                let label = entity.label.as_str();
                let context = entity.extra.get("context");
                let context = context.as_ref().and_then(|context| context.as_str()).unwrap_or_default();
                self.row(&[&entity.id, &entity.name, label, &documents, &mentions, &aliases, &kb, &merges, context])
            }
        }
    }

    fn row(&mut self, cells: &[&str]) -> Result<(), Error> {
        let mut table = csv::WriterBuilder::new().delimiter(b'\t').has_headers(false).from_writer(Vec::new());
        let written = table.write_record(cells).map_err(|error| io::Error::other(error.to_string()));
        let row = written.and_then(|()| table.into_inner().map_err(|error| io::Error::other(error.to_string())));
        row.and_then(|row| self.sink.write_all(&row)).map_err(|source| self.failed(source))
    }

    fn failed(&self, source: io::Error) -> Error {
        Error::write(&self.place, source)
    }

    /// Writes the end of the table.
    ///
    /// # Errors
    /// When the system cannot write.
    pub fn finish(mut self) -> Result<(), Error> {
        let committed = self.sink.finish().and_then(|()| self.staged.take().map_or(Ok(()), Staged::commit));
        committed.map_err(|source| self.failed(source))
    }
}

impl std::fmt::Debug for EntityWriter<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EntityWriter").field("place", &self.place).field("form", &self.form).finish_non_exhaustive()
    }
}

struct Line<'a> {
    entity: &'a Entity,
    merges: &'a [Merged],
}

impl Serialize for Line<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { entity, merges } = self;
        let aliases: Vec<_> = entity.aliases.iter().map(Counted).collect();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &entity.id)?;
        map.serialize_entry("name", &entity.name)?;
        map.serialize_entry("label", entity.label.as_str())?;
        map.serialize_entry("documents", &entity.documents)?;
        map.serialize_entry("mentions", &entity.mentions())?;
        map.serialize_entry("aliases", &aliases)?;
        map.serialize_entry("kb", &entity.kb)?;
        map.serialize_entry("merges", &merges.iter().map(WireMerged).collect::<Vec<_>>())?;
        for (name, value) in entity.extra.iter() {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

struct Counted<'a>(&'a Alias);

impl Serialize for Counted<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("name", &self.0.name)?;
        map.serialize_entry("mentions", &self.0.mentions)?;
        map.end()
    }
}

struct WireMerged<'a>(&'a Merged);

impl Serialize for WireMerged<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Merged { name, into, reason, probability } = self.0;
        let mut map = serializer.serialize_map(Some(4))?;
        map.serialize_entry("name", name)?;
        map.serialize_entry("into", into)?;
        map.serialize_entry("reason", reason)?;
        map.serialize_entry("probability", &rounded(*probability))?;
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::text::{Fields, Label};

    #[test]
    fn both_forms_say_the_same() {
        let entity = Entity {
            id: "a1".into(),
            name: "Oslo".into(),
            label: Label::new("LOC"),
            aliases: vec![Alias { name: "Oslo".into(), mentions: 2 }, Alias { name: "OS\tLO".into(), mentions: 1 }],
            documents: 2,
            kb: BTreeMap::from([("wikidata".into(), "Q585".into())]),
            extra: Fields::new(),
        };
        for (form, want) in [
            (
                EntityForm::Jsonl,
                "{\"id\":\"a1\",\"name\":\"Oslo\",\"label\":\"LOC\",\"documents\":2,\"mentions\":3,\"aliases\":[{\"name\":\"Oslo\",\"mentions\":2},\
                 {\"name\":\"OS\\tLO\",\"mentions\":1}],\"kb\":{\"wikidata\":\"Q585\"},\"merges\":[{\"name\":\"OS\\tLO\",\"into\":\"Oslo\",\"reason\":\"capitals\",\"probability\":0.9}]}\n",
            ),
            (
                EntityForm::Tsv,
                "id\tname\tlabel\tdocuments\tmentions\taliases\tkb\tmerges\tcontext\n\
                 a1\tOslo\tLOC\t2\t3\t\"Oslo (2); OS\tLO (1)\"\twikidata:Q585\t\"OS\tLO = Oslo: capitals (0.9)\"\t\n",
            ),
        ] {
            let mut written = Vec::new();
            let mut writer = EntityWriter::new(form, &mut written).expect("a vector takes everything");
            let (name, into, reason) = ("OS\tLO".to_owned(), "Oslo".to_owned(), "capitals".to_owned());
            writer
                .write(&entity, &[Merged { name, into, reason, probability: 0.9 }])
                .expect("a vector takes everything");
            writer.finish().expect("a vector takes everything");
            assert_eq!(String::from_utf8(written).expect("text"), want);
        }
    }
}
