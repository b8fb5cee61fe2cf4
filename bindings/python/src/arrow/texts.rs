//! Columns of texts, in any of the ways in which Arrow has them.

use std::str::Utf8Error;

use arrow_array::cast::AsArray;
use arrow_array::{Array, BinaryArray, BinaryViewArray, LargeBinaryArray};
use arrow_schema::DataType;

/// A column of texts. Nobody has checked that they are UTF-8, so that each is looked at when it is read.
pub(super) enum Texts {
    Small(BinaryArray),
    Large(LargeBinaryArray),
    Views(BinaryViewArray),
    /// The place of each row among the values; `None` where it is null.
    Dictionary(Vec<Option<usize>>, Box<Texts>),
}

impl Texts {
    /// The texts of a column; `None` if it has none.
    pub(super) fn new(column: &dyn Array) -> Option<Self> {
        Some(match column.data_type() {
            DataType::Utf8 => Self::Small(BinaryArray::from(column.as_string::<i32>().clone())),
            DataType::LargeUtf8 => Self::Large(LargeBinaryArray::from(column.as_string::<i64>().clone())),
            DataType::Utf8View => Self::Views(column.as_string_view().clone().to_binary_view()),
            DataType::Dictionary(..) => {
                let dictionary = column.as_any_dictionary();
                let places = dictionary.normalized_keys().into_iter().enumerate();
                let places = places.map(|(row, place)| dictionary.keys().is_valid(row).then_some(place));
                Self::Dictionary(places.collect(), Box::new(Self::new(dictionary.values().as_ref())?))
            }
            _ => return None,
        })
    }

    /// The text of a row; `None` if it is null.
    pub(super) fn get(&self, row: usize) -> Option<Result<&str, Utf8Error>> {
        let bytes = match self {
            Self::Small(array) => array.is_valid(row).then(|| array.value(row)),
            Self::Large(array) => array.is_valid(row).then(|| array.value(row)),
            Self::Views(array) => array.is_valid(row).then(|| array.value(row)),
            Self::Dictionary(places, values) => return values.get(places[row]?),
        };
        bytes.map(std::str::from_utf8)
    }
}
