//! What is answered, path by path.

use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use super::page;
use super::shared::Shared;
use crate::desk::{Code, Export, Occurring, Problem, Step, Wanted, With, answers};
use crate::server::{Token, bearer, host, is_of_another_site, is_ours};

/// The most bytes of a step.
pub(super) const MOST: usize = 16 << 20;

/// What all paths share.
#[derive(Clone)]
pub(super) struct Guarded {
    pub(super) shared: Arc<Shared>,
    pub(super) token: Arc<Token>,
}

/// All routes.
pub(super) fn router(guarded: Guarded) -> Router {
    Router::new()
        .route("/", get(front))
        .route("/api/review", get(review))
        .route("/api/documents", get(list))
        .route("/api/documents/{index}", get(document))
        .route("/api/documents/{index}/occurrences", get(occurrences))
        .route("/api/documents/{index}/ops", post(ops))
        .route("/api/progress", get(progress))
        .route("/api/disagreements", get(disagreements))
        .route("/api/export", post(export))
        .fallback(async |request: Request| {
            let path = request.uri().path().to_owned();
            Problem::new(Code::NotFound, format!("expected / or a path under /api, found {path:?}"))
        })
        .method_not_allowed_fallback(async |request: Request| {
            let detail = format!("{} is not for {}", request.method(), request.uri().path());
            Problem::new(Code::Method, detail)
        })
        .layer(from_fn_with_state(guarded.clone(), guard))
        .with_state(guarded.shared)
}

/// Lets those pass who know the secret, and name this machine.
async fn guard(State(guarded): State<Guarded>, request: Request, next: Next) -> Response {
    let mut response = match refusal(&guarded.token, &request) {
        None => next.run(request).await,
        Some(response) => response,
    };
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    // A page cannot say this of itself.
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("frame-ancestors 'none'"));
    response
}

fn refusal(token: &Token, request: &Request) -> Option<Response> {
    let headers = request.headers();
    if let Some(host) = host(headers, request.uri()).filter(|host| !is_ours(host, &[])) {
        let detail = format!("expected localhost or a loopback address as Host, found {host:?}");
        return Some(Problem::new(Code::WrongHost, detail).into_response());
    }
    if is_of_another_site(request) {
        let detail = "expected a page of this server, found a request of another site";
        return Some(Problem::new(Code::CrossSite, detail).into_response());
    }
    if request.uri().path() == "/" {
        let query = request.uri().query().unwrap_or_default();
        let key = query.split('&').find_map(|part| part.strip_prefix("key="));
        if !key.is_some_and(|key| token.is(key)) {
            let text = "expected the address that allonym printed, with its key\n";
            return Some((StatusCode::FORBIDDEN, text).into_response());
        }
    } else if !bearer(headers).is_some_and(|key| token.is(key)) {
        let detail = "expected the key of the page (Authorization: Bearer KEY), found none or another one";
        return Some(Problem::new(Code::Unauthorized, detail).into_response());
    }
    None
}

type Answer = Result<Response, Problem>;
type Review = State<Arc<Shared>>;
type Asked<T> = Result<Query<T>, QueryRejection>;

fn query<T>(asked: Asked<T>) -> Result<T, Problem> {
    let malformed = |error: QueryRejection| Problem::new(Code::Malformed, error.body_text());
    asked.map(|Query(query)| query).map_err(malformed)
}

async fn body<T>(body: Body, read: impl FnOnce(&[u8]) -> Result<T, Problem>) -> Result<T, Problem> {
    let bytes = axum::body::to_bytes(body, MOST).await;
    let large = |_| Problem::new(Code::TooLarge, format!("expected at most {MOST} bytes, found more"));
    bytes.map_err(large).and_then(|bytes| read(&bytes))
}

/// Works on a thread that may wait for the disk.
async fn blocking(work: impl FnOnce() -> answers::Answer + Send + 'static) -> Answer {
    let done = tokio::task::spawn_blocking(work).await;
    let json = done.unwrap_or_else(|error| Err(Problem::new(Code::Failed, error.to_string())))?;
    let mut response = Response::new(Body::from(json));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}

/// `GET /`
async fn front() -> Response {
    static PAGE: LazyLock<String> = LazyLock::new(page::html);
    let mut response = Response::new(Body::from(PAGE.as_str()));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response
}

/// `GET /api/review`
async fn review(State(shared): Review) -> Answer {
    blocking(move || answers::review(&*shared)).await
}

/// `GET /api/documents`
async fn list(State(shared): Review, asked: Asked<Wanted>) -> Answer {
    let wanted = query(asked)?;
    blocking(move || answers::list(&*shared, &wanted)).await
}

/// `GET /api/documents/N`
async fn document(State(shared): Review, Path(index): Path<usize>, asked: Asked<With>) -> Answer {
    let asked = query(asked)?;
    blocking(move || answers::document(&*shared, index, &asked)).await
}

/// `GET /api/documents/N/occurrences`
async fn occurrences(State(shared): Review, Path(index): Path<usize>, asked: Asked<Occurring>) -> Answer {
    let asked = query(asked)?;
    blocking(move || answers::occurrences(&*shared, index, &asked)).await
}

/// `POST /api/documents/N/ops`
async fn ops(State(shared): Review, Path(index): Path<usize>, asked: Asked<With>, sent: Body) -> Answer {
    let step = body(sent, Step::read).await?;
    let asked = query(asked)?;
    blocking(move || answers::ops(&*shared, index, &asked, &step)).await
}

/// `GET /api/progress`
async fn progress(State(shared): Review) -> Answer {
    blocking(move || answers::progress(&*shared)).await
}

/// `GET /api/disagreements`
async fn disagreements(State(shared): Review, asked: Asked<With>) -> Answer {
    let asked = query(asked)?;
    blocking(move || answers::disagreements(&*shared, &asked)).await
}

/// `POST /api/export`
async fn export(State(shared): Review, sent: Body) -> Answer {
    let asked = body(sent, Export::read).await?;
    blocking(move || answers::export(&*shared, &asked)).await
}
