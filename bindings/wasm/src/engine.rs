//! A loaded model with a linker.

use std::io::Cursor;

use allonym::desk;
use allonym::encode::Tokenizer;
use allonym::io::{Documents, Format, ReadOptions, WriteOptions, Writer};
use allonym::link::names::{self, Evidence, NameModel};
use allonym::link::{LinkOptions, Linker};
use allonym::model::{Encoder, Native, Precision};
use allonym::text::{Document, Entity, OffsetUnit};
use allonym::{Pipeline, Pool, Tagger};
use serde::Serialize;
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::failure::{chain, thrown};
use crate::json::{json, parse};
use crate::request::{TagOptions, Written};
use crate::review::Review;

/// A loaded model with a linker. Everything runs on the thread that calls.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Engine {
    pipeline: Pipeline,
    linker: Linker,
}

/// What is known of the model.
#[derive(Serialize)]
struct Info<'a> {
    version: &'static str,
    precision: String,
    kernel: &'a str,
    heads: Vec<HeadInfo<'a>>,
}

#[derive(Serialize)]
struct HeadInfo<'a> {
    name: &'a str,
    labels: Vec<String>,
}

/// One document, or why there is none.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    Document(Box<serde_json::value::RawValue>),
    Error(String),
}

#[derive(Serialize)]
struct Read {
    outcomes: Vec<Outcome>,
    notices: Vec<String>,
}

#[derive(Serialize)]
struct Linked<'a> {
    documents: Vec<Box<serde_json::value::RawValue>>,
    entities: Vec<&'a Entity>,
}

/// Whether two names are one person's, and why.
#[derive(Serialize)]
struct Compared<'a> {
    a: &'a str,
    b: &'a str,
    probability: f64,
    threshold: f64,
    same: bool,
    reason: String,
    evidence: Vec<Evidence>,
}

#[wasm_bindgen]
impl Engine {
    /// Loads a model from the contents of `config.json`, `tokenizer.json` and `model.safetensors`. `precision` is `auto`, `int8` or `f32`.
    ///
    /// # Errors
    /// When these are no model that the engine can run.
    #[wasm_bindgen(constructor)]
    pub fn new(config: &[u8], tokenizer: &[u8], weights: Vec<u8>, precision: &str) -> Result<Self, JsError> {
        let known = [Precision::Auto, Precision::Int8, Precision::F32];
        let precision = known.into_iter().find(|known| known.to_string() == precision);
        let precision = precision.ok_or_else(|| JsError::new("precision: expected auto, int8 or f32"))?;
        let encoder = Native::from_bytes(config, weights, precision).map_err(thrown)?;
        let tokenizer = Tokenizer::from_bytes(tokenizer, encoder.spec().input).map_err(thrown)?;
        // The pool of the thread that calls, which has no other.
        let tagger = Tagger::new(tokenizer, Box::new(encoder)).map_err(thrown)?.on(Pool::current());
        let linker = Linker::new(LinkOptions::default().pool(Pool::current()));
        Ok(Self { pipeline: Pipeline::new(tagger).linker(linker.clone()), linker })
    }

    /// What is known of the model.
    pub fn info(&self) -> String {
        let spec = self.pipeline.tagger().spec();
        let labels = |head: &str| {
            let request = allonym::Request::default().head(head);
            let labels = self.pipeline.tagger().labels(&request).unwrap_or_default();
            labels.iter().map(ToString::to_string).collect()
        };
        let heads = spec.heads.iter().map(|head| HeadInfo { name: &head.name, labels: labels(&head.name) }).collect();
        json(&Info {
            version: env!("CARGO_PKG_VERSION"),
            precision: spec.precision.to_string(),
            kernel: &spec.kernel,
            heads,
        })
    }

    /// Tags a list of documents, and links the mentions of each. Returns a list with a document or an error for each.
    ///
    /// # Errors
    /// When the list or the options cannot be read, or the options do not fit the model.
    pub fn tag(&self, documents: &str, options: &str) -> Result<String, JsError> {
        let options: TagOptions = parse(options, "options")?;
        let mut documents: Vec<Document> = parse(documents, "documents")?;
        let outcomes = self.pipeline.process_all(&mut documents, &options.request()).map_err(thrown)?;
        let outcomes = documents.iter().zip(outcomes).map(|(document, outcome)| match outcome {
            Ok(_) => line(document).map_or_else(Outcome::Error, Outcome::Document),
            Err(error) => Outcome::Error(chain(&error)),
        });
        Ok(json(&outcomes.collect::<Vec<_>>()))
    }

    /// Links the mentions of some documents across all of them. Returns the documents and their entities.
    ///
    /// # Errors
    /// When the list cannot be read.
    pub fn link(&self, documents: &str) -> Result<String, JsError> {
        let mut documents: Vec<Document> = parse(documents, "documents")?;
        let links = self.linker.link_documents(&mut documents).map_err(thrown)?;
        let lines = documents.iter().map(line).collect::<Result<_, _>>().map_err(|error| JsError::new(&error))?;
        Ok(json(&Linked { documents: lines, entities: links.entities() }))
    }

    /// Compares two names of persons.
    pub fn compare(&self, a: &str, b: &str) -> String {
        let comparison = names::compare(a, b);
        let threshold = NameModel::embedded().threshold();
        let (probability, reason) = (comparison.probability, comparison.to_string());
        let evidence = comparison.evidence;
        json(&Compared { a, b, probability, threshold, same: probability >= threshold, reason, evidence })
    }

    /// The documents in a file of any format that is read, which its name and its content tell.
    pub fn read(&self, bytes: Vec<u8>, name: &str) -> String {
        let mut documents = Documents::read(Cursor::new(bytes), name, &ReadOptions::default());
        let outcomes = documents.by_ref().map(|document| match document {
            Ok(document) => line(&document).map_or_else(Outcome::Error, Outcome::Document),
            Err(error) => Outcome::Error(chain(&error)),
        });
        let outcomes = outcomes.collect();
        let notices = documents.take_notices().iter().map(ToString::to_string).collect();
        json(&Read { outcomes, notices })
    }

    /// Opens a review of a list of documents, and makes the steps of its journal again.
    ///
    /// # Errors
    /// When the list, the options or the journal cannot be read.
    pub fn review(&self, documents: &str, journal: &[u8], options: &str) -> Result<Review, JsError> {
        Review::open(documents, journal, options, |request| {
            self.pipeline.tagger().labels(request).map_err(thrown)?;
            Ok(desk::Engine::new(Some(self.pipeline.clone()), Some(self.linker.clone())))
        })
    }

    /// Writes documents in a format: `jsonl`, `conll`, `html`, `tsv`, `csv`.
    ///
    /// # Errors
    /// When the list or the options cannot be read, or the format cannot hold a document.
    pub fn write(&self, documents: &str, format: &str, options: &str) -> Result<Vec<u8>, JsError> {
        let options = parse::<Written>(options, "options")?.options().map_err(thrown)?;
        let documents: Vec<Document> = parse(documents, "documents")?;
        let format: Format = format.parse().map_err(thrown)?;
        let mut written = Vec::new();
        let mut writer = Writer::new(format, &mut written, options).map_err(thrown)?;
        for document in &documents {
            writer.write(document).map_err(thrown)?;
        }
        writer.finish().map_err(thrown)?;
        Ok(written)
    }
}

/// A document in the form of a line of JSONL, with offsets that JavaScript counts.
fn line(document: &Document) -> Result<Box<serde_json::value::RawValue>, String> {
    let mut bytes = Vec::new();
    let options = WriteOptions::default().offsets(OffsetUnit::Utf16);
    let write = |bytes: &mut Vec<u8>| {
        let mut writer = Writer::new(Format::Jsonl, bytes, options)?;
        writer.write(document)?;
        writer.finish()
    };
    write(&mut bytes).map_err(|error| chain(&error))?;
    let text = String::from_utf8(bytes).expect("JSON is UTF-8");
    Ok(serde_json::value::RawValue::from_string(text).expect("a line is JSON"))
}
