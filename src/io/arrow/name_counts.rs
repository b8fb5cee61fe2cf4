//! Rows of names that were counted.

use std::str::Utf8Error;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type};
use arrow_array::{Array, ArrayRef, OffsetSizeTrait, RecordBatch, new_null_array};
use arrow_schema::DataType;

use super::batches::Batch;
use super::texts::{NotText, Texts};
use crate::io::error::clip;
use crate::io::{Error, RowPlace};

/// A name that was counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NameCount<'t> {
    pub(crate) name: &'t str,
    pub(crate) label: &'t str,
    pub(crate) mentions: u32,
    pub(crate) documents: u32,
    /// What documents call the same.
    pub(crate) aliases: Vec<&'t str>,
}

/// The names of a batch: `name` and `label`, and where the table has them `count` (the number of mentions, else 1), `documents` (else
/// as many as mentions) and `aliases`.
pub(crate) struct NameCounts {
    place: String,
    at: RowPlace,
    first: u64,
    names: Texts,
    labels: Texts,
    counts: Option<Counts>,
    documents: Option<Counts>,
    aliases: Option<Aliases>,
    n: usize,
}

impl NameCounts {
    /// # Errors
    /// When a column is missing or of another type.
    pub(crate) fn new(place: &str, batch: &Batch) -> Result<Self, Error> {
        let columns = &batch.columns;
        let error = |expected: String, found: String| Error::row(place, RowPlace::default(), expected, found);
        let missing = |name: &str| {
            let schema = columns.schema();
            let found: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
            error(format!("a column {name:?}"), format!("only {}", clip(&found.join(", "))))
        };
        let texts = |name: &str| {
            let column = columns.column_by_name(name).ok_or_else(|| missing(name))?;
            Texts::new(column).map_err(|found| error(format!("texts in the column {name:?}"), found.0.to_string()))
        };
        let counts = |name: &str| {
            let counts = columns.column_by_name(name).map(Counts::new);
            counts
                .transpose()
                .map_err(|found| error(format!("whole numbers in the column {name:?}"), found.to_string()))
        };
        Ok(Self {
            place: place.to_owned(),
            at: batch.place,
            first: batch.first,
            names: texts("name")?,
            labels: texts("label")?,
            counts: counts("count")?,
            documents: counts("documents")?,
            aliases: columns
                .column_by_name("aliases")
                .map(Aliases::new)
                .transpose()
                .map_err(|found| error("lists of texts in the column \"aliases\"".to_owned(), found.to_string()))?,
            n: columns.num_rows(),
        })
    }

    /// The rows, each sound or with what is wrong with it.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Result<NameCount<'_>, Error>> {
        (0..self.n).map(|row| self.row(row))
    }

    fn row(&self, row: usize) -> Result<NameCount<'_>, Error> {
        let error = |expected: String, found: String| {
            Error::row(&self.place, self.at.row(self.first + row as u64), expected, found)
        };
        let (name, label) = (self.text(&self.names, row, "name")?, self.text(&self.labels, row, "label")?);
        let number = |counts: &Option<Counts>, name: &str| -> Result<Option<u32>, Error> {
            let Some(found) = counts.as_ref().and_then(|counts| counts.get(row)) else { return Ok(None) };
            let number = found.parse::<u32>().ok().filter(|&number| number > 0);
            number
                .map(Some)
                .ok_or_else(|| error(format!("a number from 1 to {} as {name:?}", u32::MAX), format!("{found:?}")))
        };
        let mentions = number(&self.counts, "count")?;
        let documents = number(&self.documents, "documents")?;
        let mentions = mentions.or(documents).unwrap_or(1);
        let documents = documents.unwrap_or(mentions);
        if documents > mentions {
            return Err(error(
                format!("at most {mentions} documents, as there are no more mentions"),
                documents.to_string(),
            ));
        }
        let aliases = self.aliases.as_ref().map_or(Ok(Vec::new()), |aliases| aliases.get(row));
        let aliases = aliases.map_err(|found| error("texts as \"aliases\"".to_owned(), found.to_owned()))?;
        Ok(NameCount { name, label, mentions, documents, aliases })
    }
}

impl NameCounts {
    fn text<'t>(&self, texts: &'t Texts, row: usize, name: &str) -> Result<&'t str, Error> {
        let found = match texts.get(row) {
            None => "null",
            Some(text) => match sound(text) {
                Ok(text) => return Ok(text),
                Err(found) => found,
            },
        };
        let place = self.at.row(self.first + row as u64);
        Err(Error::row(&self.place, place, format!("a text as {name:?}"), found))
    }
}

/// A text that is not blank, or what it is.
fn sound(text: Result<&str, Utf8Error>) -> Result<&str, &'static str> {
    match text {
        Ok(text) if text.trim().is_empty() => Err("an empty one"),
        Ok(text) => Ok(text),
        Err(_) => Err("bytes that are no UTF-8"),
    }
}

/// A column of lists of texts, or of texts with semicolons between them.
enum Aliases {
    /// The texts of all rows, and per row where its own end.
    Lists(Texts, ArrayRef, Vec<usize>),
    Texts(Texts),
}

impl Aliases {
    fn new(column: &ArrayRef) -> Result<Self, DataType> {
        let other = |_| column.data_type().clone();
        match column.data_type() {
            DataType::List(_) => Self::lists::<i32>(column).map_err(other),
            DataType::LargeList(_) => Self::lists::<i64>(column).map_err(other),
            // No row has any.
            DataType::Null => {
                Ok(Self::Texts(Texts::new(&new_null_array(&DataType::Utf8, column.len())).map_err(other)?))
            }
            _ => Texts::new(column).map(Self::Texts).map_err(other),
        }
    }

    fn lists<O: OffsetSizeTrait>(column: &ArrayRef) -> Result<Self, NotText> {
        let list = column.as_list::<O>();
        let ends = list.offsets().iter().map(|&end| end.as_usize()).collect();
        Ok(Self::Lists(Texts::new(list.values())?, column.clone(), ends))
    }

    /// The aliases of a row, or what one of them is.
    fn get(&self, row: usize) -> Result<Vec<&str>, &'static str> {
        match self {
            Self::Lists(_, column, _) if column.is_null(row) => Ok(Vec::new()),
            Self::Lists(texts, _, ends) => {
                (ends[row]..ends[row + 1]).map(|at| texts.get(at).map_or(Err("null"), sound)).collect()
            }
            Self::Texts(texts) => {
                let text = texts.get(row).unwrap_or(Ok("")).map_err(|_| "bytes that are no UTF-8")?;
                Ok(text.split(';').map(str::trim).filter(|alias| !alias.is_empty()).collect())
            }
        }
    }
}

/// A column of whole numbers, or of texts of such.
enum Counts {
    Numbers(ArrayRef),
    Texts(Texts),
}

impl Counts {
    fn new(column: &ArrayRef) -> Result<Self, DataType> {
        match column.data_type() {
            found if found.is_integer() => Ok(Self::Numbers(column.clone())),
            found => Texts::new(column).map(Self::Texts).map_err(|_| found.clone()),
        }
    }

    /// The digits of a row; `None` where it is null or empty.
    fn get(&self, row: usize) -> Option<String> {
        let column = match self {
            Self::Texts(texts) => {
                let text = String::from_utf8_lossy(texts.bytes(row)?).trim().to_owned();
                return (!text.is_empty()).then_some(text);
            }
            Self::Numbers(column) => column,
        };
        if column.is_null(row) {
            return None;
        }
        Some(match column.data_type() {
            DataType::Int8 => column.as_primitive::<Int8Type>().value(row).to_string(),
            DataType::Int16 => column.as_primitive::<Int16Type>().value(row).to_string(),
            DataType::Int32 => column.as_primitive::<Int32Type>().value(row).to_string(),
            DataType::UInt8 => column.as_primitive::<UInt8Type>().value(row).to_string(),
            DataType::UInt16 => column.as_primitive::<UInt16Type>().value(row).to_string(),
            DataType::UInt32 => column.as_primitive::<UInt32Type>().value(row).to_string(),
            DataType::UInt64 => column.as_primitive::<UInt64Type>().value(row).to_string(),
            _ => column.as_primitive::<Int64Type>().value(row).to_string(),
        })
    }
}

/// The rows of a batch that are sound.
pub(crate) fn sound_rows(columns: &RecordBatch, is_sound: &[bool]) -> Result<RecordBatch, arrow_schema::ArrowError> {
    if is_sound.iter().all(|&sound| sound) {
        return Ok(columns.clone());
    }
    arrow_select::filter::filter_record_batch(columns, &is_sound.to_vec().into())
}
