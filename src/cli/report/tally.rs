//! What came out of a run, and what did not.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::text::{Document, NameMark, Reading, Segmentation};

/// Counts over the documents of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) documents: u64,
    /// `None` where nobody counts them.
    pub(crate) words: Option<u64>,
    /// By label.
    pub(crate) mentions: BTreeMap<String, u64>,
}

/// Failures of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Failures {
    pub(crate) kind: &'static str,
    pub(crate) count: u64,
    /// The message of the first one.
    pub(crate) first: String,
}

/// The first few notices, and how many there were.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Notices {
    pub(crate) count: u64,
    pub(crate) first: Vec<String>,
}

impl Tally {
    /// One that counts words as the tagger does.
    pub(crate) fn with_words() -> Self {
        Self { words: Some(0), ..Self::default() }
    }

    pub(crate) fn add(&mut self, document: &Document) {
        self.documents += 1;
        if let Some(words) = &mut self.words {
            *words += Reading::of(document, Segmentation::default(), NameMark::Comma).words().len() as u64;
        }
        for mention in &document.mentions {
            match self.mentions.get_mut(mention.label.as_str()) {
                Some(count) => *count += 1,
                None => drop(self.mentions.insert(mention.label.to_string(), 1)),
            }
        }
    }

    pub(crate) fn n_mentions(&self) -> u64 {
        self.mentions.values().sum()
    }
}

impl Notices {
    /// Most notices that are kept.
    const KEPT: usize = 100;

    pub(crate) fn add(&mut self, notice: &str) {
        self.count += 1;
        if self.first.len() < Self::KEPT {
            self.first.push(notice.to_owned());
        }
    }
}
