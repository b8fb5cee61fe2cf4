//! `GET /`

use std::sync::LazyLock;

use axum::http::{HeaderValue, header};
use axum::response::Response;

use super::json::answer;
use crate::page::{Fetches, Frame, StyleAttributes};
use crate::server::problem::Problem;

static PAGE: LazyLock<String> = LazyLock::new(|| {
    let frame = Frame {
        title: "allonym",
        style: include_str!("../page/page.css"),
        script: Some(concat!(include_str!("../../page/tagged.js"), include_str!("../page/page.js"))),
        attributes: StyleAttributes::Refused,
        fetches: Fetches::Own,
    };
    frame.head() + include_str!("../page/page.html") + &frame.foot()
});

/// A page to try it
#[utoipa::path(
    get, path = "/", tag = "server",
    responses(
        (status = 200, description = "The page", body = String, content_type = "text/html"),
        (status = 421, description = "The request names another server", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn page() -> Response {
    let mut response = answer("text/html; charset=utf-8", PAGE.as_str());
    // A page cannot say this of itself.
    let policy = HeaderValue::from_static("frame-ancestors 'none'");
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}
