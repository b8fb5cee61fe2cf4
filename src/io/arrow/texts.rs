//! Columns of texts, however they are stored.

use std::str::Utf8Error;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{
    Array, ArrayRef, BinaryArray, BinaryViewArray, LargeBinaryArray, LargeStringArray, StringArray, StringViewArray,
};
use arrow_schema::{DataType, Field, Schema};

/// A column of texts: utf8, large_utf8, string_view, their binary forms, or a dictionary of one of these.
///
/// ```
/// use std::sync::Arc;
///
/// use allonym::io::arrow::Texts;
/// use arrow_array::{ArrayRef, Int64Array, LargeStringArray};
///
/// let column: ArrayRef = Arc::new(LargeStringArray::from(vec![Some("Oslo"), None]));
/// let texts = Texts::new(&column)?;
/// assert_eq!((texts.get(0), texts.get(1)), (Some(Ok("Oslo")), None));
///
/// let numbers: ArrayRef = Arc::new(Int64Array::from(vec![7]));
/// assert_eq!(Texts::new(&numbers).unwrap_err().to_string(), "expected a column of texts, found Int64");
/// # Ok::<(), allonym::io::arrow::NotText>(())
/// ```
#[derive(Clone, Debug)]
pub struct Texts(Stored);

/// A column that holds no texts.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a column of texts, found {0}")]
pub struct NotText(pub DataType);

#[derive(Clone, Debug)]
enum Stored {
    Utf8(StringArray),
    LargeUtf8(LargeStringArray),
    Utf8View(StringViewArray),
    Binary(BinaryArray),
    LargeBinary(LargeBinaryArray),
    BinaryView(BinaryViewArray),
    /// The column, the place of each row's value, and the values.
    Dictionary(ArrayRef, Vec<usize>, Box<Stored>),
}

impl Texts {
    /// # Errors
    /// [`NotText`] when the column has another type.
    pub fn new(column: &ArrayRef) -> Result<Self, NotText> {
        Stored::new(column).map(Self).ok_or_else(|| NotText(column.data_type().clone()))
    }

    /// Whether columns of this type hold texts.
    pub(super) fn are(data_type: &DataType) -> bool {
        match data_type {
            DataType::Dictionary(_, values) => Self::are(values) && !matches!(**values, DataType::Dictionary(..)),
            other => is_text(other) || is_binary(other),
        }
    }

    /// The text of a row, `None` where it is null. Binary columns may hold what is no UTF-8.
    ///
    /// # Panics
    /// When there are not so many rows.
    pub fn get(&self, row: usize) -> Option<Result<&str, Utf8Error>> {
        self.0.bytes(row).map(std::str::from_utf8)
    }

    /// The bytes of a row, `None` where it is null.
    pub(super) fn bytes(&self, row: usize) -> Option<&[u8]> {
        self.0.bytes(row)
    }
}

fn is_text(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}

fn is_binary(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Binary | DataType::LargeBinary | DataType::BinaryView)
}

/// The columns with those of texts as bytes, so that a text that is no UTF-8 costs its own row only.
pub(super) fn unchecked_texts(schema: &Schema, texts: &[&str]) -> Schema {
    let field = |field: &Arc<Field>| {
        let is_text = texts.contains(&field.name().as_str()) && Texts::are(field.data_type());
        match is_text {
            true => Arc::new(field.as_ref().clone().with_data_type(unchecked(field.data_type()))),
            false => Arc::clone(field),
        }
    };
    let fields: Vec<Arc<Field>> = schema.fields().iter().map(field).collect();
    Schema::new_with_metadata(fields, schema.metadata().clone())
}

/// The same column as bytes that nobody has checked.
fn unchecked(data_type: &DataType) -> DataType {
    match data_type {
        DataType::Utf8 => DataType::Binary,
        DataType::LargeUtf8 => DataType::LargeBinary,
        DataType::Utf8View => DataType::BinaryView,
        DataType::Dictionary(keys, values) => DataType::Dictionary(keys.clone(), Box::new(unchecked(values))),
        other => other.clone(),
    }
}

impl Stored {
    fn new(column: &ArrayRef) -> Option<Self> {
        Some(match column.data_type() {
            DataType::Utf8 => Self::Utf8(column.as_string().clone()),
            DataType::LargeUtf8 => Self::LargeUtf8(column.as_string().clone()),
            DataType::Utf8View => Self::Utf8View(column.as_string_view().clone()),
            DataType::Binary => Self::Binary(column.as_binary().clone()),
            DataType::LargeBinary => Self::LargeBinary(column.as_binary().clone()),
            DataType::BinaryView => Self::BinaryView(column.as_binary_view().clone()),
            DataType::Dictionary(_, values) if Texts::are(values) => {
                let dictionary = column.as_any_dictionary();
                let values = dictionary.values();
                // Without values every row is null.
                let keys = if values.is_empty() { vec![0; column.len()] } else { dictionary.normalized_keys() };
                Self::Dictionary(column.clone(), keys, Box::new(Self::new(values)?))
            }
            _ => return None,
        })
    }

    fn bytes(&self, row: usize) -> Option<&[u8]> {
        fn of<'a, A: Array>(array: &'a A, row: usize, value: impl Fn(&'a A, usize) -> &'a [u8]) -> Option<&'a [u8]> {
            (!array.is_null(row)).then(|| value(array, row))
        }
        match self {
            Self::Utf8(array) => of(array, row, |array, row| array.value(row).as_bytes()),
            Self::LargeUtf8(array) => of(array, row, |array, row| array.value(row).as_bytes()),
            Self::Utf8View(array) => of(array, row, |array, row| array.value(row).as_bytes()),
            Self::Binary(array) => of(array, row, BinaryArray::value),
            Self::LargeBinary(array) => of(array, row, LargeBinaryArray::value),
            Self::BinaryView(array) => of(array, row, BinaryViewArray::value),
            Self::Dictionary(column, keys, values) => {
                let is_null = column.as_any_dictionary().keys().is_null(row);
                if is_null { None } else { values.bytes(keys[row]) }
            }
        }
    }
}
