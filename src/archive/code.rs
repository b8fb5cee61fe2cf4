//! Values of the library as the archive writes them.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::link::Kind;

/// A reason or scope in words of lower case: `only_one`.
pub(super) fn code<T: Serialize>(value: T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(code)) => code,
        _ => unreachable!("variants without fields are written as texts"),
    }
}

/// The value of a code; `None` if this version has none of that name.
pub(super) fn decode<T: DeserializeOwned>(code: &str) -> Option<T> {
    serde_json::from_value(code.into()).ok()
}

pub(super) fn kind_code(kind: Kind) -> &'static str {
    match kind {
        Kind::Person => "person",
        Kind::Organisation => "organisation",
        Kind::Place => "place",
        Kind::Other => "other",
    }
}

pub(super) fn kind_of(code: &str) -> Kind {
    match code {
        "person" => Kind::Person,
        "organisation" => Kind::Organisation,
        "place" => Kind::Place,
        _ => Kind::Other,
    }
}

pub(super) fn deflate(text: &str) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).and_then(|()| encoder.finish()).expect("a vector takes everything")
}

/// The text that was deflated; `None` if the bytes are damaged.
pub(super) fn inflate(bytes: &[u8]) -> Option<String> {
    let mut text = String::new();
    DeflateDecoder::new(bytes).read_to_string(&mut text).ok()?;
    Some(text)
}

/// Sorted rows in few bytes: the differences, seven bits a byte.
pub(super) fn pack(rows: &[i64]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut last = 0;
    for &row in rows {
        let mut rest = (row - last).cast_unsigned();
        last = row;
        while rest >= 0x80 {
            bytes.push((rest & 0x7f) as u8 | 0x80);
            rest >>= 7;
        }
        bytes.push(rest as u8);
    }
    bytes
}

pub(super) fn unpack(bytes: &[u8]) -> Vec<i64> {
    let mut rows = Vec::new();
    let (mut last, mut value, mut shift) = (0_i64, 0_u64, 0);
    for &byte in bytes {
        value |= u64::from(byte & 0x7f) << shift;
        shift += 7;
        if byte < 0x80 {
            last += value.cast_signed();
            rows.push(last);
            (value, shift) = (0, 0);
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::{MergeReason, MergeScope};

    #[test]
    fn values_are_read_as_they_were_written() {
        assert_eq!((code(MergeReason::GivenName), code(MergeScope::OnlyOne)), ("given_name".into(), "only_one".into()));
        assert_eq!(decode::<MergeReason>("given_name"), Some(MergeReason::GivenName));
        assert_eq!(decode::<MergeReason>("telepathy"), None);
        for kind in [Kind::Person, Kind::Organisation, Kind::Place, Kind::Other] {
            assert_eq!(kind_of(kind_code(kind)), kind);
        }
        for rows in [&[][..], &[1], &[1, 2, 200, 1 << 40]] {
            assert_eq!(unpack(&pack(rows)), rows);
        }
        assert_eq!(inflate(&deflate("Ö in Oslo")).as_deref(), Some("Ö in Oslo"));
        assert_eq!(inflate(b"\xff\xff"), None);
    }
}
