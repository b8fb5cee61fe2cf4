//! `POST /v1/compare`

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::json::{JSON, answer, parse};
use super::refusals::Refusals;
use crate::link::names::{self, Evidence, NameModel};
use crate::server::body::{Media, Whole};
use crate::server::problem::{Code, Problem};
use crate::server::shared::Shared;

/// Two names of persons.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, expecting = "a JSON object")]
pub(super) struct Names {
    /// The one name.
    a: String,
    /// The other one.
    b: String,
}

/// Whether two names are one person's, and why.
#[derive(Serialize, ToSchema)]
pub(super) struct Compared {
    a: String,
    b: String,
    /// The probability that both names are one person's.
    probability: f64,
    /// The probability from which they are taken for one person's.
    threshold: f64,
    /// Whether they are.
    same: bool,
    /// The evidence in words.
    reason: String,
    /// The evidence, piece by piece.
    #[schema(value_type = Vec<Object>)]
    evidence: Vec<Evidence>,
}

/// Compare two names
///
/// Says whether two names are one person's, and why, as `allonym link --explain NAME NAME` does.
#[utoipa::path(
    post, path = "/v1/compare", tag = "names",
    request_body(content = Names, content_type = "application/json"),
    responses(
        (status = 200, description = "How alike they are", body = Compared, content_type = "application/json"),
        (status = 400, description = "The body cannot be read", body = Problem, content_type = "application/problem+json"),
        Refusals,
    )
)]
pub(super) async fn compare(State(shared): State<Arc<Shared>>, request: Request) -> Result<Response, Problem> {
    shared.engine()?;
    let (parts, body) = request.into_parts();
    if Media::of(&parts.headers, "application/json")? != Media::Json {
        return Err(Problem::new(Code::MediaType, "expected application/json"));
    }
    let whole = Whole::read(&shared, body).await?;
    let Names { a, b } = parse(whole.text()?, "an object with two names, \"a\" and \"b\"")?;
    let compared = move || {
        let comparison = names::compare(&a, &b);
        let threshold = NameModel::embedded().threshold();
        let (probability, reason) = (comparison.probability, comparison.to_string());
        Compared { a, b, probability, threshold, same: probability >= threshold, reason, evidence: comparison.evidence }
    };
    let compared = shared.work.run(shared.options.timeout, Arc::clone(&whole.held), compared).await?;
    Ok(answer(JSON, serde_json::to_string(&compared).expect("text and numbers are always JSON") + "\n"))
}
