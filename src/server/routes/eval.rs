//! `POST /v1/eval`

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::response::Response;
use serde::Deserialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::json::{JSON, answer, parse, whole};
use super::refusals::Refusals;
use super::tag::Id;
use crate::eval::report::{Report, ReportOptions};
use crate::eval::{Input, Missing, PairingOptions, pair};
use crate::pool::Pool;
use crate::server::body::{Media, Whole};
use crate::server::documents::{Item, listed};
use crate::server::metrics::Stage;
use crate::server::problem::{Code, Problem};
use crate::server::shared::Shared;
use crate::text::Document;

/// The most samples or trials.
const MOST: u32 = 100_000;

/// Gold, what a system found, and how to score.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a JSON object")]
struct Sides<'b> {
    #[serde(borrow)]
    gold: Vec<&'b RawValue>,
    #[serde(borrow)]
    predicted: Vec<&'b RawValue>,
    #[serde(default)]
    labels: Option<Vec<String>>,
    #[serde(default)]
    map: BTreeMap<String, String>,
    #[serde(default)]
    missing: MissingWanted,
    #[serde(default = "samples", deserialize_with = "whole")]
    samples: i64,
    /// Signed, as the integers of OpenAPI are.
    #[serde(default = "seed", deserialize_with = "whole")]
    seed: i64,
}

fn samples() -> i64 {
    1000
}

fn seed() -> i64 {
    1
}

/// What becomes of gold documents that the system lacks.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum MissingWanted {
    /// They are an error.
    #[default]
    Refuse,
    /// Their mentions count as missed.
    Count,
}

/// A document with `mentions`, as `/v1/tag` answers it.
#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "it describes what is read by other types")]
pub(super) struct ScoredDocument {
    /// Its name, which finds its partner.
    id: Option<Id>,
    /// The text.
    text: String,
}

/// Documents of the gold, and the same as a system has tagged them.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "it describes what is read by other types")]
pub(super) struct EvalBody {
    /// Documents with mentions.
    gold: Vec<ScoredDocument>,
    /// The same documents, by their ids, with the mentions of the system.
    predicted: Vec<ScoredDocument>,
    /// The labels to score. By default all.
    #[schema(required = false)]
    labels: Option<Vec<String>>,
    /// Labels to rename first.
    #[schema(required = false)]
    map: BTreeMap<String, String>,
    #[schema(required = false)]
    missing: MissingWanted,
    /// Samples for the intervals.
    #[schema(required = false, minimum = 0, maximum = 100000)]
    samples: u32,
    /// Seed of the random numbers.
    #[schema(required = false, minimum = 0)]
    seed: i64,
}

/// Score documents
///
/// The report of `allonym eval GOLD PREDICTED --report json`.
#[utoipa::path(
    post, path = "/v1/eval", tag = "documents",
    request_body(content = EvalBody, content_type = "application/json"),
    responses(
        (status = 200, description = "The report", body = Object, content_type = "application/json"),
        (status = 400, description = "The body cannot be read", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The two sides are not of the same documents", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A document cannot be read", body = Problem, content_type = "application/problem+json"),
        (status = 500, description = "The server failed", body = Problem, content_type = "application/problem+json"),
        Refusals,
    )
)]
pub(super) async fn eval(State(shared): State<Arc<Shared>>, request: Request) -> Result<Response, Problem> {
    let pool = shared.engine()?.pipeline.tagger().pool().clone();
    let (parts, body) = request.into_parts();
    if Media::of(&parts.headers, "application/json")? != Media::Json {
        return Err(Problem::new(Code::MediaType, "expected application/json"));
    }
    let whole = Whole::read(&shared, body).await?;
    let text = whole.text()?;
    let sides: Sides<'_> = parse(text, "an object with \"gold\" and \"predicted\", two lists of documents")?;
    let samples = u32::try_from(sides.samples).ok().filter(|&samples| samples <= MOST);
    let samples = samples.ok_or_else(|| {
        let detail = format!("expected at most {MOST} samples, found {}", sides.samples);
        Problem::new(Code::Malformed, detail)
    })?;
    let seed = u64::try_from(sides.seed);
    let seed =
        seed.map_err(|_| Problem::new(Code::Malformed, format!("expected a seed from 0, found {}", sides.seed)))?;
    let gold = Input::new("gold", documents(listed(&sides.gold, text), "gold")?);
    let predicted = Input::new("predicted", documents(listed(&sides.predicted, text), "predicted")?);
    let mut pairing = PairingOptions::default()
        .label_map(sides.map)
        .missing(match sides.missing {
            MissingWanted::Refuse => Missing::Refuse,
            MissingWanted::Count => Missing::Count,
        })
        .pool(Pool::current());
    pairing.labels = sides.labels;
    let report = ReportOptions::default().samples(samples).seed(seed).pool(Pool::current());
    let began = Instant::now();
    let work = move || {
        pool.install(|| {
            let pairing = pair(gold, vec![predicted], &pairing)?;
            Ok(serde_json::to_string_pretty(&Report::new(&pairing, &report)).expect("text and numbers are always JSON"))
        })
    };
    let scored = shared.work.run(shared.options.timeout, Arc::clone(&whole.held), work).await?;
    shared.metrics.took(Stage::Eval, began.elapsed());
    let report = scored.map_err(|error: crate::eval::PairingError| Problem::new(Code::Conflict, error.to_string()))?;
    Ok(answer(JSON, report + "\n"))
}

/// The documents of a side, all of which count.
fn documents(items: Vec<Item>, side: &str) -> Result<Vec<Document>, Problem> {
    items.into_iter().collect::<Result<_, _>>().map_err(|problem| problem.unfit(side))
}
