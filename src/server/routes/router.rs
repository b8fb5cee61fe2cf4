//! All routes.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

use super::{compare, eval, health, link, metrics, openapi, page, tag};
use crate::server::guard::guard;
use crate::server::problem::{Code, Problem};
use crate::server::shared::Shared;

/// All routes.
pub(in crate::server) fn router(shared: &Arc<Shared>) -> Router {
    Router::new()
        .route("/v1/tag", post(tag::tag))
        .route("/v1/link", post(link::link))
        .route("/v1/compare", post(compare::compare))
        .route("/v1/eval", post(eval::eval))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(metrics::metrics))
        .route("/openapi.json", get(openapi::openapi))
        .route("/", get(page::page))
        .fallback(async |request: Request| {
            let paths = "/v1/tag, /v1/link, /v1/compare, /v1/eval, /healthz, /readyz, /metrics, /openapi.json or /";
            Problem::new(Code::NotFound, format!("expected {paths}, found {:?}", request.uri().path()))
        })
        .method_not_allowed_fallback(async |request: Request| {
            let detail =
                format!("{} is not for {}; the header Allow says what is", request.method(), request.uri().path());
            Problem::new(Code::Method, detail)
        })
        .layer(from_fn_with_state(Arc::clone(shared), guard))
        .with_state(Arc::clone(shared))
}
