//! The column of entities.

use std::sync::Arc;

use arrow_array::builder::{Int64Builder, StringBuilder};
use arrow_array::{ArrayRef, ListArray, StructArray};
use arrow_buffer::{NullBufferBuilder, OffsetBuffer, OffsetBufferBuilder};
use arrow_schema::DataType;
use serde_json::value::RawValue;

use super::mentions::number;
use super::schema::{entity_fields, item, kb_fields};
use crate::io::jsonl::object_of;
use crate::io::{EntitiesWritten, Error};
use crate::text::{Document, Entity};

/// The column `entities` of some documents: see [`schema`](super::schema()).
///
/// # Errors
/// None yet; those of [`mentions_array`](super::mentions_array) may be met here too.
pub fn entities_array(documents: &[Document], written: EntitiesWritten) -> Result<ArrayRef, Error> {
    let mut column = EntitiesBuilder::new(written);
    documents.iter().for_each(|document| column.push(document));
    Ok(column.finish())
}

/// The ids of some entities in knowledge bases, as the field `kb` of entities has them.
#[cfg(feature = "cli")]
pub(crate) fn kb_array(entities: &[&Entity]) -> ArrayRef {
    let mut kb = KbBuilder::new();
    entities.iter().for_each(|entity| kb.push(entity));
    kb.finish()
}

/// Puts ids in knowledge bases into a column.
struct KbBuilder {
    lists: OffsetBufferBuilder<i32>,
    base: StringBuilder,
    id: StringBuilder,
}

impl KbBuilder {
    fn new() -> Self {
        Self { lists: OffsetBufferBuilder::new(0), base: StringBuilder::new(), id: StringBuilder::new() }
    }

    fn push(&mut self, entity: &Entity) {
        self.lists.push_length(entity.kb.len());
        for (base, id) in &entity.kb {
            self.base.append_value(base);
            self.id.append_value(id);
        }
    }

    fn finish(&mut self) -> ArrayRef {
        let ids: Vec<ArrayRef> = vec![Arc::new(self.base.finish()), Arc::new(self.id.finish())];
        let ids = StructArray::new(kb_fields(), ids, None);
        Arc::new(ListArray::new(item(DataType::Struct(kb_fields())), taken(&mut self.lists), Arc::new(ids), None))
    }
}

/// The ends of the lists so far; the builder begins anew.
fn taken(lists: &mut OffsetBufferBuilder<i32>) -> OffsetBuffer<i32> {
    std::mem::replace(lists, OffsetBufferBuilder::new(0)).finish()
}

/// Puts the entities of documents into a column.
pub(super) struct EntitiesBuilder {
    written: EntitiesWritten,
    lists: OffsetBufferBuilder<i32>,
    nulls: NullBufferBuilder,
    id: StringBuilder,
    name: StringBuilder,
    label: StringBuilder,
    aliases: OffsetBufferBuilder<i32>,
    alias: StringBuilder,
    kb: KbBuilder,
    mentions: Int64Builder,
    extra: StringBuilder,
}

impl EntitiesBuilder {
    pub(super) fn new(written: EntitiesWritten) -> Self {
        Self {
            written,
            lists: OffsetBufferBuilder::new(0),
            nulls: NullBufferBuilder::new(0),
            id: StringBuilder::new(),
            name: StringBuilder::new(),
            label: StringBuilder::new(),
            aliases: OffsetBufferBuilder::new(0),
            alias: StringBuilder::new(),
            kb: KbBuilder::new(),
            mentions: Int64Builder::new(),
            extra: StringBuilder::new(),
        }
    }

    pub(super) fn push(&mut self, document: &Document) {
        let is_linked = !document.entities.is_empty() || self.written == EntitiesWritten::Always;
        self.nulls.append(is_linked);
        self.lists.push_length(document.entities.len());
        document.entities.iter().for_each(|entity| self.entity(entity));
    }

    fn entity(&mut self, entity: &Entity) {
        self.id.append_value(&entity.id);
        self.name.append_value(&entity.name);
        self.label.append_value(entity.label.as_str());
        self.aliases.push_length(entity.aliases.len());
        entity.aliases.iter().for_each(|alias| self.alias.append_value(&alias.name));
        self.kb.push(entity);
        // A count of the input that is not the sum over the aliases.
        let counted = entity.extra.raw("mentions").and_then(|raw| raw.parse().ok());
        self.mentions.append_value(counted.unwrap_or_else(|| number(entity.mentions())));
        let others = entity.extra.iter().filter(|(name, _)| *name != "mentions" || counted.is_none());
        let others: Vec<(&str, &RawValue)> = others.collect();
        self.extra.append_option((!others.is_empty()).then(|| object_of(others)));
    }

    pub(super) fn finish(&mut self) -> ArrayRef {
        let aliases =
            ListArray::new(item(DataType::Utf8), taken(&mut self.aliases), Arc::new(self.alias.finish()), None);
        let columns: Vec<ArrayRef> = vec![
            Arc::new(self.id.finish()),
            Arc::new(self.name.finish()),
            Arc::new(self.label.finish()),
            Arc::new(aliases),
            self.kb.finish(),
            Arc::new(self.mentions.finish()),
            Arc::new(self.extra.finish()),
        ];
        let entities = StructArray::new(entity_fields(), columns, None);
        let nulls = std::mem::replace(&mut self.nulls, NullBufferBuilder::new(0)).build();
        let entity = item(DataType::Struct(entity_fields()));
        Arc::new(ListArray::new(entity, taken(&mut self.lists), Arc::new(entities), nulls))
    }
}
