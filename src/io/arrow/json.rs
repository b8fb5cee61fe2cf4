//! Values of columns as JSON.

use std::fmt::Display;
use std::io::Write;

use arrow_array::cast::AsArray;
use arrow_array::temporal_conversions::{as_date, as_datetime, as_time};
use arrow_array::types::{
    ArrowPrimitiveType, ArrowTemporalType, Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type,
    Decimal256Type, DecimalType, DurationMicrosecondType, DurationMillisecondType, DurationNanosecondType,
    DurationSecondType, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    IntervalDayTimeType, IntervalMonthDayNanoType, IntervalYearMonthType, Time32MillisecondType, Time32SecondType,
    Time64MicrosecondType, Time64NanosecondType, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, FixedSizeBinaryArray, FixedSizeListArray, MapArray, OffsetSizeTrait, StructArray};
use arrow_buffer::ArrowNativeType;
use arrow_schema::{DataType, IntervalUnit, TimeUnit};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::texts::Texts;

/// Writes the value of a row as JSON.
pub(super) type Encode = Box<dyn Fn(usize, &mut Vec<u8>) + Send>;

const NULL: &[u8] = b"null";

/// How the values of a column become JSON: numbers as numbers (not a number and infinity as null), days and times as ISO 8601, bytes in
/// base64, lists as lists, structs and maps with texts as keys as objects. `None` for unions and runs, which have no such form.
pub(super) fn encoder(column: &ArrayRef) -> Option<Encode> {
    let encode = values(column)?;
    let Some(nulls) = column.logical_nulls() else { return Some(encode) };
    Some(Box::new(move |row, out| match nulls.is_null(row) {
        true => out.extend_from_slice(NULL),
        false => encode(row, out),
    }))
}

/// Writes a text as JSON.
pub(super) fn text(text: &str, out: &mut Vec<u8>) {
    serde_json::to_writer(out, text).expect("a vector takes everything");
}

/// The same for lists of entities, whose `extra` is an object of JSON with more fields of theirs.
pub(super) fn entities(column: &ArrayRef) -> Option<Encode> {
    let (entities, encode): (ArrayRef, fn(&ArrayRef, Encode) -> Encode) = match column.data_type() {
        DataType::List(_) => (column.as_list::<i32>().values().clone(), lists::<i32>),
        DataType::LargeList(_) => (column.as_list::<i64>().values().clone(), lists::<i64>),
        _ => return encoder(column),
    };
    let Some(objects) = entities.as_any().downcast_ref::<StructArray>() else { return encoder(column) };
    let Some(Ok(extra)) = objects.column_by_name("extra").map(Texts::new) else { return encoder(column) };
    let at = objects.column_names().iter().position(|name| *name == "extra")?;
    let (fields, columns, nulls) = objects.clone().into_parts();
    let without = |nth: &usize| *nth != at;
    let kept: Vec<usize> = (0..columns.len()).filter(without).collect();
    if kept.is_empty() {
        return encoder(column);
    }
    let fields: arrow_schema::Fields = kept.iter().map(|&nth| fields[nth].clone()).collect();
    let rest: ArrayRef =
        std::sync::Arc::new(StructArray::new(fields, kept.iter().map(|&nth| columns[nth].clone()).collect(), nulls));
    let own = encoder(&rest)?;
    let spliced: Encode = Box::new(move |row, out| {
        own(row, out);
        let more = extra.bytes(row).map_or(&b""[..], <[u8]>::trim_ascii);
        let more = more.strip_prefix(b"{").and_then(|more| more.strip_suffix(b"}")).unwrap_or(more).trim_ascii();
        if !more.is_empty() && out.pop_if(|last| *last == b'}').is_some() {
            out.push(b',');
            out.extend_from_slice(more);
            out.push(b'}');
        }
    });
    let encode = encode(column, spliced);
    let nulls = column.logical_nulls();
    Some(Box::new(move |row, out| match nulls.as_ref().is_some_and(|nulls| nulls.is_null(row)) {
        true => out.extend_from_slice(NULL),
        false => encode(row, out),
    }))
}

/// The same without a look at nulls.
fn values(column: &ArrayRef) -> Option<Encode> {
    Some(match column.data_type() {
        DataType::Null => Box::new(|_, out| out.extend_from_slice(NULL)),
        DataType::Boolean => {
            let column = column.as_boolean().clone();
            Box::new(move |row, out| out.extend_from_slice(if column.value(row) { b"true" } else { b"false" }))
        }
        DataType::Int8 => number::<Int8Type>(column),
        DataType::Int16 => number::<Int16Type>(column),
        DataType::Int32 => number::<Int32Type>(column),
        DataType::Int64 => number::<Int64Type>(column),
        DataType::UInt8 => number::<UInt8Type>(column),
        DataType::UInt16 => number::<UInt16Type>(column),
        DataType::UInt32 => number::<UInt32Type>(column),
        DataType::UInt64 => number::<UInt64Type>(column),
        DataType::Float16 => float::<Float16Type>(column),
        DataType::Float32 => float::<Float32Type>(column),
        DataType::Float64 => float::<Float64Type>(column),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => {
            let texts = Texts::new(column).ok()?;
            let value = move |row| texts.get(row).and_then(Result::ok).unwrap_or_default().to_owned();
            Box::new(move |row, out| text(&value(row), out))
        }
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => {
            let bytes = Texts::new(column).ok()?;
            Box::new(move |row, out| base64(bytes.bytes(row).unwrap_or_default(), out))
        }
        DataType::FixedSizeBinary(_) => {
            let bytes = column.as_any().downcast_ref::<FixedSizeBinaryArray>()?.clone();
            Box::new(move |row, out| base64(bytes.value(row), out))
        }
        DataType::Date32 => date::<Date32Type>(column),
        DataType::Date64 => date::<Date64Type>(column),
        DataType::Timestamp(unit, zone) => {
            let end = if zone.is_some() { "Z" } else { "" };
            match unit {
                TimeUnit::Second => timestamp::<TimestampSecondType>(column, end),
                TimeUnit::Millisecond => timestamp::<TimestampMillisecondType>(column, end),
                TimeUnit::Microsecond => timestamp::<TimestampMicrosecondType>(column, end),
                TimeUnit::Nanosecond => timestamp::<TimestampNanosecondType>(column, end),
            }
        }
        DataType::Time32(TimeUnit::Second) => time::<Time32SecondType>(column),
        DataType::Time32(_) => time::<Time32MillisecondType>(column),
        DataType::Time64(TimeUnit::Microsecond) => time::<Time64MicrosecondType>(column),
        DataType::Time64(_) => time::<Time64NanosecondType>(column),
        DataType::Duration(TimeUnit::Second) => number::<DurationSecondType>(column),
        DataType::Duration(TimeUnit::Millisecond) => number::<DurationMillisecondType>(column),
        DataType::Duration(TimeUnit::Microsecond) => number::<DurationMicrosecondType>(column),
        DataType::Duration(TimeUnit::Nanosecond) => number::<DurationNanosecondType>(column),
        DataType::Interval(IntervalUnit::YearMonth) => number::<IntervalYearMonthType>(column),
        DataType::Interval(IntervalUnit::DayTime) => {
            let column = column.as_primitive::<IntervalDayTimeType>().clone();
            Box::new(move |row, out| {
                let value = column.value(row);
                put(out, format_args!("{{\"days\":{},\"milliseconds\":{}}}", value.days, value.milliseconds));
            })
        }
        DataType::Interval(IntervalUnit::MonthDayNano) => {
            let column = column.as_primitive::<IntervalMonthDayNanoType>().clone();
            Box::new(move |row, out| {
                let value = column.value(row);
                let (months, days, nanoseconds) = (value.months, value.days, value.nanoseconds);
                put(out, format_args!("{{\"months\":{months},\"days\":{days},\"nanoseconds\":{nanoseconds}}}"));
            })
        }
        DataType::Decimal32(..) => decimal::<Decimal32Type>(column),
        DataType::Decimal64(..) => decimal::<Decimal64Type>(column),
        DataType::Decimal128(..) => decimal::<Decimal128Type>(column),
        DataType::Decimal256(..) => decimal::<Decimal256Type>(column),
        DataType::List(_) => list::<i32>(column)?,
        DataType::LargeList(_) => list::<i64>(column)?,
        DataType::FixedSizeList(..) => {
            let lists = column.as_any().downcast_ref::<FixedSizeListArray>()?;
            let (encode, size) = (encoder(lists.values())?, usize::try_from(lists.value_length()).ok()?);
            Box::new(move |row, out| sequence(row * size..(row + 1) * size, &encode, out))
        }
        DataType::Struct(_) => object(column.as_struct())?,
        DataType::Map(..) => map(column.as_map())?,
        DataType::Dictionary(..) => {
            let dictionary = column.as_any_dictionary();
            if dictionary.values().is_empty() {
                return Some(Box::new(|_, out| out.extend_from_slice(NULL)));
            }
            let (encode, keys) = (encoder(dictionary.values())?, dictionary.normalized_keys());
            Box::new(move |row, out| encode(keys[row], out))
        }
        _ => return None,
    })
}

fn put(out: &mut Vec<u8>, value: impl Display) {
    write!(out, "{value}").expect("a vector takes everything");
}

fn number<T: ArrowPrimitiveType>(column: &ArrayRef) -> Encode
where
    T::Native: Display,
{
    let column = column.as_primitive::<T>().clone();
    Box::new(move |row, out| put(out, column.value(row)))
}

fn float<T: ArrowPrimitiveType>(column: &ArrayRef) -> Encode
where
    T::Native: Into<f64> + Display,
{
    let column = column.as_primitive::<T>().clone();
    Box::new(move |row, out| {
        let value = column.value(row);
        // The shortest digits that give the same number again.
        let digits = value.to_string();
        match value.into().is_finite() {
            false => out.extend_from_slice(NULL),
            true if digits.contains(['.', 'e']) => out.extend_from_slice(digits.as_bytes()),
            true => put(out, format_args!("{digits}.0")),
        }
    })
}

fn decimal<T: DecimalType + ArrowPrimitiveType>(column: &ArrayRef) -> Encode {
    let column = column.as_primitive::<T>().clone();
    Box::new(move |row, out| out.extend_from_slice(column.value_as_string(row).as_bytes()))
}

fn base64(bytes: &[u8], out: &mut Vec<u8>) {
    text(&BASE64_STANDARD.encode(bytes), out);
}

/// A day or time in quotation marks; the bare number where the calendar has no such one.
fn calendar(value: Option<impl std::fmt::Debug>, end: &str, number: i64, out: &mut Vec<u8>) {
    match value {
        Some(value) => put(out, format_args!("\"{value:?}{end}\"")),
        None => put(out, number),
    }
}

fn date<T: ArrowTemporalType>(column: &ArrayRef) -> Encode
where
    i64: From<T::Native>,
{
    let column = column.as_primitive::<T>().clone();
    Box::new(move |row, out| {
        let value = i64::from(column.value(row));
        calendar(as_date::<T>(value), "", value, out);
    })
}

fn time<T: ArrowTemporalType>(column: &ArrayRef) -> Encode
where
    i64: From<T::Native>,
{
    let column = column.as_primitive::<T>().clone();
    Box::new(move |row, out| {
        let value = i64::from(column.value(row));
        calendar(as_time::<T>(value), "", value, out);
    })
}

fn timestamp<T: ArrowTemporalType>(column: &ArrayRef, end: &'static str) -> Encode
where
    i64: From<T::Native>,
{
    let column = column.as_primitive::<T>().clone();
    Box::new(move |row, out| {
        let value = i64::from(column.value(row));
        calendar(as_datetime::<T>(value), end, value, out);
    })
}

fn sequence(rows: std::ops::Range<usize>, encode: &Encode, out: &mut Vec<u8>) {
    out.push(b'[');
    for (nth, row) in rows.enumerate() {
        if nth > 0 {
            out.push(b',');
        }
        encode(row, out);
    }
    out.push(b']');
}

fn list<O: OffsetSizeTrait>(column: &ArrayRef) -> Option<Encode> {
    Some(lists::<O>(column, encoder(column.as_list::<O>().values())?))
}

/// Lists of what `encode` writes.
fn lists<O: OffsetSizeTrait>(column: &ArrayRef, encode: Encode) -> Encode {
    let offsets = column.as_list::<O>().offsets().clone();
    Box::new(move |row, out| sequence(offsets[row].as_usize()..offsets[row + 1].as_usize(), &encode, out))
}

fn object(column: &StructArray) -> Option<Encode> {
    let names = column.column_names().into_iter().map(str::to_owned);
    let fields: Option<Vec<(String, Encode)>> =
        names.zip(column.columns()).map(|(name, values)| Some((name, encoder(values)?))).collect();
    let fields = fields?;
    Some(Box::new(move |row, out| {
        out.push(b'{');
        for (nth, (name, encode)) in fields.iter().enumerate() {
            if nth > 0 {
                out.push(b',');
            }
            text(name, out);
            out.push(b':');
            encode(row, out);
        }
        out.push(b'}');
    }))
}

/// An object where the keys are texts, else a list of objects with `key` and `value`.
fn map(column: &MapArray) -> Option<Encode> {
    let (offsets, values) = (column.offsets().clone(), encoder(column.values())?);
    let range = move |row: usize| offsets[row].as_usize()..offsets[row + 1].as_usize();
    let Ok(keys) = Texts::new(column.keys()) else {
        let keys = encoder(column.keys())?;
        let pair: Encode = Box::new(move |row, out| {
            out.extend_from_slice(b"{\"key\":");
            keys(row, out);
            out.extend_from_slice(b",\"value\":");
            values(row, out);
            out.push(b'}');
        });
        return Some(Box::new(move |row, out| sequence(range(row), &pair, out)));
    };
    Some(Box::new(move |row, out| {
        out.push(b'{');
        for (nth, entry) in range(row).enumerate() {
            if nth > 0 {
                out.push(b',');
            }
            text(&String::from_utf8_lossy(keys.bytes(entry).unwrap_or_default()), out);
            out.push(b':');
            values(entry, out);
        }
        out.push(b'}');
    }))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::builder::{ListBuilder, MapBuilder, StringBuilder};
    use arrow_array::types::Int8Type;
    use arrow_array::{
        BinaryArray, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float32Array, Float64Array,
        Int64Array, NullArray, StringArray, StringViewArray, Time64MicrosecondArray, TimestampMillisecondArray,
    };
    use arrow_schema::{Field, Fields};

    use super::*;

    fn json(column: impl Array + 'static) -> String {
        let column: ArrayRef = Arc::new(column);
        let encode = encoder(&column).expect("the type has a form");
        let mut out = Vec::new();
        sequence(0..column.len(), &encode, &mut out);
        String::from_utf8(out).expect("JSON is text")
    }

    #[test]
    fn all_types_have_a_form() {
        assert_eq!(json(NullArray::new(2)), "[null,null]");
        assert_eq!(json(BooleanArray::from(vec![Some(true), None])), "[true,null]");
        assert_eq!(json(Int64Array::from(vec![Some(i64::MIN), None])), "[-9223372036854775808,null]");
        assert_eq!(json(Float64Array::from(vec![1.0, 0.1, 1e300, f64::NAN])).len(), "[1.0,0.1,,null]".len() + 303);
        assert_eq!(json(Float32Array::from(vec![0.98, f32::INFINITY])), "[0.98,null]");
        assert_eq!(json(StringArray::from(vec![Some("a\"\n"), None])), r#"["a\"\n",null]"#);
        assert_eq!(json(StringViewArray::from(vec!["Zürich, a name longer than twelve"])).len(), 37 + 1);
        assert_eq!(json(BinaryArray::from_vec(vec![b"\xFF\x00"])), r#"["/wA="]"#);
        assert_eq!(json(Date32Array::from(vec![19874])), r#"["2024-05-31"]"#);
        assert_eq!(json(Time64MicrosecondArray::from(vec![1_500_000])), r#"["00:00:01.500"]"#);
        let times = TimestampMillisecondArray::from(vec![0, i64::MAX]);
        assert_eq!(json(times.clone()), r#"["1970-01-01T00:00:00",9223372036854775807]"#);
        assert_eq!(json(times.slice(0, 1).with_timezone("Europe/Berlin")), r#"["1970-01-01T00:00:00Z"]"#);
        let prices = Decimal128Array::from(vec![-1250, 5]).with_precision_and_scale(9, 2).expect("it fits");
        assert_eq!(json(prices), "[-12.50,0.05]");
        let words: DictionaryArray<Int8Type> = [Some("a"), None, Some("a")].into_iter().collect();
        assert_eq!(json(words), r#"["a",null,"a"]"#);
    }

    #[test]
    fn nested_types_are_nested() {
        let mut lists = ListBuilder::new(StringBuilder::new());
        lists.append_value([Some("a"), None]);
        lists.append_null();
        lists.append_value::<[Option<&str>; 0], _>([]);
        let lists = lists.finish();
        assert_eq!(json(lists.slice(1, 2)), "[null,[]]");
        let fields = Fields::from(vec![Field::new("tags", lists.data_type().clone(), true)]);
        let objects = StructArray::new(fields, vec![Arc::new(lists)], None);
        assert_eq!(json(objects), r#"[{"tags":["a",null]},{"tags":null},{"tags":[]}]"#);
        let mut map = MapBuilder::new(None, StringBuilder::new(), StringBuilder::new());
        map.keys().append_value("k");
        map.values().append_value("v");
        map.append(true).expect("a pair");
        assert_eq!(json(map.finish()), r#"[{"k":"v"}]"#);
    }
}
