//! The columns that tagging adds to a table: those of the library, with nulls where there is no text.

use std::sync::Arc;

use allonym::Document;
use allonym::io::EntitiesWritten;
use allonym::io::arrow::{entities_array, entities_field, mentions_array, mentions_field};
use allonym::text::OffsetUnit;
use arrow_array::builder::StringBuilder;
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, ListArray, UInt64Array};
use arrow_buffer::NullBuffer;
use arrow_schema::{DataType, Field};
use arrow_select::take::take;

use crate::document::Linked;

/// What tagging made of a row.
pub(super) enum Row {
    Tagged(Document),
    /// There is no text.
    Null,
    Failed(String),
}

impl Row {
    pub(super) fn error(&self) -> Option<&str> {
        if let Self::Failed(message) = self { Some(message) } else { None }
    }

    fn is_tagged(&self) -> bool {
        matches!(self, Self::Tagged(_))
    }

    /// The number of rows that it has in a table with a row for each mention.
    pub(super) fn n_exploded(&self) -> usize {
        match self {
            Self::Tagged(document) => document.mentions.len(),
            Self::Null => 0,
            Self::Failed(_) => 1,
        }
    }

    /// Its document, or an empty one.
    fn into_document(self) -> Document {
        if let Self::Tagged(document) = self { document } else { Document::default() }
    }
}

/// The fields of a table with a row for each document.
pub(super) fn nested() -> Vec<Field> {
    // A text may be null.
    vec![mentions_field().with_nullable(true), entities_field()]
}

/// The fields of a table with a row for each mention: those of a mention, and the name of its entity.
pub(super) fn exploded() -> Vec<Field> {
    let mentions = mentions_field();
    let DataType::List(item) = mentions.data_type() else { unreachable!("mentions are a list") };
    let DataType::Struct(fields) = item.data_type() else { unreachable!("of structs") };
    let name = |name: &str| format!("mention_{name}");
    let renamed = fields.iter().map(|field| field.as_ref().clone().with_name(name(field.name())).with_nullable(true));
    renamed.chain([Field::new(name("name"), DataType::Utf8, true)]).collect()
}

/// The field of errors.
pub(super) fn error() -> Field {
    Field::new("error", DataType::Utf8, true)
}

/// The columns of [`nested`].
pub(super) fn nested_columns(rows: Vec<Row>, linked: Linked) -> Result<Vec<ArrayRef>, allonym::io::Error> {
    let tagged: NullBuffer = rows.iter().map(Row::is_tagged).collect::<Vec<bool>>().into();
    let listed = if linked == Linked::Yes { tagged.clone() } else { NullBuffer::new_null(rows.len()) };
    let documents: Vec<Document> = rows.into_iter().map(Row::into_document).collect();
    let mentions = mentions_array(&documents, OffsetUnit::Char)?;
    let entities = entities_array(&documents, EntitiesWritten::Always)?;
    Ok(vec![with_nulls(&mentions, tagged), with_nulls(&entities, listed)])
}

fn with_nulls(lists: &ArrayRef, nulls: NullBuffer) -> ArrayRef {
    let (item, offsets, values, _) = lists.as_list::<i32>().clone().into_parts();
    Arc::new(ListArray::new(item, offsets, values, Some(nulls)))
}

/// The columns of [`exploded`].
pub(super) fn exploded_columns(rows: Vec<Row>) -> Result<Vec<ArrayRef>, allonym::io::Error> {
    let mut places: Vec<Option<u64>> = Vec::new();
    let mut names = StringBuilder::new();
    let mut n = 0;
    for row in &rows {
        match row {
            Row::Tagged(document) => {
                for mention in &document.mentions {
                    let entity = document.entities.iter().find(|entity| Some(&entity.id) == mention.entity.as_ref());
                    names.append_option(entity.map(|entity| entity.name.as_str()));
                    places.push(Some(n));
                    n += 1;
                }
            }
            Row::Failed(_) => {
                names.append_null();
                places.push(None);
            }
            Row::Null => {}
        }
    }
    let documents: Vec<Document> = rows.into_iter().map(Row::into_document).collect();
    let mentions = mentions_array(&documents, OffsetUnit::Char)?;
    let places = UInt64Array::from(places);
    let of_mentions = mentions.as_list::<i32>().values().as_struct().columns();
    let taken = of_mentions.iter().map(|column| take(column, &places, None).expect("places of mentions"));
    let mut columns: Vec<ArrayRef> = taken.collect();
    columns.push(Arc::new(names.finish()));
    debug_assert!(columns.iter().all(|column| column.len() == places.len()));
    Ok(columns)
}
