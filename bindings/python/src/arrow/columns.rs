//! The columns that tagging adds to a table.

use std::sync::Arc;

use allonym::Document;
use allonym::text::{Entity, OffsetUnit, Offsets};
use arrow_array::builder::{Float32Builder, Int64Builder, StringBuilder};
use arrow_array::{ArrayRef, ListArray, StructArray};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_schema::{DataType, Field, Fields};

use crate::document::Linked;

/// What tagging made of a row.
pub(super) enum Row {
    Tagged(Document),
    /// There is no text.
    Null,
    Failed(String),
}

impl Row {
    fn document(&self) -> Option<&Document> {
        if let Self::Tagged(document) = self { Some(document) } else { None }
    }

    pub(super) fn error(&self) -> Option<&str> {
        if let Self::Failed(message) = self { Some(message) } else { None }
    }

    /// The number of rows that it has in a table with a row for each mention.
    pub(super) fn n_exploded(&self) -> usize {
        match self {
            Self::Tagged(document) => document.mentions.len(),
            Self::Null => 0,
            Self::Failed(_) => 1,
        }
    }
}

fn utf8(name: &str) -> Field {
    Field::new(name, DataType::Utf8, false)
}

fn list(item: DataType) -> DataType {
    DataType::List(Arc::new(Field::new("item", item, false)))
}

fn mention_fields() -> Fields {
    Fields::from(vec![
        Field::new("start", DataType::Int64, false),
        Field::new("end", DataType::Int64, false),
        utf8("text"),
        utf8("label"),
        Field::new("score", DataType::Float32, true),
        Field::new("entity", DataType::Utf8, true),
    ])
}

fn kb_fields() -> Fields {
    Fields::from(vec![utf8("base"), utf8("id")])
}

fn entity_fields() -> Fields {
    Fields::from(vec![
        utf8("id"),
        utf8("name"),
        utf8("label"),
        Field::new("aliases", list(DataType::Utf8), false),
        Field::new("kb", list(DataType::Struct(kb_fields())), false),
        Field::new("mentions", DataType::Int64, false),
        Field::new("extra", DataType::Utf8, true),
    ])
}

/// The fields of a table with a row for each document.
pub(super) fn nested() -> Vec<Field> {
    vec![
        Field::new("mentions", list(DataType::Struct(mention_fields())), true),
        Field::new("entities", list(DataType::Struct(entity_fields())), true),
    ]
}

/// The fields of a table with a row for each mention: those of a mention, and the name of its entity.
pub(super) fn exploded() -> Vec<Field> {
    let fields = mention_fields();
    let renamed = fields.iter().map(|field| field.as_ref().clone().with_name(format!("mention_{}", field.name())));
    let mut fields: Vec<Field> = renamed.map(|field| field.with_nullable(true)).collect();
    fields.push(Field::new("mention_name", DataType::Utf8, true));
    fields
}

/// The field of errors.
pub(super) fn error() -> Field {
    Field::new("error", DataType::Utf8, true)
}

/// The columns of [`nested`].
pub(super) fn nested_columns(rows: &[Row], linked: Linked) -> Vec<ArrayRef> {
    let mut mentions = Mentions::default();
    let documents: Vec<Option<&Document>> = rows.iter().map(Row::document).collect();
    for document in documents.iter().flatten() {
        mentions.add(document);
    }
    let lengths = |len: fn(&Document) -> usize| {
        OffsetBuffer::from_lengths(documents.iter().map(|document| document.map_or(0, len)))
    };
    let tagged: NullBuffer = documents.iter().map(Option::is_some).collect::<Vec<bool>>().into();
    let of_mentions = lengths(|document| document.mentions.len());
    let of_entities = lengths(|document| document.entities.len());
    let structs = |fields: Fields, columns| Arc::new(StructArray::new(fields, columns, None));
    let lists = |fields: Fields, offsets, values, nulls| -> ArrayRef {
        let field = Arc::new(Field::new("item", DataType::Struct(fields), false));
        Arc::new(ListArray::new(field, offsets, values, Some(nulls)))
    };
    let listed = match linked {
        Linked::Yes => tagged.clone(),
        Linked::No => NullBuffer::new_null(rows.len()),
    };
    let entities: Vec<&Entity> = documents.iter().flatten().flat_map(|document| &document.entities).collect();
    vec![
        lists(mention_fields(), of_mentions, structs(mention_fields(), mentions.finish()), tagged),
        lists(entity_fields(), of_entities, structs(entity_fields(), entity_columns(&entities)), listed),
    ]
}

/// The columns of [`exploded`].
pub(super) fn exploded_columns(rows: &[Row]) -> Vec<ArrayRef> {
    let (mut mentions, mut names) = (Mentions::default(), StringBuilder::new());
    for row in rows {
        match row {
            Row::Tagged(document) => {
                mentions.add(document);
                for mention in &document.mentions {
                    let of_mention = |entity: &&Entity| Some(&entity.id) == mention.entity.as_ref();
                    names.append_option(document.entities.iter().find(of_mention).map(|entity| entity.name.as_str()));
                }
            }
            Row::Failed(_) => {
                mentions.add_null();
                names.append_null();
            }
            Row::Null => {}
        }
    }
    let mut columns = mentions.finish();
    columns.push(Arc::new(names.finish()));
    columns
}

/// Builds the columns of mentions.
#[derive(Default)]
struct Mentions {
    start: Int64Builder,
    end: Int64Builder,
    text: StringBuilder,
    label: StringBuilder,
    score: Float32Builder,
    entity: StringBuilder,
}

impl Mentions {
    fn add(&mut self, document: &Document) {
        let offsets = Offsets::new(&document.text, OffsetUnit::Char);
        for mention in &document.mentions {
            let text = mention.span.slice(&document.text).expect("a tagger's spans slice the text");
            let (start, end) = offsets.units(mention.span).expect("a tagger's spans slice the text");
            self.start.append_value(start as i64);
            self.end.append_value(end as i64);
            self.text.append_value(text);
            self.label.append_value(mention.label.as_str());
            self.score.append_option(mention.score.map(rounded));
            self.entity.append_option(mention.entity.as_deref());
        }
    }

    fn add_null(&mut self) {
        self.start.append_null();
        self.end.append_null();
        self.text.append_null();
        self.label.append_null();
        self.score.append_null();
        self.entity.append_null();
    }

    fn finish(mut self) -> Vec<ArrayRef> {
        vec![
            Arc::new(self.start.finish()),
            Arc::new(self.end.finish()),
            Arc::new(self.text.finish()),
            Arc::new(self.label.finish()),
            Arc::new(self.score.finish()),
            Arc::new(self.entity.finish()),
        ]
    }
}

/// A probability with the four decimals that files show.
fn rounded(probability: f32) -> f32 {
    ((f64::from(probability) * 1e4).round() / 1e4) as f32
}

fn entity_columns(entities: &[&Entity]) -> Vec<ArrayRef> {
    let mut builders: [StringBuilder; 7] = Default::default();
    let [id, name, label, alias, base, kb_id, extra] = &mut builders;
    let mut mentions = Int64Builder::new();
    for entity in entities {
        id.append_value(&entity.id);
        name.append_value(&entity.name);
        label.append_value(entity.label.as_str());
        entity.aliases.iter().for_each(|one| alias.append_value(&one.name));
        for (of, value) in &entity.kb {
            base.append_value(of);
            kb_id.append_value(value);
        }
        mentions.append_value(entity.mentions() as i64);
        let fields: serde_json::Map<String, serde_json::Value> =
            entity.extra.iter().filter_map(|(field, _)| Some((field.to_owned(), entity.extra.get(field)?))).collect();
        extra.append_option((!fields.is_empty()).then(|| serde_json::Value::Object(fields).to_string()));
    }
    let [id, name, label, alias, base, kb_id, extra] = builders.map(|mut builder| Arc::new(builder.finish()) as ArrayRef);
    let lists = |item: DataType, lengths: Vec<usize>, values| -> ArrayRef {
        let field = Arc::new(Field::new("item", item, false));
        Arc::new(ListArray::new(field, OffsetBuffer::from_lengths(lengths), values, None))
    };
    let n_aliases = entities.iter().map(|entity| entity.aliases.len()).collect();
    let n_ids = entities.iter().map(|entity| entity.kb.len()).collect();
    let kb = Arc::new(StructArray::new(kb_fields(), vec![base, kb_id], None));
    vec![
        id,
        name,
        label,
        lists(DataType::Utf8, n_aliases, alias),
        lists(DataType::Struct(kb_fields()), n_ids, kb),
        Arc::new(mentions.finish()),
        extra,
    ]
}
