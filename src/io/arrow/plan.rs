//! Puts documents into record batches.

use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::{ArrayRef, RecordBatch, new_null_array};
use arrow_schema::{ArrowError, DataType, Field, FieldRef, Schema, SchemaRef};
use serde_json::Value;
use serde_json::value::RawValue;

use super::entities::EntitiesBuilder;
use super::infer::Shape;
use super::mentions::MentionsBuilder;
use super::schema::{EXTRA_KEY, entities_field, id_field, mentions_field, metadata, text_field};
use super::value;
use crate::io::jsonl::object_of;
use crate::io::sink::WriteError;
use crate::io::{Error, WriteOptions};
use crate::text::{Cell, Column, Document, Fields, OffsetUnit};

/// Names of the columns of all documents; `entities` of another tool makes room.
const OWN: [&str; 4] = ["text", "offsets", "mentions", "entities"];
/// Most bytes of a text: a column has its offsets in 32 bits.
const MOST_BYTES: usize = 1 << 30;

/// The documents as a record batch: see [`schema`](super::schema()). Fields that a document carries are columns behind, with the types
/// that they were read with.
///
/// # Errors
/// When a span leaves its text or cuts a character, or a field has the name of a column of all documents.
pub fn to_batch(documents: &[Document], options: &WriteOptions) -> Result<RecordBatch, Error> {
    let mut batch = BatchBuilder::new(options, Dictionaries::Kept);
    for document in documents {
        batch.push(document).map_err(|error| error.at("<batch>", &document.id))?;
    }
    batch.finish().map_err(|error| Error::write("<batch>", std::io::Error::other(error)))
}

/// Whether a column of few different texts stays one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dictionaries {
    Kept,
    /// Each row gets its value: a file of Arrow has one dictionary for all batches.
    Unpacked,
}

/// Documents on their way into batches of equal columns, which the first batch decides.
pub(super) struct BatchBuilder {
    unit: OffsetUnit,
    dictionaries: Dictionaries,
    ids: StringBuilder,
    texts: StringBuilder,
    mentions: MentionsBuilder,
    entities: EntitiesBuilder,
    carried: Carried,
}

enum Carried {
    /// The fields of the documents, until the columns are decided.
    Waiting(Vec<Fields>),
    Placed(Arc<Plan>, Vec<Placed>),
}

/// The columns of all batches.
struct Plan {
    schema: SchemaRef,
    /// The column of the ids, where they are integers.
    ids: Option<Field>,
    columns: Vec<FieldRef>,
    /// The name of the column for the `entities` of another tool, which make room for ours.
    entities: String,
    /// Whether there is a column for what has no other.
    has_rest: bool,
}

/// The fields of a document in the columns of a plan.
struct Placed {
    id: Option<Cell>,
    cells: Vec<Option<Cell>>,
    rest: Option<String>,
}

impl BatchBuilder {
    pub(super) fn new(options: &WriteOptions, dictionaries: Dictionaries) -> Self {
        Self {
            unit: options.offsets,
            dictionaries,
            ids: StringBuilder::new(),
            texts: StringBuilder::new(),
            mentions: MentionsBuilder::new(options.offsets),
            entities: EntitiesBuilder::new(options.entities),
            carried: Carried::Waiting(Vec::new()),
        }
    }

    /// Adds a document, or nothing where it cannot be written.
    pub(super) fn push(&mut self, document: &Document) -> Result<(), WriteError> {
        if document.text.len() > MOST_BYTES {
            let found = format!("{} bytes", document.text.len());
            return Err(WriteError::unwritable(format!("a text of at most {MOST_BYTES} bytes"), found));
        }
        if let Some((name, _)) = document.extra.iter().find(|(name, _)| OWN.contains(name) && *name != "entities") {
            return Err(WriteError::unwritable("extra fields with names of their own", format!("{name:?}")));
        }
        let placed = match &self.carried {
            Carried::Placed(plan, _) => Some(plan.place(document)?),
            Carried::Waiting(_) => None,
        };
        self.mentions.push(document)?;
        self.entities.push(document);
        self.ids.append_value(&document.id);
        self.texts.append_value(&document.text);
        match (&mut self.carried, placed) {
            (Carried::Placed(_, all), Some(placed)) => all.push(placed),
            (Carried::Waiting(all), _) => all.push(document.extra.clone()),
            (Carried::Placed(..), None) => unreachable!("it was placed above"),
        }
        Ok(())
    }

    /// The documents as a batch; the next ones go into another one with the same columns.
    pub(super) fn finish(&mut self) -> Result<RecordBatch, ArrowError> {
        let (plan, placed) = match std::mem::replace(&mut self.carried, Carried::Waiting(Vec::new())) {
            Carried::Placed(plan, placed) => (plan, placed),
            Carried::Waiting(all) => {
                let plan = Arc::new(Plan::new(&all, self.unit, self.dictionaries));
                let placed = all.iter().map(|fields| plan.placed(fields).expect("the plan is made for them"));
                let placed = placed.collect();
                (plan, placed)
            }
        };
        let ids: ArrayRef = Arc::new(self.ids.finish());
        let ids = match &plan.ids {
            Some(field) => gather(placed.iter().map(|placed| placed.id.as_ref()), field.data_type())?,
            None => ids,
        };
        let texts: ArrayRef = Arc::new(self.texts.finish());
        let mut columns = vec![ids, texts, self.mentions.finish(), self.entities.finish()];
        for (nth, field) in plan.columns.iter().enumerate() {
            columns.push(gather(placed.iter().map(|placed| placed.cells[nth].as_ref()), field.data_type())?);
        }
        if plan.has_rest {
            let mut rest = StringBuilder::new();
            placed.iter().for_each(|placed| rest.append_option(placed.rest.as_deref()));
            columns.push(Arc::new(rest.finish()));
        }
        let batch = RecordBatch::try_new(Arc::clone(&plan.schema), columns)?;
        self.carried = Carried::Placed(plan, Vec::new());
        Ok(batch)
    }
}

impl Plan {
    /// The columns for the fields of the first documents.
    fn new(all: &[Fields], unit: OffsetUnit, dictionaries: Dictionaries) -> Self {
        let mut names: Vec<String> = Vec::new();
        let mut places = std::collections::HashMap::new();
        let mut has_rest = false;
        // What is known of each column.
        let mut found: Vec<Known> = Vec::new();
        let mut n_integers = 0;
        let mut ids: Option<Field> = None;
        for fields in all {
            for (name, raw, cell) in fields.cells() {
                has_rest |= cell.is_none();
                if name == "id" {
                    if let Some(cell) = cell.filter(|cell| cell.column.field.data_type().is_integer()) {
                        let data_type = cell.column.field.data_type();
                        let id = ids.get_or_insert_with(|| id_field(data_type.clone()));
                        n_integers += usize::from(id.data_type() == data_type);
                    }
                    continue;
                }
                let place = *places.entry(name.to_owned()).or_insert_with(|| {
                    names.push(name.to_owned());
                    found.push(Known::Nothing);
                    names.len() - 1
                });
                let known = std::mem::replace(&mut found[place], Known::Nothing);
                found[place] = known.and(raw, cell, dictionaries);
                // Columns of two types become one; what it does not hold goes elsewhere.
                let carried = cell.map(|cell| carried(&cell.column.field, dictionaries));
                if let (Known::Column(field), Some(carried)) = (&found[place], carried) {
                    has_rest |= field.data_type() != carried.data_type();
                }
            }
        }
        let entities = free("_entities", |name| names.iter().any(|other| other == name));
        let mut columns: Vec<FieldRef> = Vec::new();
        for (name, known) in names.iter().zip(found) {
            let name = if name == "entities" { entities.clone() } else { name.clone() };
            match known {
                Known::Column(field) => {
                    columns.push(Arc::new(Field::clone(&field).with_name(name).with_nullable(true)));
                }
                Known::Shape(shape) => columns.push(Arc::new(Field::new(name, shape.data_type(), true))),
                Known::Nothing | Known::Mixed => has_rest = true,
            }
        }
        let ids = ids.filter(|_| n_integers == all.len());
        let mut schema = vec![Arc::new(ids.clone().unwrap_or_else(|| id_field(DataType::Utf8)))];
        schema.extend([text_field(), mentions_field(), entities_field()].map(Arc::new));
        schema.extend(columns.iter().cloned());
        let mut metadata = metadata(unit);
        if has_rest {
            let is_taken = |name: &str| schema.iter().any(|field| field.name() == name);
            let name = free("extra", is_taken);
            metadata.insert(EXTRA_KEY.to_owned(), name.clone());
            schema.push(Arc::new(Field::new(name, DataType::Utf8, true)));
        }
        let schema = Arc::new(Schema::new_with_metadata(schema, metadata));
        Self { schema, ids, columns, entities, has_rest }
    }

    /// The fields of a document in the columns.
    fn place(&self, document: &Document) -> Result<Placed, WriteError> {
        let placed = self.placed(&document.extra)?;
        match &self.ids {
            Some(field) if placed.id.is_none() => {
                let expected = format!("ids of the type {}, as those of the documents before", field.data_type());
                Err(WriteError::unwritable(expected, format!("{:?}", document.id)))
            }
            _ => Ok(placed),
        }
    }

    fn placed(&self, fields: &Fields) -> Result<Placed, WriteError> {
        let mut placed = Placed { id: None, cells: vec![None; self.columns.len()], rest: None };
        let mut rest: Vec<(&str, &RawValue)> = Vec::new();
        for (nth, (name, raw, cell)) in fields.cells().enumerate() {
            if name == "id" {
                placed.id = self.ids.as_ref().and_then(|field| fitting(raw, cell, field.data_type()));
                continue;
            }
            let field = name;
            let name = if field == "entities" { self.entities.as_str() } else { field };
            // Documents of one source have their fields in one order.
            let is_here = |column: &&FieldRef| *column.name() == name;
            let at = match self.columns.get(nth).filter(is_here) {
                Some(_) => Some(nth),
                None => self.columns.iter().position(|column| *column.name() == name),
            };
            let fits = at.and_then(|at| Some((at, fitting(raw, cell, self.columns[at].data_type())?)));
            match fits {
                Some((at, cell)) => placed.cells[at] = Some(cell),
                None if self.has_rest => rest.push((field, raw)),
                None if raw.get() == "null" => {}
                None => {
                    let expected = match at {
                        Some(at) => format!("{} in the column {name:?}", self.columns[at].data_type()),
                        None => "the columns of the documents before".to_owned(),
                    };
                    let found = crate::io::error::clip(raw.get());
                    return Err(WriteError::unwritable(expected, format!("{found} in the field {name:?}")));
                }
            }
        }
        placed.rest = (!rest.is_empty()).then(|| object_of(rest));
        Ok(placed)
    }
}

/// What the first documents say about a column.
enum Known {
    Nothing,
    /// The column that the first value was read from.
    Column(FieldRef),
    /// Values of JSON.
    Shape(Shape),
    /// Values that no type holds.
    Mixed,
}

impl Known {
    /// The same with one more value.
    fn and(self, raw: &RawValue, cell: Option<&Cell>, dictionaries: Dictionaries) -> Self {
        match (self, cell) {
            (Self::Column(field), _) => Self::Column(field),
            (_, Some(cell)) => Self::Column(carried(&cell.column.field, dictionaries)),
            (Self::Mixed, None) => Self::Mixed,
            (known, None) => {
                let shape = serde_json::from_str(raw.get()).ok().and_then(|value| Shape::of(&value));
                let shape = match (known, shape) {
                    (Self::Shape(one), Some(other)) => one.and(other),
                    (_, shape) => shape,
                };
                shape.map_or(Self::Mixed, Self::Shape)
            }
        }
    }
}

/// The type that a column is carried with.
fn carried(field: &FieldRef, dictionaries: Dictionaries) -> FieldRef {
    match field.data_type() {
        DataType::Dictionary(_, values) if dictionaries == Dictionaries::Unpacked => {
            Arc::new(field.as_ref().clone().with_data_type(values.as_ref().clone()))
        }
        _ => Arc::clone(field),
    }
}

/// A name that is not taken: the wanted one, or with underscores before it.
fn free(wanted: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let mut name = wanted.to_owned();
    while is_taken(&name) {
        name.insert(0, '_');
    }
    name
}

/// A value for a column of this type; `None` where it is not of the type.
fn fitting(raw: &RawValue, cell: Option<&Cell>, data_type: &DataType) -> Option<Cell> {
    let is_of = |found: &DataType| match found {
        found if found == data_type => true,
        DataType::Dictionary(_, values) => **values == *data_type,
        _ => false,
    };
    if let Some(cell) = cell.filter(|cell| is_of(cell.column.field.data_type())) {
        return Some(cell.clone());
    }
    let value: Value = serde_json::from_str(raw.get()).ok()?;
    let values = value::column(&[&value], data_type)?;
    let field = Arc::new(Field::new("", data_type.clone(), true));
    Some(Cell { column: Arc::new(Column { field, values }), row: 0 })
}

/// A column of the values of cells, null where there is none.
fn gather<'c>(cells: impl Iterator<Item = Option<&'c Cell>>, data_type: &DataType) -> Result<ArrayRef, ArrowError> {
    let mut sources: Vec<&Arc<Column>> = Vec::new();
    let mut places = std::collections::HashMap::new();
    let mut rows: Vec<(usize, usize)> = Vec::new();
    for cell in cells {
        let Some(Cell { column, row }) = cell else {
            rows.push((0, 0));
            continue;
        };
        // The first source is that of null.
        let place = *places.entry(Arc::as_ptr(column)).or_insert_with(|| {
            sources.push(column);
            sources.len()
        });
        rows.push((place, *row));
    }
    let in_order = || rows.windows(2).all(|two| two[0].0 == two[1].0 && two[0].1 + 1 == two[1].1);
    if let [only] = sources[..]
        && let Some(&(1, first)) = rows.first()
        && only.values.data_type() == data_type
        && in_order()
    {
        return Ok(only.values.slice(first, rows.len()));
    }
    let mut values: Vec<ArrayRef> = vec![new_null_array(data_type, 1)];
    for source in sources {
        values.push(match source.values.data_type() {
            found if found == data_type => Arc::clone(&source.values),
            _ => unpacked(&source.values)?,
        });
    }
    let values: Vec<&dyn arrow_array::Array> = values.iter().map(AsRef::as_ref).collect();
    if rows.is_empty() {
        return Ok(arrow_array::new_empty_array(data_type));
    }
    arrow_select::interleave::interleave(&values, &rows)
}

/// The values of a dictionary, one for each row.
fn unpacked(column: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    use arrow_array::cast::AsArray;
    let dictionary = column.as_any_dictionary();
    arrow_select::take::take(dictionary.values(), dictionary.keys(), None)
}
