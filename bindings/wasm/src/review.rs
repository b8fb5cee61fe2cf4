//! A review: documents that somebody corrects on a page.

use std::time::{Duration, SystemTime};

use allonym::desk::{self, Annotator, InMemory, Linking, Order, Other, Prepare, SideKind, Terms};
use allonym::pipeline::Linking as Tagged;
use allonym::text::{Document, Label};
use allonym::{Pool, Request};
use serde::Deserialize;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

use crate::failure::thrown;
use crate::json::{json, parse};

/// Documents that somebody corrects on a page. Everything is in memory.
#[wasm_bindgen(js_name = "OpenReview")]
#[derive(Debug)]
pub struct Review {
    review: InMemory,
    engine: desk::Engine,
}

/// The options of a review.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
struct ReviewOptions {
    annotator: Option<String>,
    title: String,
    order: Order,
    labels: Vec<String>,
    head: Option<String>,
    tag: bool,
    link: bool,
    beside: Option<Beside>,
}

/// Other mentions for the same documents.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Beside {
    kind: Kind,
    documents: Vec<Document>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Gold,
    Predicted,
}

impl Default for ReviewOptions {
    fn default() -> Self {
        Self {
            annotator: None,
            title: String::new(),
            order: Order::default(),
            labels: Vec::new(),
            head: None,
            tag: true,
            link: true,
            beside: None,
        }
    }
}

impl ReviewOptions {
    fn terms(self) -> Result<(Terms, Option<Other>), JsError> {
        let mut terms = Terms::default();
        if let Some(name) = self.annotator {
            terms.annotator =
                name.parse::<Annotator>().map_err(|error| JsError::new(&format!("annotator: {error}")))?;
        }
        terms.title = self.title;
        terms.order = self.order;
        terms.prepare = if self.tag { Prepare::All } else { Prepare::Nothing };
        terms.linking = if self.link { Linking::On } else { Linking::Off };
        terms.labels = self.labels.iter().map(|label| Label::new(label)).collect();
        terms.request = Request::default().linking(if self.link { Tagged::On } else { Tagged::Off });
        if let Some(head) = self.head {
            terms.request = terms.request.head(head);
        }
        // That of the thread that calls, which has no other.
        terms.pool = Pool::current();
        let other = self.beside.map(|Beside { kind, documents }| {
            let kind = match kind {
                Kind::Gold => SideKind::Gold,
                Kind::Predicted => SideKind::Predicted,
            };
            Other { kind, documents }
        });
        Ok((terms, other))
    }
}

impl Review {
    /// Opens a review of a list of documents, and makes the steps of a journal again.
    pub(crate) fn open(
        documents: &str,
        journal: &[u8],
        options: &str,
        engine: impl FnOnce(&Request) -> Result<desk::Engine, JsError>,
    ) -> Result<Self, JsError> {
        let (terms, other) = parse::<ReviewOptions>(options, "options")?.terms()?;
        let documents: Vec<Document> = parse(documents, "documents")?;
        let engine = engine(&terms.request)?;
        let review = InMemory::open(terms, documents, other, journal, now).map_err(thrown)?;
        review.name_labels(&engine);
        Ok(Self { review, engine })
    }
}

#[wasm_bindgen(js_class = "OpenReview")]
impl Review {
    /// What was odd about the journal, as a list.
    pub fn notes(&self) -> String {
        json(&self.review.notes())
    }

    /// Tags and links the next document that waits. Returns whether there was one.
    pub fn prepare(&self) -> bool {
        self.review.prepare(&self.engine, 0)
    }

    /// What the server of `allonym review` answers to a path below `/api/`, and to a body that is posted there.
    ///
    /// # Errors
    /// What the server refuses is thrown as a string: problem details (RFC 9457).
    pub fn ask(&self, path: &str, body: Option<String>) -> Result<String, JsValue> {
        self.review.ask(path, body.as_deref()).map_err(JsValue::from)
    }

    /// The bytes of the journal that were whole lines.
    #[wasm_bindgen(js_name = journalLength)]
    pub fn journal_len(&self) -> usize {
        self.review.journal_len()
    }

    /// The lines that the journal has got since this was called last.
    #[wasm_bindgen(js_name = takeJournal)]
    pub fn take_journal(&self) -> Vec<u8> {
        self.review.take_journal()
    }

    /// The files that answers have written since this was called last.
    #[wasm_bindgen(js_name = takeFiles)]
    pub fn take_files(&self) -> Vec<File> {
        self.review.take_files().into_iter().map(File).collect()
    }

    /// The documents as they stand, and the pairs of names.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn files(&self) -> Result<Vec<File>, JsError> {
        Ok(self.review.files().map_err(thrown)?.into_iter().map(File).collect())
    }
}

/// A file that a review has written.
#[wasm_bindgen(js_name = "WrittenFile")]
#[derive(Debug)]
pub struct File(desk::File);

#[wasm_bindgen(js_class = "WrittenFile")]
impl File {
    /// Its name.
    #[wasm_bindgen(getter)]
    pub fn name(&self) -> String {
        self.0.name.clone()
    }

    /// Its content.
    #[wasm_bindgen(getter)]
    pub fn bytes(&self) -> Vec<u8> {
        self.0.bytes.clone()
    }
}

/// The time of JavaScript, since Rust has none in WebAssembly.
fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs_f64(js_sys::Date::now() / 1000.0)
}
