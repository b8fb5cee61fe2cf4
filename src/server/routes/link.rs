//! `POST /v1/link`

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::response::Response;
use serde::Deserialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::json::{JSON, LINES, answer, parse};
use super::refusals::Refusals;
use crate::io::{EntitiesWritten, EntityForm, EntityWriter, Place, jsonl};
use crate::link::Linker;
use crate::server::body::{Media, PLACE, Whole};
use crate::server::documents::{Form, Item, list, listed};
use crate::server::metrics::Stage;
use crate::server::problem::{Code, Problem};
use crate::server::shared::Shared;
use crate::server::wanted::WantedInQuery;
use crate::text::Document;

/// Documents with mentions.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a JSON object")]
struct Many<'b> {
    #[serde(borrow)]
    documents: Vec<&'b RawValue>,
}

/// Documents with mentions, such as those that `/v1/tag` answers. One that cannot be read is answered with an error in its place, and the
/// others are linked.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "it describes what is read by other types")]
pub(super) struct LinkBody {
    documents: Vec<serde_json::Value>,
}

/// Documents with their entities, and all entities.
#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "it describes what is written by other types")]
pub(super) struct Linked {
    documents: Vec<serde_json::Value>,
    /// The entities of all documents, those with most mentions first, with what was merged and why.
    entities: Vec<serde_json::Value>,
}

/// Link documents
///
/// Puts the mentions of all documents into entities, whose ids depend on nothing but the documents. Links that are there are replaced.
/// In NDJSON, a document a line, only the documents are answered, as `allonym link` writes them.
#[utoipa::path(
    post, path = "/v1/link", tag = "documents", params(("offsets" = Option<crate::server::wanted::Unit>, Query, description = "What offsets count.")),
    request_body(content((LinkBody = "application/json"), (String = "application/x-ndjson"))),
    responses(
        (status = 200, description = "The documents with their entities", content((Linked = "application/json"), (String = "application/x-ndjson"))),
        (status = 400, description = "The body or the query cannot be read", body = Problem, content_type = "application/problem+json"),
        (status = 500, description = "The server failed", body = Problem, content_type = "application/problem+json"),
        Refusals,
    )
)]
pub(super) async fn link(State(shared): State<Arc<Shared>>, request: Request) -> Result<Response, Problem> {
    let linker = Arc::clone(&shared.engine()?.linker);
    let (parts, body) = request.into_parts();
    let unit = WantedInQuery::unit_alone(&parts.uri)?;
    let expected = "application/json or application/x-ndjson";
    let media = Media::of(&parts.headers, expected)?;
    if media == Media::Text {
        return Err(Problem::new(Code::MediaType, format!("expected {expected}, found text/plain")));
    }
    let whole = Whole::read(&shared, body).await?;
    let text = whole.text()?;
    let mut items = match media {
        Media::Lines => lines(text),
        _ => listed(&parse::<Many<'_>>(text, "an object with \"documents\"")?.documents, text),
    };
    let began = Instant::now();
    let work = move || {
        let table = write(&mut items, &linker);
        (items, table)
    };
    let (items, table) = shared.work.run(shared.options.timeout, Arc::clone(&whole.held), work).await?;
    shared.metrics.took(Stage::Link, began.elapsed());
    let form = Form { unit, entities: EntitiesWritten::Always };
    let documents = form.items(&items, &shared.metrics);
    Ok(match media {
        Media::Lines => answer(LINES, documents.into_iter().map(|line| line + "\n").collect::<String>()),
        _ => {
            let table: Vec<String> = table.lines().map(str::to_owned).collect();
            answer(JSON, format!("{{\"documents\":{},\"entities\":{}}}\n", list(&documents), list(&table)))
        }
    })
}

/// The documents of a body, a document a line.
fn lines(text: &str) -> Vec<Item> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let one = |(number, line): (u64, &str)| {
        let read = jsonl::from_part(line.as_bytes(), PLACE, Place { line: number, byte: 0 }, number);
        read.map_err(|error| Problem::from(error).at_line(number))
    };
    lines.map(one).collect()
}

/// Links the documents, and returns the table of their entities, one a line.
fn write(items: &mut [Item], linker: &Linker) -> String {
    let mut documents: Vec<Document> = items.iter_mut().flatten().map(std::mem::take).collect();
    let links = linker.link_documents(&mut documents).expect("reading checks that spans slice the texts");
    items.iter_mut().flatten().zip(documents).for_each(|(place, document)| *place = document);
    let mut table = Vec::new();
    let mut writer = EntityWriter::new(EntityForm::Jsonl, &mut table).expect("memory takes it");
    for (entity, explanation) in links.explained() {
        writer.write(entity, &explanation.merged()).expect("memory takes it");
    }
    writer.finish().expect("memory takes it");
    String::from_utf8(table).expect("JSON is UTF-8")
}
