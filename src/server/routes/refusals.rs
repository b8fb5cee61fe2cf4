//! How every request with a body may be refused, for the description.

use std::collections::BTreeMap;

use utoipa::IntoResponses;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};

use crate::server::problem::MEDIA_TYPE;

/// How every request with a body may be refused.
pub(super) struct Refusals;

const ALL: [(&str, &str); 8] = [
    ("401", "The token is missing"),
    ("403", "A browser asks for a page of another site"),
    ("408", "The body did not arrive in time"),
    ("413", "The body is too large"),
    ("415", "The body has another media type"),
    ("421", "The request names another server"),
    ("429", "Too much waits already"),
    ("503", "The server is not ready, or too slow"),
];

impl IntoResponses for Refusals {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let refusal = |(status, description): (&str, &str)| {
            let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
            let response = ResponseBuilder::new().description(description).content(MEDIA_TYPE, content).build();
            (status.to_owned(), response.into())
        };
        ALL.into_iter().map(refusal).collect()
    }
}
