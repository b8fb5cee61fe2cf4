//! Values of JSON as columns.

use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, PrimitiveBuilder};
use arrow_array::types::{
    ArrowPrimitiveType, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{ArrayRef, LargeStringArray, ListArray, StringArray, StringViewArray, StructArray, new_null_array};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_schema::{DataType, Field, Fields};
use serde_json::Value;

use super::infer::is_exact;

/// A column of this type with these values; `None` where one of them is not exactly of the type.
pub(super) fn column(values: &[&Value], data_type: &DataType) -> Option<ArrayRef> {
    if values.iter().all(|value| value.is_null()) {
        return Some(new_null_array(data_type, values.len()));
    }
    Some(match data_type {
        DataType::Boolean => {
            let mut builder = BooleanBuilder::new();
            each(values, Value::as_bool, |value| builder.append_option(value))?;
            Arc::new(builder.finish())
        }
        DataType::Int8 => integers::<Int8Type>(values)?,
        DataType::Int16 => integers::<Int16Type>(values)?,
        DataType::Int32 => integers::<Int32Type>(values)?,
        DataType::Int64 => integers::<Int64Type>(values)?,
        DataType::UInt8 => integers::<UInt8Type>(values)?,
        DataType::UInt16 => integers::<UInt16Type>(values)?,
        DataType::UInt32 => integers::<UInt32Type>(values)?,
        DataType::UInt64 => integers::<UInt64Type>(values)?,
        DataType::Float32 => {
            // Only what single precision has.
            let single = |value: &Value| {
                let number = value.as_number().filter(|number| is_exact(number))?.as_f64()?;
                (f64::from(number as f32) == number).then_some(number as f32)
            };
            primitives::<Float32Type>(values, single)?
        }
        DataType::Float64 => {
            let number = |value: &Value| value.as_number().filter(|number| is_exact(number))?.as_f64();
            primitives::<Float64Type>(values, number)?
        }
        DataType::Utf8 => Arc::new(StringArray::from(texts(values)?)),
        DataType::LargeUtf8 => Arc::new(LargeStringArray::from(texts(values)?)),
        DataType::Utf8View => Arc::new(StringViewArray::from(texts(values)?)),
        DataType::List(item) => lists(values, item)?,
        DataType::Struct(fields) => structs(values, fields)?,
        _ => return None,
    })
}

/// Passes on each value as what `of` makes of it; `None` where that is nothing for a value that is not null.
fn each<'v, T>(
    values: &[&'v Value],
    of: impl Fn(&'v Value) -> Option<T>,
    mut take: impl FnMut(Option<T>),
) -> Option<()> {
    for value in values {
        match of(value) {
            None if !value.is_null() => return None,
            value => take(value),
        }
    }
    Some(())
}

fn primitives<T: ArrowPrimitiveType>(values: &[&Value], of: impl Fn(&Value) -> Option<T::Native>) -> Option<ArrayRef> {
    let mut builder = PrimitiveBuilder::<T>::with_capacity(values.len());
    each(values, of, |value| builder.append_option(value))?;
    Some(Arc::new(builder.finish()))
}

fn integers<T: ArrowPrimitiveType>(values: &[&Value]) -> Option<ArrayRef>
where
    T::Native: TryFrom<i64> + TryFrom<u64>,
{
    primitives::<T>(values, |value| match (value.as_i64(), value.as_u64()) {
        (Some(number), _) => T::Native::try_from(number).ok(),
        (None, Some(number)) => T::Native::try_from(number).ok(),
        (None, None) => None,
    })
}

fn texts<'v>(values: &[&'v Value]) -> Option<Vec<Option<&'v str>>> {
    let mut texts = Vec::with_capacity(values.len());
    each(values, Value::as_str, |text| texts.push(text))?;
    Some(texts)
}

fn lists(values: &[&Value], item: &Arc<Field>) -> Option<ArrayRef> {
    let mut lists = Vec::with_capacity(values.len());
    each(values, Value::as_array, |list| lists.push(list))?;
    let items: Vec<&Value> = lists.iter().flatten().flat_map(|list| list.iter()).collect();
    if !item.is_nullable() && items.iter().any(|item| item.is_null()) {
        return None;
    }
    let offsets = OffsetBuffer::<i32>::from_lengths(lists.iter().map(|list| list.map_or(0, Vec::len)));
    let nulls = NullBuffer::from_iter(lists.iter().map(Option::is_some));
    Some(Arc::new(ListArray::new(item.clone(), offsets, column(&items, item.data_type())?, Some(nulls))))
}

fn structs(values: &[&Value], fields: &Fields) -> Option<ArrayRef> {
    let mut objects = Vec::with_capacity(values.len());
    each(values, Value::as_object, |object| objects.push(object))?;
    let is_known = |name: &String| fields.iter().any(|field| field.name() == name);
    if fields.is_empty() || !objects.iter().flatten().all(|object| object.keys().all(is_known)) {
        return None;
    }
    let columns = fields.iter().map(|field| {
        let values: Vec<&Value> = objects
            .iter()
            .map(|object| object.and_then(|object| object.get(field.name())).unwrap_or(&Value::Null))
            .collect();
        let is_sound = field.is_nullable() || !values.iter().any(|value| value.is_null());
        if is_sound { column(&values, field.data_type()) } else { None }
    });
    let columns: Vec<ArrayRef> = columns.collect::<Option<_>>()?;
    let nulls = NullBuffer::from_iter(objects.iter().map(Option::is_some));
    Some(Arc::new(StructArray::new(fields.clone(), columns, Some(nulls))))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_is_exactly_of_the_type_fits() {
        let list = DataType::List(Arc::new(Field::new("item", DataType::Int64, true)));
        let object = DataType::Struct(Fields::from(vec![Field::new("a", DataType::Utf8, true)]));
        for (value, data_type, fits) in [
            (json!(7), DataType::Int64, true),
            (json!(7.0), DataType::Int64, false),
            (json!("7"), DataType::Int64, false),
            (json!(300), DataType::UInt8, false),
            (json!(-1), DataType::UInt64, false),
            (json!(u64::MAX), DataType::UInt64, true),
            (json!(7), DataType::Float64, true),
            (json!((1_u64 << 53) + 1), DataType::Float64, false),
            (json!(0.1), DataType::Float32, false),
            (json!(0.5), DataType::Float32, true),
            (json!(true), DataType::Utf8, false),
            (json!("Oslo"), DataType::LargeUtf8, true),
            (json!("Oslo"), DataType::Utf8View, true),
            (json!([1, null]), list.clone(), true),
            (json!([1, "a"]), list, false),
            (json!({"a": "b"}), object.clone(), true),
            (json!({}), object.clone(), true),
            (json!({"b": "b"}), object, false),
            (json!("2024-05-31"), DataType::Date32, false),
            (json!(null), DataType::Date32, true),
        ] {
            let column = column(&[&value], &data_type);
            assert_eq!(column.is_some(), fits, "{value} {data_type}");
            assert!(column.is_none_or(|column| *column.data_type() == data_type), "{value} {data_type}");
        }
    }
}
