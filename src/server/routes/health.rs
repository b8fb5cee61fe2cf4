//! `GET /healthz`, `GET /readyz`

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use super::json::answer;
use crate::server::problem::Problem;
use crate::server::shared::Shared;

/// The media type of short answers.
const TEXT: &str = "text/plain; charset=utf-8";

/// Whether it lives
#[utoipa::path(
    get, path = "/healthz", tag = "server",
    responses(
        (status = 200, description = "It lives", body = String, content_type = "text/plain"),
        (status = 421, description = "The request names another server", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn healthz() -> Response {
    answer(TEXT, "ok\n")
}

/// Whether it takes requests
#[utoipa::path(
    get, path = "/readyz", tag = "server",
    responses(
        (status = 200, description = "It takes requests", body = String, content_type = "text/plain"),
        (status = 421, description = "The request names another server", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The model is being loaded, or the server is about to end", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn readyz(State(shared): State<Arc<Shared>>) -> Result<Response, Problem> {
    shared.engine().map(|_| answer(TEXT, "ready\n"))
}
