//! The columns of documents.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_schema::{DataType, Field, Fields, Schema, SchemaRef};

use crate::text::OffsetUnit;

/// The version of the columns, which the metadata of a schema have under `allonym.schema`.
pub const SCHEMA_VERSION: &str = "1";

/// The key of the version in the metadata of a schema.
pub(super) const VERSION_KEY: &str = "allonym.schema";
/// The key of the unit of offsets in the metadata of a schema.
pub(super) const OFFSETS_KEY: &str = "allonym.offsets";
/// The key of the name of the column of the fields that have no column of their own.
pub(super) const EXTRA_KEY: &str = "allonym.extra";

/// The columns of documents. Columns of the input follow them.
///
/// | column | type |
/// |---|---|
/// | `id` | utf8; the integers of the input where it has such |
/// | `text` | utf8 |
/// | `mentions` | list of structs: `start` int64, `end` int64, `text` utf8, `label` utf8, `score` float32 or null, `entity` utf8 or null |
/// | `entities` | null before linking, or list of structs: `id`, `name`, `label` utf8, `aliases` list of utf8, `kb` list of structs (`base`, `id` utf8), `mentions` int64, `extra` utf8 (an object of JSON) or null |
///
/// `start` and `end` count Unicode code points, unless the metadata have another unit (`byte`, `utf16`) under `allonym.offsets`; `end` is
/// exclusive.
///
/// ```
/// use allonym::io::arrow::schema;
///
/// let schema = schema();
/// let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
/// assert_eq!(names, ["id", "text", "mentions", "entities"]);
/// ```
pub fn schema() -> SchemaRef {
    let fields = vec![id_field(DataType::Utf8), text_field(), mentions_field(), entities_field()];
    Arc::new(Schema::new_with_metadata(fields, metadata(OffsetUnit::Char)))
}

/// The metadata of a schema of documents.
pub(super) fn metadata(unit: OffsetUnit) -> HashMap<String, String> {
    let pairs = [(VERSION_KEY, SCHEMA_VERSION), (OFFSETS_KEY, unit.as_str())];
    pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).into()
}

pub(super) fn id_field(data_type: DataType) -> Field {
    Field::new("id", data_type, false)
}

pub(super) fn text_field() -> Field {
    Field::new("text", DataType::Utf8, false)
}

/// The column `mentions`: see [`schema`].
pub fn mentions_field() -> Field {
    Field::new("mentions", list_of(mention_fields()), false)
}

/// The column `entities`: see [`schema`].
pub fn entities_field() -> Field {
    Field::new("entities", list_of(entity_fields()), true)
}

/// A list of structs.
fn list_of(fields: Fields) -> DataType {
    DataType::List(item(DataType::Struct(fields)))
}

/// The elements of a list.
pub(super) fn item(data_type: DataType) -> Arc<Field> {
    Arc::new(Field::new("item", data_type, false))
}

pub(super) fn mention_fields() -> Fields {
    Fields::from(vec![
        Field::new("start", DataType::Int64, false),
        Field::new("end", DataType::Int64, false),
        Field::new("text", DataType::Utf8, false),
        Field::new("label", DataType::Utf8, false),
        Field::new("score", DataType::Float32, true),
        Field::new("entity", DataType::Utf8, true),
    ])
}

pub(super) fn entity_fields() -> Fields {
    Fields::from(vec![
        Field::new("id", DataType::Utf8, false),
        Field::new("name", DataType::Utf8, false),
        Field::new("label", DataType::Utf8, false),
        Field::new("aliases", DataType::List(item(DataType::Utf8)), false),
        Field::new("kb", list_of(kb_fields()), false),
        Field::new("mentions", DataType::Int64, false),
        Field::new("extra", DataType::Utf8, true),
    ])
}

pub(super) fn kb_fields() -> Fields {
    Fields::from(vec![Field::new("base", DataType::Utf8, false), Field::new("id", DataType::Utf8, false)])
}
