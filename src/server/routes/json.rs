//! Bodies and answers that are JSON.

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use serde::Deserialize;

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

/// An answer of this media type.
pub(super) fn answer(media_type: &'static str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}
