//! Problem details as a response.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::error::Error;
use crate::desk::{Code, Problem};
use crate::text::with_causes;

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.json()));
        *response.status_mut() = StatusCode::from_u16(self.status()).expect("it is a status of HTTP");
        let media_type = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, media_type);
        response
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self::new(Code::Failed, with_causes(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_the_phrases_of_http() {
        for code in [
            Code::Malformed,
            Code::Unauthorized,
            Code::CrossSite,
            Code::NotFound,
            Code::Method,
            Code::TooLarge,
            Code::WrongHost,
            Code::Unfit,
            Code::Overlap,
            Code::Stale,
            Code::Tagging,
            Code::Failed,
        ] {
            let (status, title) = code.status();
            assert_eq!(StatusCode::from_u16(status).expect("a status").canonical_reason(), Some(title), "{code:?}");
        }
    }
}
