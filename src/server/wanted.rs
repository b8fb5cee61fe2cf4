//! What a caller wants of the tagger.

use std::collections::BTreeMap;

use axum::extract::Query;
use axum::http::Uri;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::documents::Form;
use super::problem::{Code, Problem};
use crate::io::EntitiesWritten;
use crate::pipeline::{Linking, Request};
use crate::refine::Refinements;
use crate::text::{OffsetUnit, Segmentation};

/// What to look for, and how to write it.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Wanted {
    /// The head of the model: the annotation guideline. By default the model's first.
    head: Option<String>,
    /// The labels to keep. By default all.
    labels: Option<Vec<String>>,
    /// The least score of a mention.
    #[schema(minimum = 0, maximum = 1)]
    min_score: f32,
    /// The least scores of single labels.
    min_scores: BTreeMap<String, f32>,
    /// The refinements to make. By default all.
    #[schema(value_type = Option<Vec<String>>)]
    refinements: Option<Refinements>,
    /// Whether the mentions of a document are linked with each other.
    #[schema(value_type = LinkingWanted)]
    linking: Linking,
    /// The steps that cut a text into words, each `on` or `off`.
    #[schema(value_type = BTreeMap<String, LinkingWanted>)]
    segmentation: Segmentation,
    /// What offsets count.
    offsets: Unit,
}

/// A switch; on by default.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[allow(dead_code, reason = "it describes another type")]
pub(super) enum LinkingWanted {
    On,
    Off,
}

/// What offsets count: Unicode code points (as Python does), bytes of UTF-8, or units of UTF-16 (as JavaScript does).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Unit {
    #[default]
    Char,
    Byte,
    Utf16,
}

impl From<Unit> for OffsetUnit {
    fn from(unit: Unit) -> Self {
        match unit {
            Unit::Char => Self::Char,
            Unit::Byte => Self::Byte,
            Unit::Utf16 => Self::Utf16,
        }
    }
}

/// The same as parameters of a query, for bodies that have no place for it.
#[derive(Debug, Default, PartialEq, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct WantedInQuery {
    /// The head of the model: the annotation guideline.
    #[param(required = false)]
    head: Option<String>,
    /// The labels to keep, separated by commas: `PER,ORG`.
    #[param(required = false)]
    labels: Option<String>,
    /// The least score of a mention.
    #[param(required = false, minimum = 0, maximum = 1)]
    min_score: Option<f32>,
    /// Whether the mentions of a document are linked with each other.
    #[param(required = false, value_type = Option<LinkingWanted>, inline)]
    linking: Option<Linking>,
    /// What offsets count.
    #[param(required = false, inline)]
    offsets: Option<Unit>,
}

impl WantedInQuery {
    /// The query of an address.
    pub(super) fn of(uri: &Uri) -> Result<Self, Problem> {
        let wrong = |error: axum::extract::rejection::QueryRejection| {
            let detail = error.body_text();
            let detail = detail.strip_prefix("Failed to deserialize query string: ").unwrap_or(&detail);
            Problem::new(Code::Malformed, format!("query: {detail}"))
        };
        Query::try_from_uri(uri).map(|Query(wanted)| wanted).map_err(wrong)
    }

    /// The same, or what the body says.
    pub(super) fn or(self, body: Option<Wanted>) -> Result<Wanted, Problem> {
        match body {
            Some(_) if self != Self::default() => {
                Err(Problem::new(Code::Conflict, "expected either a query or a field \"request\", found both"))
            }
            Some(wanted) => Ok(wanted),
            None => Ok(Wanted {
                head: self.head,
                labels: self.labels.map(|labels| labels.split(',').map(|label| label.trim().to_owned()).collect()),
                min_score: self.min_score.unwrap_or_default(),
                linking: self.linking.unwrap_or_default(),
                offsets: self.offsets.unwrap_or_default(),
                ..Wanted::default()
            }),
        }
    }

    /// The unit alone, where there is nothing to tag.
    pub(super) fn unit_alone(uri: &Uri) -> Result<OffsetUnit, Problem> {
        let query = Self::of(uri)?;
        let unit = query.offsets.unwrap_or_default();
        match (Self { offsets: None, ..query }) == Self::default() {
            true => Ok(unit.into()),
            false => Err(Problem::new(Code::Malformed, "query: expected nothing but offsets")),
        }
    }
}

impl Wanted {
    /// What the tagger is asked for, and how it is written.
    pub(super) fn split(self) -> (Request, Form) {
        let entities = match self.linking {
            Linking::On => EntitiesWritten::Always,
            Linking::Off => EntitiesWritten::WherePresent,
        };
        let form = Form { unit: self.offsets.into(), entities };
        let mut request =
            Request::default().min_score(self.min_score).linking(self.linking).segmentation(self.segmentation);
        (request.head, request.labels, request.refinements) = (self.head, self.labels, self.refinements);
        request.min_scores = self.min_scores;
        (request, form)
    }
}
