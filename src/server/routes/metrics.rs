//! `GET /metrics`

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use super::json::answer;
use crate::server::metrics::MEDIA_TYPE;
use crate::server::problem::Problem;
use crate::server::shared::Shared;

/// What it has done
///
/// For Prometheus, in the text form of OpenMetrics.
#[utoipa::path(
    get, path = "/metrics", tag = "server",
    responses(
        (status = 200, description = "Counters, gauges and histograms", body = String, content_type = "application/openmetrics-text"),
        (status = 401, description = "The token is missing", body = Problem, content_type = "application/problem+json"),
        (status = 421, description = "The request names another server", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn metrics(State(shared): State<Arc<Shared>>) -> Response {
    answer(MEDIA_TYPE, shared.metrics.text(&shared.now()))
}
