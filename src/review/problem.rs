//! Errors as the page sees them: problem details, RFC 9457.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::refusal::Refusal;
use super::state::MentionId;
use crate::text::with_causes;

/// What went wrong, in a word that stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Code {
    Malformed,
    Unauthorized,
    CrossSite,
    NotFound,
    Method,
    TooLarge,
    WrongHost,
    Unfit,
    Overlap,
    Stale,
    Tagging,
    Failed,
}

impl Code {
    fn status(self) -> StatusCode {
        match self {
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::CrossSite => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::WrongHost => StatusCode::MISDIRECTED_REQUEST,
            Self::Unfit | Self::Overlap => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Stale | Self::Tagging => StatusCode::CONFLICT,
            Self::Failed => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// Problem details.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Problem {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    status: u16,
    code: Code,
    detail: String,
    /// The version that the document has.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u64>,
    /// The mentions that are in the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    mentions: Option<Vec<MentionId>>,
}

impl Problem {
    pub(super) fn new(code: Code, detail: impl Into<String>) -> Self {
        let title = code.status().canonical_reason().unwrap_or("Error");
        let (status, detail) = (code.status().as_u16(), detail.into());
        Self { kind: "about:blank", title, status, code, detail, version: None, mentions: None }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::Unfit(_) => Self::new(Code::Unfit, detail),
            Refusal::Overlap(mentions) => Self { mentions: Some(mentions), ..Self::new(Code::Overlap, detail) },
            Refusal::Stale { current, .. } => Self { version: Some(current), ..Self::new(Code::Stale, detail) },
            Refusal::Waiting => Self::new(Code::Tagging, detail),
            Refusal::Unwritten(_) => Self::new(Code::Failed, detail),
        }
    }
}

impl From<super::error::Error> for Problem {
    fn from(error: super::error::Error) -> Self {
        Self::new(Code::Failed, with_causes(&error))
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let json = serde_json::to_string(&self).expect("text and numbers are always JSON") + "\n";
        let mut response = Response::new(Body::from(json));
        *response.status_mut() = self.code.status();
        let media_type = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, media_type);
        response
    }
}
