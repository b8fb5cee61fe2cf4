//! The column of mentions.

use std::sync::Arc;

use arrow_array::builder::{Float32Builder, Int64Builder, StringBuilder};
use arrow_array::{ArrayRef, ListArray, StructArray};
use arrow_buffer::OffsetBufferBuilder;
use arrow_schema::DataType;

use super::schema::{item, mention_fields};
use crate::io::Error;
use crate::io::score::rounded;
use crate::io::sink::WriteError;
use crate::io::surface::marked;
use crate::text::{Document, OffsetUnit, Offsets};

/// The column `mentions` of some documents: see [`schema`](super::schema()). Offsets count `unit`.
///
/// ```
/// use allonym::io::arrow::{mentions_array, mentions_field};
/// use allonym::text::OffsetUnit;
/// use allonym::Document;
///
/// let column = mentions_array(&[Document::new("a", "Rain")], OffsetUnit::Char)?;
/// assert_eq!(column.data_type(), mentions_field().data_type());
/// # Ok::<(), allonym::io::Error>(())
/// ```
///
/// # Errors
/// When a span leaves its text or cuts a character.
pub fn mentions_array(documents: &[Document], unit: OffsetUnit) -> Result<ArrayRef, Error> {
    let mut column = MentionsBuilder::new(unit);
    for document in documents {
        column.push(document).map_err(|error| error.at("<batch>", &document.id))?;
    }
    Ok(column.finish())
}

/// Puts the mentions of documents into a column.
pub(super) struct MentionsBuilder {
    unit: OffsetUnit,
    lists: OffsetBufferBuilder<i32>,
    start: Int64Builder,
    end: Int64Builder,
    text: StringBuilder,
    label: StringBuilder,
    score: Float32Builder,
    entity: StringBuilder,
}

impl MentionsBuilder {
    pub(super) fn new(unit: OffsetUnit) -> Self {
        Self {
            unit,
            lists: OffsetBufferBuilder::new(0),
            start: Int64Builder::new(),
            end: Int64Builder::new(),
            text: StringBuilder::new(),
            label: StringBuilder::new(),
            score: Float32Builder::new(),
            entity: StringBuilder::new(),
        }
    }

    /// Adds the mentions of a document, or nothing where one of them cannot be written.
    pub(super) fn push(&mut self, document: &Document) -> Result<(), WriteError> {
        let offsets = Offsets::new(&document.text, self.unit);
        let marked = |span| marked(span, &document.text, &offsets);
        let marks: Vec<_> = document.mentions.iter().map(|mention| marked(mention.span)).collect::<Result<_, _>>()?;
        self.lists.push_length(marks.len());
        for (mention, (start, end, surface)) in document.mentions.iter().zip(marks) {
            self.start.append_value(number(start));
            self.end.append_value(number(end));
            self.text.append_value(surface);
            self.label.append_value(mention.label.as_str());
            self.score.append_option(mention.score.map(|score| rounded(score) as f32));
            self.entity.append_option(mention.entity.as_deref());
        }
        Ok(())
    }

    pub(super) fn finish(&mut self) -> ArrayRef {
        let columns: Vec<ArrayRef> = vec![
            Arc::new(self.start.finish()),
            Arc::new(self.end.finish()),
            Arc::new(self.text.finish()),
            Arc::new(self.label.finish()),
            Arc::new(self.score.finish()),
            Arc::new(self.entity.finish()),
        ];
        let lists = std::mem::replace(&mut self.lists, OffsetBufferBuilder::new(0)).finish();
        let mentions = StructArray::new(mention_fields(), columns, None);
        Arc::new(ListArray::new(item(DataType::Struct(mention_fields())), lists, Arc::new(mentions), None))
    }
}

/// A number of things in memory.
pub(super) fn number(n: usize) -> i64 {
    i64::try_from(n).expect("a text is shorter than 2^63")
}
