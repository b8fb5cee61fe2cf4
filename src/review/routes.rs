//! What is answered, path by path.

use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::desk::Desk;
use super::kept::Kept;
use super::list::{Order, Wanted};
use super::op::Op;
use super::page;
use super::place::{Labelled, Place};
use super::problem::{Code, Problem};
use super::shared::{Beside, Shared};
use super::side::{SideKind, agreed};
use super::state::{Marked, MentionId};
use super::wire::{ChangeWire, DocumentWire, Offer, Row};
use crate::eval::{Excerpt, WordAgreement};
use crate::io::Format;
use crate::page::Colours;
use crate::server::{Token, bearer, host, is_of_another_site, is_ours};
use crate::text::{Document, Mention, OffsetUnit, Offsets};

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
type Asked<T> = Result<Query<T>, axum::extract::rejection::QueryRejection>;

fn json(value: &impl Serialize) -> Response {
    let text = serde_json::to_string(value).expect("text, numbers and lists are always JSON") + "\n";
    let mut response = Response::new(Body::from(text));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn query<T>(asked: Asked<T>) -> Result<T, Problem> {
    let malformed = |error: axum::extract::rejection::QueryRejection| Problem::new(Code::Malformed, error.body_text());
    asked.map(|Query(query)| query).map_err(malformed)
}

async fn body<T: DeserializeOwned>(body: Body, expected: &str) -> Result<T, Problem> {
    let bytes = axum::body::to_bytes(body, MOST).await;
    let bytes =
        bytes.map_err(|_| Problem::new(Code::TooLarge, format!("expected at most {MOST} bytes, found more")))?;
    serde_json::from_slice(&bytes)
        .map_err(|error| Problem::new(Code::Malformed, format!("expected {expected}, found: {error}")))
}

/// Works on a thread that may wait for the disk.
async fn blocking(work: impl FnOnce() -> Answer + Send + 'static) -> Answer {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(Problem::new(Code::Failed, error.to_string())))
}

fn kept(desk: &Desk, index: usize) -> Result<&Kept, Problem> {
    let n = desk.kept.len();
    desk.kept
        .get(index)
        .ok_or_else(|| Problem::new(Code::NotFound, format!("expected a document below {n}, found {index}")))
}

fn side<'s>(shared: &'s Shared, name: Option<&str>) -> Result<Option<Beside<'s>>, Problem> {
    let Some(name) = name else { return Ok(None) };
    let known = || shared.sides().into_iter().map(|(name, _)| name).collect::<Vec<_>>().join(", ");
    let found = shared.side(name)?;
    match found {
        Some(side) => Ok(Some(side)),
        None => {
            Err(Problem::new(Code::NotFound, format!("expected a side to compare with ({}), found {name:?}", known())))
        }
    }
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
    #[derive(Serialize)]
    struct About<'r> {
        annotator: &'r str,
        folder: String,
        title: &'r str,
        linked: bool,
        labels: Vec<LabelWire>,
        beside: Vec<Named>,
        mode: &'static str,
        order: Order,
        documents: usize,
    }
    #[derive(Serialize)]
    struct LabelWire {
        name: String,
        colour: usize,
        key: Option<String>,
    }
    #[derive(Serialize)]
    struct Named {
        name: String,
        kind: SideKind,
    }
    blocking(move || {
        let mut colours = Colours::default();
        let label = |(nth, label): (usize, crate::text::Label)| LabelWire {
            colour: colours.of(&label),
            key: (nth < 9).then(|| (nth + 1).to_string()),
            name: label.to_string(),
        };
        let labels = shared.labels().into_iter().enumerate().map(label).collect();
        let options = &shared.options;
        Ok(json(&About {
            annotator: options.annotator.as_str(),
            folder: options.folder.display().to_string(),
            title: &options.title,
            linked: options.linking == super::edit::Linking::On,
            labels,
            beside: shared.sides().into_iter().map(|(name, kind)| Named { name, kind }).collect(),
            mode: shared.mode(),
            order: options.order,
            documents: shared.desk().kept.len(),
        }))
    })
    .await
}

/// `GET /api/documents`
async fn list(State(shared): Review, asked: Asked<Wanted>) -> Answer {
    #[derive(Serialize)]
    struct List<'d> {
        total: usize,
        documents: Vec<Row<'d>>,
    }
    blocking(move || {
        let wanted = query(asked)?;
        let side = side(&shared, wanted.with.as_deref())?;
        let desk = shared.desk();
        let rows = shared.options.pool.install(|| wanted.rows(&desk, side.as_deref(), shared.options.order));
        Ok(json(&List { total: desk.kept.len(), documents: rows }))
    })
    .await
}

/// A query with a side to compare with.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct With {
    with: Option<String>,
}

/// `GET /api/documents/N`
async fn document(State(shared): Review, Path(index): Path<usize>, asked: Asked<With>) -> Answer {
    blocking(move || {
        let side = side(&shared, query(asked)?.with.as_deref())?;
        let mut desk = shared.desk();
        kept(&desk, index)?;
        desk.want(index);
        let kept = &desk.kept[index];
        let offsets = Offsets::new(&kept.base.text, OffsetUnit::Utf16);
        let wire = shared.options.pool.install(|| DocumentWire::new(index, kept, side.as_deref(), &offsets));
        Ok(json(&wire))
    })
    .await
}

/// `GET /api/documents/N/occurrences`
async fn occurrences(State(shared): Review, Path(index): Path<usize>, asked: Asked<Occurring>) -> Answer {
    blocking(move || {
        let Occurring { mention } = query(asked)?;
        let desk = shared.desk();
        let kept = kept(&desk, index)?;
        let found = kept.state.mentions.get(&mention);
        let found = found.ok_or_else(|| {
            Problem::new(Code::NotFound, format!("expected a mention of the document, found {mention}"))
        })?;
        let offsets = Offsets::new(&kept.base.text, OffsetUnit::Utf16);
        Ok(json(&Offer::like(kept, found, &offsets)))
    })
    .await
}

#[derive(Deserialize)]
struct Occurring {
    mention: MentionId,
}

/// `POST /api/documents/N/ops`
async fn ops(State(shared): Review, Path(index): Path<usize>, asked: Asked<With>, sent: Body) -> Answer {
    #[derive(Deserialize)]
    struct Sent {
        version: u64,
        op: Op<Place>,
    }
    let Sent { version, op } = body(sent, "{\"version\": N, \"op\": {\"do\": …}}").await?;
    blocking(move || {
        let side = side(&shared, query(asked)?.with.as_deref())?;
        let mut desk = shared.desk();
        let before = kept(&desk, index)?;
        let offsets = Offsets::new(&before.base.text, OffsetUnit::Utf16);
        let inside = op.places(|place| place.span(&offsets));
        let inside = inside.ok_or_else(|| {
            Problem::new(
                Code::Unfit,
                format!("expected places in the text, which has {} code units, found others", offsets.len()),
            )
        })?;
        let removed = match &op {
            Op::Remove { mention } => before.state.mentions.get(mention).cloned(),
            _ => None,
        };
        let change = desk.step(index, version, &inside)?;
        let kept = &desk.kept[index];
        let offsets = Offsets::new(&kept.base.text, OffsetUnit::Utf16);
        let made = |id: MentionId| kept.state.mentions.get(&id);
        let named: Option<&Marked> = match &op {
            Op::Add { .. } => {
                change.mentions.iter().filter_map(|(id, before, _)| before.is_none().then_some(*id)).find_map(made)
            }
            Op::Label { mention, .. } | Op::Bounds { mention, .. } => made(*mention),
            _ => None,
        };
        let offer = match (&removed, named) {
            (Some(removed), _) => Some(Offer::unlike(kept, removed, &offsets)),
            (None, Some(named)) => Some(Offer::like(kept, named, &offsets)),
            (None, None) => None,
        };
        let offer = offer.filter(|offer| !offer.is_empty());
        let wire = shared
            .options
            .pool
            .install(|| ChangeWire::new(index, kept, &change, desk.steps(), side.as_deref(), offer, &offsets));
        Ok(json(&wire))
    })
    .await
}

/// `GET /api/progress`
async fn progress(State(shared): Review) -> Answer {
    #[derive(Serialize)]
    struct Progress<'d> {
        documents: usize,
        complete: usize,
        waiting: usize,
        seconds_a_document: Option<f64>,
        seconds_left: Option<f64>,
        steps: u64,
        writing: Option<&'d str>,
    }
    blocking(move || {
        let desk = shared.desk();
        let (documents, complete) = (desk.kept.len(), desk.n_complete());
        let pace = desk.pace.of_document(complete);
        Ok(json(&Progress {
            documents,
            complete,
            waiting: desk.n_waiting(),
            seconds_a_document: pace,
            seconds_left: pace.map(|seconds| seconds * (documents - complete) as f64),
            steps: desk.steps(),
            writing: desk.unsaved.as_deref(),
        }))
    })
    .await
}

/// `GET /api/disagreements`
async fn disagreements(State(shared): Review, asked: Asked<With>) -> Answer {
    #[derive(Serialize)]
    struct Compared<'r> {
        one: &'r str,
        other: &'r str,
        documents: usize,
        f1: Option<f64>,
        #[serde(flatten)]
        all: Words,
        annotated: Words,
        listed: Vec<Listed>,
    }
    #[derive(Serialize)]
    struct Words {
        kappa: Option<f64>,
        alpha: Option<f64>,
        words: u64,
        agreed: u64,
    }
    #[derive(Serialize)]
    struct Listed {
        index: usize,
        id: String,
        disagreements: Vec<InContext>,
    }
    #[derive(Serialize)]
    struct InContext {
        class: &'static str,
        #[serde(flatten)]
        at: Option<Place>,
        #[serde(flatten)]
        excerpt: Excerpt,
        mine: Vec<Labelled<Place>>,
        other: Vec<Labelled<Place>>,
        settled: Option<&'static str>,
    }
    let words = |found: &WordAgreement| Words {
        kappa: found.cohen_kappa,
        alpha: found.krippendorff_alpha,
        words: found.words,
        agreed: found.agreed,
    };
    blocking(move || {
        let name = query(asked)?.with.ok_or_else(|| Problem::new(Code::Malformed, "expected with=NAME, found none"))?;
        let Some(side) = side(&shared, Some(&name))? else { return Err(Problem::new(Code::NotFound, name)) };
        let desk = shared.desk();
        let (mut mine, mut other, mut listed) = (Vec::new(), Vec::new(), Vec::new());
        let bare = |document: &Document, mentions: Vec<Mention>| Document {
            mentions,
            layout: document.layout.clone(),
            ..Document::new(&document.id, &document.text)
        };
        shared.options.pool.install(|| {
            for (index, kept) in desk.kept.iter().enumerate() {
                let Some(Some(others)) = side.mentions.get(index) else { continue };
                if side.kind == SideKind::Annotator && kept.version == 0 {
                    continue;
                }
                mine.push(bare(
                    &kept.base,
                    kept.state.sorted().into_iter().map(|(_, it)| it.mention.clone()).collect(),
                ));
                other.push(bare(&kept.base, others.clone()));
                let offsets = Offsets::new(&kept.base.text, OffsetUnit::Utf16);
                let labelled = |mention: &Mention| {
                    let label = mention.label.to_string();
                    Place::of(mention.span, &offsets).map(|at| Labelled { at, label })
                };
                let found = side.disagreements(index, &kept.state).into_iter().map(|it| InContext {
                    class: it.class,
                    at: Place::of(it.span, &offsets),
                    excerpt: Excerpt::new(&kept.base.text, it.span),
                    mine: it.mine.iter().filter_map(|id| labelled(&kept.state.mentions.get(id)?.mention)).collect(),
                    other: it.other.iter().filter_map(|&place| labelled(others.get(place)?)).collect(),
                    settled: it.is_settled.then_some("mine"),
                });
                let found: Vec<InContext> = found.collect();
                if !found.is_empty() {
                    listed.push(Listed { index, id: kept.base.id.clone(), disagreements: found });
                }
            }
            let documents = mine.len();
            let agreement = agreed(mine, other).map_err(super::error::Error::from)?;
            Ok(json(&Compared {
                one: shared.options.annotator.as_str(),
                other: &side.name,
                documents,
                f1: agreement.strict_f1,
                all: words(&agreement.all_words),
                annotated: words(&agreement.annotated_words),
                listed,
            }))
        })
    })
    .await
}

/// `POST /api/export`
async fn export(State(shared): Review, sent: Body) -> Answer {
    #[derive(Deserialize)]
    struct Sent {
        format: String,
    }
    #[derive(Serialize)]
    struct Exported {
        #[serde(flatten)]
        saved: super::save::Saved,
        constraints: Constraints,
    }
    #[derive(Serialize)]
    struct Constraints {
        same: usize,
        never: usize,
    }
    let Sent { format } = body(sent, "{\"format\": \"jsonl\"}").await?;
    blocking(move || {
        let format: Format =
            format.parse().map_err(|error: crate::io::UnknownFormat| Problem::new(Code::Unfit, error.to_string()))?;
        let (saved, pairs) = shared.export(format)?;
        let constraints = Constraints { same: pairs.same.len(), never: pairs.never.len() };
        Ok(json(&Exported { saved, constraints }))
    })
    .await
}
