//! Errors as the page sees them: problem details, RFC 9457.

use serde::Serialize;

use super::refusal::Refusal;
use super::state::MentionId;
use crate::text::with_causes;

/// What went wrong, in a word that stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(feature = "review"), allow(dead_code, reason = "some are for callers of a server"))]
pub(crate) enum Code {
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
    /// The status of HTTP, and its phrase.
    pub(crate) fn status(self) -> (u16, &'static str) {
        match self {
            Self::Malformed => (400, "Bad Request"),
            Self::Unauthorized => (401, "Unauthorized"),
            Self::CrossSite => (403, "Forbidden"),
            Self::NotFound => (404, "Not Found"),
            Self::Method => (405, "Method Not Allowed"),
            Self::TooLarge => (413, "Payload Too Large"),
            Self::WrongHost => (421, "Misdirected Request"),
            Self::Unfit | Self::Overlap => (422, "Unprocessable Entity"),
            Self::Stale | Self::Tagging => (409, "Conflict"),
            Self::Failed => (500, "Internal Server Error"),
        }
    }
}

/// Problem details.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Problem {
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
    pub(crate) fn new(code: Code, detail: impl Into<String>) -> Self {
        let ((status, title), detail) = (code.status(), detail.into());
        Self { kind: "about:blank", title, status, code, detail, version: None, mentions: None }
    }

    /// What is sent instead of an answer.
    pub(crate) fn json(&self) -> String {
        serde_json::to_string(self).expect("text and numbers are always JSON") + "\n"
    }

    #[cfg(feature = "review")]
    pub(crate) fn status(&self) -> u16 {
        self.status
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

impl From<crate::eval::PairingError> for Problem {
    fn from(error: crate::eval::PairingError) -> Self {
        Self::new(Code::Failed, with_causes(&error))
    }
}
