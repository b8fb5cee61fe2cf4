//! What a call wants, as JavaScript says it.

use std::collections::BTreeMap;

use allonym::io::{Formulae, WriteOptions};
use allonym::pipeline::Linking;
use allonym::refine::Refinements;
use allonym::text::{OffsetUnit, Segmentation};
use serde::Deserialize;

/// The options of `tag`.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct TagOptions {
    head: Option<String>,
    labels: Option<Vec<String>>,
    min_score: f32,
    min_scores: BTreeMap<String, f32>,
    refinements: Option<Refinements>,
    segmentation: Segmentation,
    link: bool,
}

impl Default for TagOptions {
    fn default() -> Self {
        Self {
            head: None,
            labels: None,
            min_score: 0.0,
            min_scores: BTreeMap::new(),
            refinements: None,
            segmentation: Segmentation::default(),
            link: true,
        }
    }
}

impl TagOptions {
    pub(crate) fn request(self) -> allonym::Request {
        let mut request = allonym::Request::default()
            .min_score(self.min_score)
            .segmentation(self.segmentation)
            .linking(if self.link { Linking::On } else { Linking::Off });
        if let Some(head) = self.head {
            request = request.head(head);
        }
        if let Some(labels) = self.labels {
            request = request.labels(labels);
        }
        for (label, score) in self.min_scores {
            request = request.min_score_of(label, score);
        }
        if let Some(refinements) = self.refinements {
            request = request.refinements(refinements);
        }
        request
    }
}

/// The options of `write`.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Written {
    title: Option<String>,
    offsets: Option<String>,
    escape_formulae: bool,
    byte_order_mark: bool,
}

impl Written {
    pub(crate) fn options(self) -> Result<WriteOptions, allonym::text::UnknownUnit> {
        let mut options = WriteOptions::default().byte_order_mark(self.byte_order_mark);
        if let Some(title) = self.title {
            options = options.title(title);
        }
        if let Some(unit) = self.offsets {
            options = options.offsets(unit.parse::<OffsetUnit>()?);
        }
        if self.escape_formulae {
            options = options.formulae(Formulae::Escaped);
        }
        Ok(options)
    }
}
