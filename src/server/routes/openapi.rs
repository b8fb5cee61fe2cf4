//! `GET /openapi.json`

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};
use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};

use super::json::{JSON, answer};
use super::{compare, eval, health, link, metrics, page, tag};
use crate::server::access::Access;
use crate::server::problem::Problem;
use crate::server::shared::Shared;

/// Tags the persons, organisations and places in news articles, links the spellings of a name, and scores taggers.
#[derive(OpenApi)]
#[openapi(
    info(title = "allonym", version = env!("CARGO_PKG_VERSION"), license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")),
    paths(
        tag::tag,
        link::link,
        compare::compare,
        eval::eval,
        health::healthz,
        health::readyz,
        metrics::metrics,
        openapi,
        page::page,
    ),
    components(schemas(Problem))
)]
struct Description;

/// This description
///
/// Of OpenAPI 3.1. Heads and labels are those of the model.
#[utoipa::path(
    get, path = "/openapi.json", tag = "server",
    responses(
        (status = 200, description = "The description", body = Object, content_type = "application/json"),
        (status = 421, description = "The request names another server", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn openapi(State(shared): State<Arc<Shared>>) -> Response {
    let mut description = Description::openapi();
    if matches!(shared.options.access, Access::Token(_)) {
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        let components = description.components.get_or_insert_default();
        components.security_schemes.insert("token".to_owned(), SecurityScheme::Http(bearer).into());
    }
    let mut description = serde_json::to_value(description).expect("text and numbers are always JSON");
    if matches!(shared.options.access, Access::Token(_)) {
        for path in ["/v1/tag", "/v1/link", "/v1/compare", "/v1/eval", "/metrics"] {
            let methods = description["paths"][path].as_object_mut().expect("it is described");
            methods.values_mut().for_each(|method| method["security"] = json!([{"token": []}]));
        }
    }
    if let Ok(engine) = shared.engine() {
        let tagger = engine.pipeline.tagger();
        let heads: Vec<&str> = tagger.heads().iter().map(|head| head.name.as_str()).collect();
        let labels = tagger.labels(&crate::pipeline::Request::default()).unwrap_or_default();
        let labels: Vec<String> = labels.iter().map(ToString::to_string).collect();
        name(&mut description, &heads, &labels);
    }
    answer(JSON, format!("{description:#}\n"))
}

/// Names the heads and labels of a model.
fn name(description: &mut Value, heads: &[&str], labels: &[String]) {
    let wanted = &mut description["components"]["schemas"]["Wanted"]["properties"];
    wanted["head"]["enum"] = heads.iter().map(|head| json!(head)).chain([Value::Null]).collect();
    wanted["labels"]["items"]["enum"] = json!(labels);
    wanted["min_scores"]["propertyNames"] = json!({ "enum": labels });
    wanted["min_scores"]["additionalProperties"]["minimum"] = json!(0);
    wanted["min_scores"]["additionalProperties"]["maximum"] = json!(1);
    let refinements: Vec<&str> = crate::refine::Refinement::ALL.iter().map(|refinement| refinement.name()).collect();
    wanted["refinements"]["items"]["enum"] = json!(refinements);
    let steps = serde_json::to_value(crate::text::Segmentation::default()).unwrap_or_default();
    let steps: Vec<&String> = steps.as_object().into_iter().flat_map(serde_json::Map::keys).collect();
    wanted["segmentation"]["propertyNames"] = json!({ "enum": steps });
    let parameters = description["paths"]["/v1/tag"]["post"]["parameters"].as_array_mut();
    for parameter in parameters.into_iter().flatten() {
        match parameter["name"].as_str() {
            Some("head") => parameter["schema"] = json!({ "type": "string", "enum": heads }),
            Some("labels") => {
                let any = labels.join("|");
                parameter["schema"] = json!({ "type": "string", "pattern": format!("^({any})(,({any}))*$") });
            }
            _ => {}
        }
    }
}
