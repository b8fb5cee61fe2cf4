//! Types of columns for values of JSON.

use std::sync::Arc;

use arrow_schema::{DataType, Field, Fields};
use serde_json::Value;

/// The largest integer up to which a float64 has all of them.
const EXACT: u64 = 1 << 53;

/// What values of JSON have in common.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shape {
    /// Nothing but null.
    Null,
    Boolean,
    /// Integers of 64 bits with a sign.
    Integer,
    Float,
    Text,
    List(Box<Shape>),
    /// Fields in the order in which they were met.
    Object(Vec<(String, Shape)>),
}

impl Shape {
    /// The shape of a value; `None` for one that fits into no column: a list of unlike values, an object without fields, an integer that
    /// is too large.
    pub(super) fn of(value: &Value) -> Option<Self> {
        Some(match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Boolean,
            Value::Number(number) if number.is_i64() => Self::Integer,
            Value::Number(number) if number.is_f64() => Self::Float,
            Value::Number(_) => return None,
            Value::String(_) => Self::Text,
            Value::Array(list) => {
                let shapes = list.iter().map(Self::of);
                let shape = shapes.reduce(|one, other| one?.and(other?)).unwrap_or(Some(Self::Null));
                Self::List(Box::new(shape?))
            }
            Value::Object(fields) if fields.is_empty() => return None,
            Value::Object(fields) => {
                let shape = |(name, value): (&String, &Value)| Some((name.clone(), Self::of(value)?));
                Self::Object(fields.iter().map(shape).collect::<Option<_>>()?)
            }
        })
    }

    /// What holds the values of both; `None` where nothing does.
    pub(super) fn and(self, other: Self) -> Option<Self> {
        Some(match (self, other) {
            (one, other) if one == other => one,
            (Self::Null, shape) | (shape, Self::Null) => shape,
            (Self::Integer, Self::Float) | (Self::Float, Self::Integer) => Self::Float,
            (Self::List(one), Self::List(other)) => Self::List(Box::new(one.and(*other)?)),
            (Self::Object(mut fields), Self::Object(others)) => {
                for (name, shape) in others {
                    match fields.iter_mut().find(|(own, _)| *own == name) {
                        Some((_, own)) => *own = std::mem::replace(own, Self::Null).and(shape)?,
                        None => fields.push((name, shape)),
                    }
                }
                Self::Object(fields)
            }
            _ => return None,
        })
    }

    /// The type of its column. Where there was nothing but null, texts are the likeliest.
    pub(super) fn data_type(&self) -> DataType {
        match self {
            Self::Null | Self::Text => DataType::Utf8,
            Self::Boolean => DataType::Boolean,
            Self::Integer => DataType::Int64,
            Self::Float => DataType::Float64,
            Self::List(shape) => DataType::List(Arc::new(Field::new("item", shape.data_type(), true))),
            Self::Object(fields) => {
                let field = |(name, shape): &(String, Shape)| Field::new(name, shape.data_type(), true);
                DataType::Struct(fields.iter().map(field).collect::<Fields>())
            }
        }
    }
}

/// Whether a float64 has this number exactly.
pub(super) fn is_exact(number: &serde_json::Number) -> bool {
    number.is_f64() || number.as_i64().is_some_and(|number| number.unsigned_abs() <= EXACT)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_have_a_type_in_common() {
        let list = |of: DataType| DataType::List(Arc::new(Field::new("item", of, true)));
        for (values, want) in [
            (vec![json!(1), json!(null)], Some(DataType::Int64)),
            (vec![json!(1), json!(0.5)], Some(DataType::Float64)),
            (vec![json!(1), json!("1")], None),
            (vec![json!(u64::MAX)], None),
            (vec![json!(null)], Some(DataType::Utf8)),
            (vec![json!([]), json!(["a", null])], Some(list(DataType::Utf8))),
            (vec![json!(["a", 1])], None),
            (vec![json!({})], None),
            (
                vec![json!({"a": 1}), json!({"b": [true]})],
                Some(DataType::Struct(Fields::from(vec![
                    Field::new("a", DataType::Int64, true),
                    Field::new("b", list(DataType::Boolean), true),
                ]))),
            ),
        ] {
            let shapes = values.iter().map(Shape::of);
            let shape = shapes.reduce(|one, other| one?.and(other?)).flatten();
            assert_eq!(shape.map(|shape| shape.data_type()), want, "{values:?}");
        }
    }
}
