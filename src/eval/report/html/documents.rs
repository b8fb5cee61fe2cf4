//! The documents, as JSON for the page's script.

use std::collections::HashSet;

use serde::Serialize;

use crate::eval::errors::errors_in;
use crate::eval::report::content::Report;
use crate::eval::{Corpus, ErrorClass, Item, MentionError, Paired};
use crate::label::LabelId;
use crate::page::{self, Colours};
use crate::text::{Label, OffsetUnit, Offsets};

/// What the script reads.
#[derive(Serialize)]
struct Data<'a> {
    gold: &'a str,
    systems: Vec<&'a str>,
    labels: Vec<LabelData<'a>>,
    classes: Vec<ClassData>,
    documents: Vec<DocumentData<'a>>,
}

#[derive(Serialize)]
struct LabelData<'a> {
    name: &'a str,
    colour: usize,
}

#[derive(Serialize)]
struct ClassData {
    /// As in JSON reports, and in the style.
    key: &'static str,
    name: String,
    explained: &'static str,
}

#[derive(Serialize)]
struct DocumentData<'a> {
    /// The fragment that links to it.
    anchor: &'a str,
    id: &'a str,
    text: &'a str,
    gold: Vec<MentionData>,
    systems: Vec<SystemData>,
}

#[derive(Serialize)]
struct SystemData {
    mentions: Vec<MentionData>,
    errors: Vec<ErrorData>,
}

/// Start and end in UTF-16 code units, as in JavaScript (−1 if there is no such text), the index of the label, and the
/// score.
#[derive(Serialize)]
struct MentionData(i64, i64, u16, Option<f64>);

/// The index of the class, the gold mentions and the predictions.
#[derive(Serialize)]
struct ErrorData(usize, Vec<usize>, Vec<usize>);

/// The documents as JSON that can be in a `script` element.
pub(super) fn json(report: &Report, corpus: &Corpus, anchors: &[String]) -> String {
    let documents = corpus.documents.iter().enumerate().map(|(index, document)| {
        let errors: Vec<_> = (0..corpus.n_systems).map(|system| errors_in(corpus, index, system)).collect();
        document_data(document, &anchors[index], &errors)
    });
    let colours = colours(corpus.labels.iter());
    let data = Data {
        gold: &report.gold.name,
        systems: report.systems.iter().map(|system| system.name.as_str()).collect(),
        labels: corpus
            .labels
            .iter()
            .zip(colours)
            .map(|(name, colour)| LabelData { name: name.as_str(), colour })
            .collect(),
        classes: ErrorClass::ALL.into_iter().map(class_data).collect(),
        documents: documents.collect(),
    };
    page::json(&data)
}

/// The fragment for each document: `doc-` and its id, followed by a number if another document has that already.
pub(super) fn anchors(corpus: &Corpus) -> Vec<String> {
    let mut taken = HashSet::new();
    let mut anchor = |document: &Paired| {
        let plain = format!("doc-{}", document.id);
        let numbered = (2..).map(|nth: usize| format!("{plain}~{nth}"));
        let free = std::iter::once(plain.clone()).chain(numbered).find(|anchor| !taken.contains(anchor));
        let free = free.expect("there is always another number");
        taken.insert(free.clone());
        free
    };
    corpus.documents.iter().map(&mut anchor).collect()
}

fn document_data<'a>(document: &'a Paired, anchor: &'a str, errors: &[Vec<MentionError>]) -> DocumentData<'a> {
    let offsets = Offsets::new(&document.text, OffsetUnit::Utf16);
    let mentions = |items: &[Item]| items.iter().map(|item| mention_data(item, &offsets)).collect::<Vec<_>>();
    let systems = document.systems.iter().zip(errors).map(|(items, errors)| SystemData {
        mentions: mentions(items),
        errors: errors.iter().map(error_data).collect(),
    });
    DocumentData {
        anchor,
        id: &document.id,
        text: &document.text,
        gold: mentions(&document.gold),
        systems: systems.collect(),
    }
}

fn mention_data(item: &Item, offsets: &Offsets<'_>) -> MentionData {
    let units =
        offsets.units(item.span).and_then(|(start, end)| Some((i64::try_from(start).ok()?, i64::try_from(end).ok()?)));
    let (start, end) = units.unwrap_or((-1, -1));
    let LabelId(label) = item.label;
    let score = item.score.map(|score| (f64::from(score) * 1e4).round() / 1e4);
    MentionData(start, end, label, score)
}

fn error_data(error: &MentionError) -> ErrorData {
    let class = ErrorClass::ALL.into_iter().position(|class| class == error.class).expect("ALL has every class");
    ErrorData(class, error.gold.clone(), error.predicted.clone())
}

fn class_data(class: ErrorClass) -> ClassData {
    ClassData { key: class.as_str(), name: class.as_str().replace('_', " "), explained: class.explained() }
}

/// A colour for each label.
pub(super) fn colours<'l>(labels: impl IntoIterator<Item = &'l Label>) -> Vec<usize> {
    let mut colours = Colours::default();
    labels.into_iter().map(|label| colours.of(label)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::{Input, PairingOptions, pair};
    use crate::text::{Document, Mention, Span};

    fn document(id: &str, text: &str, mentions: &[(usize, usize)]) -> Document {
        let mention = |&(start, end): &(usize, usize)| Mention::new(Span::new(start, end), Label::new("LOC"));
        Document { mentions: mentions.iter().map(mention).collect(), ..Document::new(id, text) }
    }

    fn corpus(gold: Vec<Document>) -> Corpus {
        let gold = Input { documents: gold, ..Input::default() };
        pair(gold, Vec::new(), &PairingOptions::default()).expect("there is nothing to pair").corpus
    }

    #[test]
    fn offsets_count_utf16() {
        let text = "😀 é Tyre and 👩‍👩‍👧 Beirut";
        let start = text.find("Beirut").expect("it is there");
        let corpus = corpus(vec![document("a", text, &[(8, 12), (start, start + 6), (500, 504), (1, 4)])]);
        let document = &corpus.documents[0];
        let data = document_data(document, "doc-a", &[]);
        let units: Vec<u16> = text.encode_utf16().collect();
        let mut surfaces = Vec::new();
        for &MentionData(start, end, ..) in &data.gold {
            let range = usize::try_from(start).ok().zip(usize::try_from(end).ok());
            surfaces.push(range.map(|(start, end)| String::from_utf16(&units[start..end]).expect("whole characters")));
        }
        // Inside a character or beyond the text, there is nothing to show.
        assert_eq!(surfaces, [None, Some("Tyre".to_owned()), Some("Beirut".to_owned()), None]);
    }

    #[test]
    fn anchors_are_unique() {
        let ids = ["a", "b", "a", "a~2", "a"];
        let corpus = corpus(ids.iter().map(|id| document(id, "x", &[])).collect());
        assert_eq!(anchors(&corpus), ["doc-a", "doc-b", "doc-a~2", "doc-a~2~2", "doc-a~3"]);
    }
}
