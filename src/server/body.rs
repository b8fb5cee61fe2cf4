//! The bodies of requests.

use std::sync::Arc;
use std::time::Instant;

use axum::body::{Body, HttpBody};
use axum::http::{HeaderMap, header};
use http_body_util::BodyExt;

use super::budget::Held;
use super::metrics::Stage;
use super::problem::{Code, Problem};
use super::shared::Shared;
use crate::io;

/// What errors and ids call a body.
pub(super) const PLACE: &str = "body";

/// The media type of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Media {
    Json,
    /// A document a line.
    Lines,
    Text,
}

impl Media {
    /// That of a request, which has to be one of those that are `expected`. Without one it is JSON.
    pub(super) fn of(headers: &HeaderMap, expected: &'static str) -> Result<Self, Problem> {
        let wrong = |found: &str| {
            Problem::new(
                Code::MediaType,
                format!("expected {expected}, found {found:?}; say so with the header Content-Type"),
            )
        };
        if let Some(coding) = headers.get(header::CONTENT_ENCODING).filter(|coding| *coding != "identity") {
            let found = String::from_utf8_lossy(coding.as_bytes()).into_owned();
            return Err(Problem::new(Code::MediaType, format!("expected no Content-Encoding, found {found:?}")));
        }
        let Some(value) = headers.get(header::CONTENT_TYPE) else { return Ok(Self::Json) };
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        let mut parts = value.split(';').map(str::trim);
        let media = match parts.next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "application/json" => Self::Json,
            "application/x-ndjson" | "application/ndjson" | "application/jsonl" | "application/x-jsonlines" => {
                Self::Lines
            }
            "text/plain" => Self::Text,
            _ => return Err(wrong(&value)),
        };
        let charset = parts.find_map(|part| part.to_ascii_lowercase().strip_prefix("charset=").map(str::to_owned));
        match charset.as_deref().map(|name| name.trim_matches('"')) {
            None | Some("utf-8" | "utf8" | "us-ascii") => Ok(media),
            Some(_) => Err(Problem::new(Code::MediaType, format!("expected UTF-8, found {value:?}"))),
        }
    }
}

/// A body, and its share of the memory.
pub(super) struct Whole {
    pub(super) bytes: Vec<u8>,
    pub(super) held: Arc<Held>,
}

impl Whole {
    /// Reads a body.
    pub(super) async fn read(shared: &Shared, body: Body) -> Result<Self, Problem> {
        let began = Instant::now();
        let read = tokio::time::timeout(shared.options.timeout, Self::collect(shared, body)).await;
        shared.metrics.took(Stage::Read, began.elapsed());
        read.unwrap_or_else(|_| {
            let most = shared.options.timeout.as_secs_f32();
            Err(Problem::new(Code::SlowBody, format!("expected the body within {most} s, found only a part")))
        })
    }

    async fn collect(shared: &Shared, mut body: Body) -> Result<Self, Problem> {
        let most = shared.options.max_body;
        let mut held = shared.budget.none();
        let mut bytes = Vec::new();
        if body.size_hint().lower() > most as u64 {
            return Err(too_large(most));
        }
        while let Some(frame) = body.frame().await {
            let frame =
                frame.map_err(|error| Problem::new(Code::Malformed, format!("{PLACE}: cannot be read: {error}")))?;
            let Ok(data) = frame.into_data() else { continue };
            if bytes.len() + data.len() > most {
                return Err(too_large(most));
            }
            shared.budget.grow(&mut held, data.len())?;
            bytes.extend_from_slice(&data);
        }
        Ok(Self { bytes, held: Arc::new(held) })
    }

    pub(super) fn text(&self) -> Result<&str, Problem> {
        Ok(io::utf8(&self.bytes, PLACE, io::Place { line: 1, byte: 0 }).map_err(io::Error::without_likely)?)
    }
}

pub(super) fn too_large(most: usize) -> Problem {
    Problem::new(
        Code::TooLarge,
        format!(
            "{PLACE}: expected at most {most} bytes, found more; a body of lines (application/x-ndjson) may have any number of such lines"
        ),
    )
}
