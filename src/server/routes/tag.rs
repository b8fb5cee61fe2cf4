//! `POST /v1/tag`

use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::json::{JSON, LINES, answer, parse};
use super::refusals::Refusals;
use crate::io::{Place, jsonl};
use crate::server::body::{Media, PLACE, Whole};
use crate::server::documents::{Item, list, listed};
use crate::server::flow::Flow;
use crate::server::lines;
use crate::server::metrics::Stage;
use crate::server::problem::Problem;
use crate::server::shared::Shared;
use crate::server::wanted::{Wanted, WantedInQuery};
use crate::server::work::within;
use crate::text::Document;

/// What a body in JSON has to be.
const EXPECTED: &str = "an object with \"text\" or \"documents\"";

/// What a body is without its documents.
#[derive(Deserialize)]
#[serde(expecting = "a JSON object")]
struct Shape {
    documents: Option<IgnoredAny>,
}

/// Documents, and what is wanted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a JSON object")]
struct Many<'b> {
    #[serde(borrow)]
    documents: Vec<&'b RawValue>,
    #[serde(default)]
    request: Option<Wanted>,
}

/// One text, or a list of documents.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "it describes what is read by other types")]
pub(super) enum TagBody {
    One(OneDocument),
    Many(ManyDocuments),
}

/// A document. Other fields are passed on.
#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "it describes what is read by other types")]
pub(super) struct OneDocument {
    /// Its name in the answer.
    id: Option<Id>,
    /// The text, of any length.
    text: String,
    request: Option<Wanted>,
}

/// A name.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "it describes what is read by other types")]
pub(super) enum Id {
    Text(String),
    Number(f64),
}

/// Documents, each an object like one alone, without `request`. One that cannot be read is answered with an error in its place, and the
/// others as usual.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "it describes what is read by other types")]
pub(super) struct ManyDocuments {
    documents: Vec<serde_json::Value>,
    request: Option<Wanted>,
}

/// Documents with their mentions, each on a line of its own, in the order in which they came; an error in place of each that failed.
#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "it describes what is written by other types")]
pub(super) struct Tagged {
    documents: Vec<serde_json::Value>,
}

/// A document with its mentions and entities, as a line of JSONL.
#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "it describes what is written by other types")]
pub(super) struct TaggedDocument {
    id: Id,
    text: String,
    /// What `start` and `end` count.
    offsets: String,
    mentions: Vec<serde_json::Value>,
    entities: Option<Vec<serde_json::Value>>,
}

/// Tag documents
///
/// Finds persons, organisations and places, and links the spellings of a name within each document. The body is one document or a list of
/// them in JSON; any number of documents in NDJSON, a document a line, answered line by line as they come (read while you write); or a plain
/// text. Documents are written as `allonym tag` writes them.
#[utoipa::path(
    post, path = "/v1/tag", tag = "documents", params(WantedInQuery),
    request_body(content((TagBody = "application/json"), (String = "application/x-ndjson"), (String = "text/plain"))),
    responses(
        (status = 200, description = "The documents with their mentions", content((TaggedOrList = "application/json"), (String = "application/x-ndjson"))),
        (status = 400, description = "The body or the query cannot be read", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Both the query and the body say what is wanted", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The model does not have what is asked for", body = Problem, content_type = "application/problem+json"),
        (status = 500, description = "The server failed", body = Problem, content_type = "application/problem+json"),
        Refusals,
    )
)]
pub(super) async fn tag(State(shared): State<Arc<Shared>>, request: Request) -> Result<Response, Problem> {
    let engine = shared.engine()?;
    let (parts, body) = request.into_parts();
    let query = WantedInQuery::of(&parts.uri)?;
    let media = Media::of(&parts.headers, "application/json, application/x-ndjson or text/plain")?;
    if media == Media::Lines {
        let (request, form) = query.or(None)?.split();
        engine.pipeline.tagger().labels(&request)?;
        let body = lines::answer(Arc::clone(&shared), body, Flow::new(Arc::clone(&shared), request), form);
        return Ok(answer(LINES, body));
    }
    let whole = Whole::read(&shared, body).await?;
    let text = whole.text()?;
    let began = Instant::now();
    let (items, wanted, is_list) = match media {
        Media::Text => {
            let text = text.strip_prefix('\u{feff}').unwrap_or(text);
            (vec![Ok(Document::new("text", text))], query.or(None)?, false)
        }
        _ => read(text, query)?,
    };
    shared.metrics.took(Stage::Read, began.elapsed());
    let (request, form) = wanted.split();
    engine.pipeline.tagger().labels(&request)?;
    let flow = Flow::new(Arc::clone(&shared), request);
    let mut items = within(shared.options.timeout, flow.all(items, &whole.held)).await?;
    let text: Body = match (is_list, items.pop()) {
        (false, Some(item)) => form.document(&item?, &shared.metrics)?.into(),
        (_, last) => {
            items.extend(last);
            format!("{{\"documents\":{}}}\n", list(&form.items(&items, &shared.metrics))).into()
        }
    };
    Ok(answer(JSON, text))
}

/// The documents of a body in JSON, what is wanted, and whether it is a list.
fn read(text: &str, query: WantedInQuery) -> Result<(Vec<Item>, Wanted, bool), Problem> {
    let shape: Shape = parse(text, EXPECTED)?;
    if shape.documents.is_some() {
        let many: Many<'_> = parse(text, EXPECTED)?;
        return Ok((listed(&many.documents, text), query.or(many.request)?, true));
    }
    let mut document = jsonl::from_part(text.as_bytes(), PLACE, Place { line: 1, byte: 0 }, 1)?;
    let wanted = document.extra.remove("request");
    let wanted =
        wanted.map(|wanted| parse::<Option<Wanted>>(wanted.get(), "what is wanted as \"request\"")).transpose()?;
    Ok((vec![Ok(document)], query.or(wanted.flatten())?, false))
}

/// One document, or a list.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "it describes what is written by other types")]
pub(super) enum TaggedOrList {
    One(TaggedDocument),
    Many(Tagged),
}
