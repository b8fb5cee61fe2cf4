//! The model of a run.

use anyhow::Result;
use serde::Serialize;

use crate::cli::models;
use crate::io::fingerprint_of_bytes;
use crate::model::Models;
use crate::pipeline::{Pipeline, Request, Tagger};

/// The model that tagged, and how.
#[derive(Debug, Serialize)]
pub(crate) struct ModelUsed {
    name: String,
    /// The SHA-256 of its weights, as `allonym models show` prints it; `None` where they are in a form that only rust-bert reads.
    sha256: Option<String>,
    head: String,
    /// Those that can come out.
    labels: Vec<String>,
    precision: String,
    kernel: String,
}

impl ModelUsed {
    /// Those of a pipeline: the first, and the other one if there is one.
    pub(crate) fn all(models: &Models, pipeline: &Pipeline, request: &Request) -> Result<(Option<Self>, Option<Self>)> {
        let first = Self::new(models.name.as_deref(), pipeline.tagger(), request)?;
        let other = models.other.as_ref().zip(pipeline.other_tagger());
        let other = other.map(|(model, tagger)| Self::new(Some(&model.name), tagger, &tagger.fitting(request)));
        Ok((Some(first), other.transpose()?))
    }

    /// The model that a loaded one came from.
    fn new(name: Option<&str>, tagger: &Tagger, request: &Request) -> Result<Self> {
        let source = models::source(name)?;
        let spec = tagger.spec();
        Ok(Self {
            name: source.card()?.name,
            sha256: source.weights().ok().map(|weights| fingerprint_of_bytes(&weights.concat())),
            head: request.head.clone().unwrap_or_else(|| tagger.heads()[0].name.clone()),
            labels: tagger.labels(request)?.iter().map(ToString::to_string).collect(),
            precision: spec.precision.to_string(),
            kernel: spec.kernel.clone(),
        })
    }
}
