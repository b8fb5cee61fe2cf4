//! Bodies and answers that are JSON.

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use serde::{Deserialize, Deserializer};

use crate::server::body::PLACE;
use crate::server::problem::{Code, Problem};

/// The media types of answers.
pub(super) const JSON: &str = "application/json";
pub(super) const LINES: &str = "application/x-ndjson";

/// Reads a body in JSON, of which `expected` says what it is.
pub(super) fn parse<'b, T: Deserialize<'b>>(text: &'b str, expected: &str) -> Result<T, Problem> {
    let read = serde_json::from_str(text).and_then(|read| {
        // A list of its fields could be read as an object, too.
        match text.trim_ascii_start().starts_with('[') {
            true => Err(serde::de::Error::custom("a list")),
            false => Ok(read),
        }
    });
    read.map_err(|error: serde_json::Error| {
        let (line, column) = (error.line(), error.column());
        let message = error.to_string();
        let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
        let detail = format!("{PLACE}:{line}:{column}: expected {expected}, found: {message}");
        Problem::new(Code::Malformed, detail).at_line(line as u64)
    })
}

/// A whole number, which JSON may write as `7`, `7.0` or `7e0`.
pub(super) fn whole<'d, D: Deserializer<'d>>(deserializer: D) -> Result<i64, D::Error> {
    /// From here on not all whole numbers are floats.
    const EXACT: f64 = (1_u64 << 53) as f64;
    let number = serde_json::Number::deserialize(deserializer)?;
    let float =
        || number.as_f64().filter(|float| float.fract() == 0.0 && float.abs() <= EXACT).map(|float| float as i64);
    let expected = || serde::de::Error::custom(format_args!("expected a whole number, found {number}"));
    number.as_i64().or_else(float).ok_or_else(expected)
}

/// An answer of this media type.
pub(super) fn answer(media_type: &'static str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}
