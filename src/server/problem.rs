//! Errors as callers see them: problem details, RFC 9457.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::budget::Full;
use super::job::Failure;
use crate::text::with_causes;
use crate::{io, pipeline};

/// The media type of a problem.
pub(super) const MEDIA_TYPE: &str = "application/problem+json";

/// What went wrong, in a word that stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Code {
    /// The body or the query is not what it has to be.
    Malformed,
    /// The token is missing, or another one.
    Unauthorized,
    /// A browser asks for a page of another site.
    CrossSite,
    /// There is no such path.
    NotFound,
    /// The path takes other methods.
    Method,
    /// The body did not arrive in time.
    SlowBody,
    /// The body or a line is too large.
    TooLarge,
    /// The body has another media type.
    MediaType,
    /// The request names another server.
    WrongHost,
    /// The body is well-formed, but asks for what cannot be.
    Unfit,
    /// Two parts of a request do not go together: a query and a field `request`, or the two sides of a score.
    Conflict,
    /// Too much waits already.
    Busy,
    /// The server failed.
    Failed,
    /// The model is not loaded yet.
    Loading,
    /// The server is about to end.
    Stopping,
    /// The answer took too long.
    Timeout,
}

impl Code {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Unauthorized => "unauthorized",
            Self::CrossSite => "cross_site",
            Self::NotFound => "not_found",
            Self::Method => "method",
            Self::SlowBody => "slow_body",
            Self::TooLarge => "too_large",
            Self::MediaType => "media_type",
            Self::WrongHost => "wrong_host",
            Self::Unfit => "unfit",
            Self::Conflict => "conflict",
            Self::Busy => "busy",
            Self::Failed => "failed",
            Self::Loading => "loading",
            Self::Stopping => "stopping",
            Self::Timeout => "timeout",
        }
    }

    fn status(self) -> StatusCode {
        match self {
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::CrossSite => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::SlowBody => StatusCode::REQUEST_TIMEOUT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::WrongHost => StatusCode::MISDIRECTED_REQUEST,
            Self::Unfit => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Conflict => StatusCode::CONFLICT,
            Self::Busy => StatusCode::TOO_MANY_REQUESTS,
            Self::Failed => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Loading | Self::Stopping | Self::Timeout => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// After how many seconds it may be tried again.
    fn retry_after(self) -> Option<&'static str> {
        matches!(self, Self::Busy | Self::Loading | Self::Stopping | Self::Timeout).then_some("1")
    }
}

/// Problem details (RFC 9457).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Problem {
    /// Always `about:blank`: the title is that of the status.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    kind: &'static str,
    /// What the status means.
    #[schema(value_type = String)]
    title: &'static str,
    /// The status of HTTP; within an answer, the one that the document would have had alone.
    status: u16,
    code: Code,
    /// What is wrong, and where: what was expected and what was found.
    detail: String,
    /// The line of the body that it is about, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    /// The place of the document in its list, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<usize>,
}

impl Problem {
    pub(super) fn new(code: Code, detail: impl Into<String>) -> Self {
        let title = code.status().canonical_reason().unwrap_or("Error");
        let (status, detail) = (code.status().as_u16(), detail.into());
        Self { kind: "about:blank", title, status, code, detail, line: None, document: None }
    }

    /// The same, about a line of the body.
    pub(super) fn at_line(self, line: u64) -> Self {
        Self { line: Some(line), ..self }
    }

    /// The same, about a document in a list.
    pub(super) fn at_document(self, document: usize) -> Self {
        Self { document: Some(document), ..self }
    }

    /// The same about a side of a score, which is worth nothing without the document.
    pub(super) fn unfit(self, side: &str) -> Self {
        let (line, document) = (self.line, self.document);
        Self { line, document, ..Self::new(Code::Unfit, format!("{side}: {}", self.detail)) }
    }

    pub(super) fn code(&self) -> Code {
        self.code
    }

    /// In place of a document.
    pub(super) fn in_place(&self) -> String {
        #[derive(Serialize)]
        struct InPlace<'p> {
            error: &'p Problem,
        }
        serde_json::to_string(&InPlace { error: self }).expect("text and numbers are always JSON")
    }
}

/// A document cannot be read.
impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Self {
        let code = match error {
            io::Error::MentionText { .. } | io::Error::Unwritable { .. } => Code::Unfit,
            io::Error::TooLarge { .. } => Code::TooLarge,
            _ => Code::Malformed,
        };
        Self::new(code, with_causes(&error))
    }
}

/// The request does not fit the model.
impl From<pipeline::Error> for Problem {
    fn from(error: pipeline::Error) -> Self {
        let code = match error {
            pipeline::Error::Document { .. } => Code::Failed,
            _ => Code::Unfit,
        };
        Self::new(code, with_causes(&error))
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Failed(error) => error.into(),
            Failure::Panicked { .. } => Self::new(Code::Failed, failure.to_string()),
        }
    }
}

impl From<Full> for Problem {
    fn from(_: Full) -> Self {
        Self::new(Code::Busy, "too much waits already: try again later")
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let json = serde_json::to_string(&self).expect("text and numbers are always JSON") + "\n";
        let mut response = Response::new(Body::from(json));
        *response.status_mut() = self.code.status();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if let Some(seconds) = self.code.retry_after() {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static(seconds));
        }
        if self.code == Code::Unauthorized {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response.extensions_mut().insert(self.code);
        response
    }
}
