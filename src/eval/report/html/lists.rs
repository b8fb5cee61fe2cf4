//! The long lists of a report.

use std::collections::{BTreeMap, HashMap};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::documents;
use super::tables::{Cell, markup, rows, words};
use crate::eval::errors::{FrequentError, Place, Surface};
use crate::eval::report::difference::{DifferenceReport, SurfaceCount};
use crate::eval::report::section::Align::{Left, Right};
use crate::eval::{Corpus, Excerpt, Suspect, SuspectMention};
use crate::page::{attribute, visible};
use crate::text::Label;

/// What lists refer to: the colours of labels, and the documents on the page.
pub(super) struct References<'a> {
    colours: BTreeMap<&'a str, usize>,
    pub(super) anchors: Vec<String>,
    /// The first document of each id.
    by_id: HashMap<&'a str, usize>,
}

impl<'a> References<'a> {
    pub(super) fn new(corpus: &'a Corpus) -> Self {
        let colours = corpus.labels.iter().map(Label::as_str).zip(documents::colours(corpus.labels.iter())).collect();
        let ids = corpus.documents.iter().map(|document| document.id.as_str());
        let by_id = ids.enumerate().map(|(index, id)| (id, index)).collect::<Vec<_>>().into_iter().rev().collect();
        Self { colours, anchors: documents::anchors(corpus), by_id }
    }

    fn label(&self, label: &str) -> String {
        let colour = self.colours.get(label).copied().unwrap_or_default();
        format!("<span class=\"label l{colour}\">{}</span>", visible(label))
    }

    fn surfaces(&self, surfaces: &[Surface]) -> String {
        let surface =
            |surface: &Surface| format!("<bdi>{}</bdi> {}", visible(&surface.text), self.label(&surface.label));
        joined(surfaces.iter().map(surface))
    }

    fn labels(&self, mentions: &[SuspectMention]) -> String {
        joined(mentions.iter().map(|mention| self.label(&mention.label)))
    }

    fn link(&self, id: &str, document: Option<usize>) -> String {
        match document {
            Some(document) => {
                let fragment = utf8_percent_encode(&self.anchors[document], NON_ALPHANUMERIC).to_string();
                format!("<a href=\"#{}\"><bdi>{}</bdi></a>", attribute(&fragment), visible(id))
            }
            None => visible(id),
        }
    }

    /// The most frequent errors, with their places.
    pub(super) fn frequent(&self, errors: &[FrequentError]) -> String {
        let headers = [("count", Right), ("class", Left), ("gold", Left), ("predicted", Left), ("examples", Left)];
        let row = |error: &FrequentError| {
            let place = |place: &Place| {
                let document = self.by_id.get(place.document.as_str()).copied();
                format!("<div>{} {}</div>", context(&place.context), self.link(&place.document, document))
            };
            vec![
                words(&error.count.to_string()),
                words(&error.class.as_str().replace('_', " ")),
                markup(self.surfaces(&error.gold)),
                markup(self.surfaces(&error.predicted)),
                markup(error.places.iter().map(place).collect()),
            ]
        };
        rows(&headers, errors.iter().map(row))
    }

    /// The suspicious places of the gold.
    pub(super) fn suspects(&self, suspects: &[Suspect]) -> String {
        let headers = [("suspicion", Right), ("gold", Left), ("predicted", Left), ("text", Left), ("document", Left)];
        let row = |suspect: &Suspect| {
            vec![
                words(&format!("{:.3}", suspect.suspicion)),
                markup(self.labels(&suspect.gold)),
                markup(self.labels(&suspect.predicted)),
                markup(context(&suspect.context)),
                markup(self.link(&suspect.document_id, Some(suspect.document))),
            ]
        };
        rows(&headers, suspects.iter().map(row))
    }

    /// The mentions that only one of two systems found.
    pub(super) fn only_one(&self, difference: &DifferenceReport) -> String {
        let (a, b) = (&difference.surfaces_only_a, &difference.surfaces_only_b);
        let cells = |list: &[SurfaceCount], index: usize| -> [Cell; 2] {
            let Some(SurfaceCount { text, label, count }) = list.get(index) else { return [words(""), words("")] };
            [markup(format!("<bdi>{}</bdi> {}", visible(text), self.label(label))), words(&count.to_string())]
        };
        let headers = [("only A", Left), ("count", Right), ("only B", Left), ("count", Right)];
        let row = |index| cells(a, index).into_iter().chain(cells(b, index)).collect();
        rows(&headers, (0..a.len().max(b.len())).map(row))
    }
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    let parts: Vec<String> = parts.collect();
    if parts.is_empty() { "<span class=\"none\">none</span>".to_owned() } else { parts.join(" + ") }
}

fn context(excerpt: &Excerpt) -> String {
    let Excerpt { before, marked, after } = excerpt;
    format!(
        "<span class=\"context\" dir=\"auto\">{}<mark>{}</mark>{}</span>",
        visible(before),
        visible(marked),
        visible(after)
    )
}
