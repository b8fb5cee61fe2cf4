//! Fields of the input that allonym does not interpret.

use std::collections::HashMap;

use serde_json::Value;
use serde_json::value::RawValue;

/// Named JSON values in order, each kept as it was written, so that it can be written again byte for byte (numbers of any size included).
///
/// ```
/// use allonym::text::Fields;
///
/// let mut fields = Fields::new();
/// fields.insert("source".into(), "wire".into());
/// assert_eq!(fields.raw("source"), Some("\"wire\""));
/// assert_eq!(fields.get("source"), Some("wire".into()));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Fields(Vec<Field>);

#[derive(Clone, Debug)]
struct Field {
    name: String,
    value: Box<RawValue>,
    /// Where the value is in the column that it was read from; `None` once it was set to another one.
    #[cfg(feature = "arrow")]
    cell: Option<Cell>,
}

impl Field {
    fn new(name: String, value: Box<RawValue>) -> Self {
        Self {
            name,
            value,
            #[cfg(feature = "arrow")]
            cell: None,
        }
    }

    fn set(&mut self, value: Box<RawValue>) {
        *self = Self::new(std::mem::take(&mut self.name), value);
    }
}

impl Fields {
    /// No fields yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of fields.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no fields.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value of a field, parsed.
    ///
    /// `None` if there is no such field, or if its value is valid JSON that a [`Value`] cannot hold (a number out of range, an escape that
    /// is half of a surrogate pair); see [`Fields::raw`].
    pub fn get(&self, name: &str) -> Option<Value> {
        serde_json::from_str(self.raw(name)?).ok()
    }

    /// The value of a field as JSON text.
    pub fn raw(&self, name: &str) -> Option<&str> {
        self.raw_value(name).map(RawValue::get)
    }

    /// The value of a field as it was written.
    pub(crate) fn raw_value(&self, name: &str) -> Option<&RawValue> {
        self.0.iter().find(|field| field.name == name).map(|field| &*field.value)
    }

    /// Sets a field, which keeps its place if it exists and becomes the last one otherwise.
    #[expect(clippy::needless_pass_by_value, reason = "the caller hands the value over, as to any map")]
    pub fn insert(&mut self, name: String, value: Value) {
        let raw = RawValue::from_string(value.to_string()).expect("a JSON value is written as JSON");
        self.insert_raw(name, raw);
    }

    /// Sets a field to JSON text.
    pub fn insert_raw(&mut self, name: String, value: Box<RawValue>) {
        match self.0.iter_mut().find(|field| field.name == name) {
            Some(field) => field.set(value),
            None => self.0.push(Field::new(name, value)),
        }
    }

    /// Sets many fields at once, as [`Fields::insert_raw`] would one by one, in a time that grows with their number only.
    pub(crate) fn insert_all(&mut self, fields: Vec<(String, Box<RawValue>)>) {
        let mut places: HashMap<String, usize> =
            self.0.iter().enumerate().map(|(place, field)| (field.name.clone(), place)).collect();
        for (name, value) in fields {
            match places.get(&name) {
                Some(&place) => self.0[place].set(value),
                None => {
                    places.insert(name.clone(), self.0.len());
                    self.0.push(Field::new(name, value));
                }
            }
        }
    }

    /// Removes a field and returns its value as JSON text.
    pub fn remove(&mut self, name: &str) -> Option<Box<RawValue>> {
        let index = self.0.iter().position(|field| field.name == name)?;
        Some(self.0.remove(index).value)
    }

    /// The names and values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &RawValue)> {
        self.0.iter().map(|field| (field.name.as_str(), &*field.value))
    }
}

/// A column of a table, with its name and type.
#[cfg(feature = "arrow")]
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) field: arrow_schema::FieldRef,
    pub(crate) values: arrow_array::ArrayRef,
}

/// The place of a value in a column.
#[cfg(feature = "arrow")]
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    pub(crate) column: std::sync::Arc<Column>,
    pub(crate) row: usize,
}

#[cfg(feature = "arrow")]
impl Fields {
    /// Says where the value of a field was read, so that it can be written with the type that it has there. It is forgotten when the
    /// field is set.
    pub(crate) fn attach(&mut self, name: &str, cell: Cell) {
        if let Some(field) = self.0.iter_mut().find(|field| field.name == name) {
            field.cell = Some(cell);
        }
    }

    /// The names, values and places of the fields, in order.
    pub(crate) fn cells(&self) -> impl Iterator<Item = (&str, &RawValue, Option<&Cell>)> {
        self.0.iter().map(|field| (field.name.as_str(), &*field.value, field.cell.as_ref()))
    }
}

impl PartialEq for Fields {
    fn eq(&self, other: &Self) -> bool {
        self.iter().map(|(name, value)| (name, value.get())).eq(other.iter().map(|(name, value)| (name, value.get())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_place_of_a_field_that_is_set_again() {
        let mut fields = Fields::new();
        fields.insert("a".into(), 1.into());
        fields.insert("b".into(), 2.into());
        fields.insert("a".into(), 3.into());
        let got: Vec<_> = fields.iter().map(|(name, value)| (name, value.get())).collect();
        assert_eq!(got, [("a", "3"), ("b", "2")]);
        assert_eq!(fields.remove("a").map(|value| value.get().to_owned()), Some("3".to_owned()));
        assert_eq!(fields.get("a"), None);
    }
}
