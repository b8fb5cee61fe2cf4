//! Accuracy of entities on news with gold entities, if the data are beside the project.
//!
//! All mentions with a gold entity count, over all documents; the hard ones are those of entities with several surfaces. The floors are a
//! little below what was measured when they were written.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use allonym::eval::clusters::{Clustering, score};
use allonym::link::kb::{Entry, Kb};
use allonym::link::{Linker, Links};
use allonym::text::{Document, Label, Mention, Span};
use serde_json::Value;

use crate::shared_data::shared;

/// Labels of the mentions.
#[derive(Clone, Copy, PartialEq)]
enum Labels {
    Gold,
    None,
}

struct Gold {
    documents: Vec<Document>,
    /// Per document, the gold entity of each mention.
    entities: Vec<Vec<Option<String>>>,
}

fn rows(name: &str) -> Option<Vec<Value>> {
    let text = std::fs::read_to_string(shared(name)?).expect("the file can be read");
    Some(text.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect())
}

fn text<'a>(row: &'a Value, key: &str) -> &'a str {
    row[key].as_str().expect("a text")
}

fn number(value: &Value) -> usize {
    usize::try_from(value.as_u64().expect("a number")).expect("a small number")
}

/// Development set of AIDA: its names are where they were in the text, whose other characters are unknown. Where two of them are between
/// names, they may be a bracket, as in "World Trade Organisation (WTO)"; all others become stars.
fn aida(labels: Labels) -> Option<Gold> {
    let mut documents: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for row in rows("linking/aida_dev_mentions.jsonl")? {
        documents.entry(text(&row, "doc").to_owned()).or_default().push(row);
    }
    let mut gold = Gold { documents: Vec::new(), entities: Vec::new() };
    for (id, rows) in documents {
        let end = rows.iter().map(|row| number(&row["end"])).max().expect("a document has mentions");
        let mut letters = vec!['*'; end + 1];
        let mut known = vec![false; end + 1];
        for row in &rows {
            let start = number(&row["start"]);
            for (at, letter) in (start..).zip(text(row, "surface").chars()) {
                (letters[at], known[at]) = (letter, true);
            }
        }
        for at in (0..end).filter(|&at| known[at..].starts_with(&[true, false, false, true])) {
            letters[at + 1..at + 3].copy_from_slice(&[' ', '(']);
        }
        let bytes = |to: usize| letters[..to].iter().map(|c| c.len_utf8()).sum::<usize>();
        let mut document = Document::new(id, letters.iter().collect::<String>());
        for row in &rows {
            let span = Span::new(bytes(number(&row["start"])), bytes(number(&row["end"])));
            let label = if labels == Labels::Gold { text(row, "type") } else { "MISC" };
            document.mentions.push(Mention::new(span, Label::new(label)));
        }
        gold.documents.push(document);
        gold.entities.push(rows.iter().map(|row| row["qid"].as_str().map(str::to_owned)).collect());
    }
    Some(gold)
}

/// MEANTIME: the mentions whose head is a proper noun, in their order.
fn meantime(labels: Labels) -> Option<Gold> {
    let mut documents: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for row in rows("linking/meantime_mentions.jsonl")?.into_iter().filter(|row| row["mention_head_pos"] == "PROPN") {
        documents.entry(text(&row, "doc_id").to_owned()).or_default().push(row);
    }
    let mut gold = Gold { documents: Vec::new(), entities: Vec::new() };
    for (id, mut rows) in documents {
        rows.sort_by_key(|row| (number(&row["sent_id"]), number(&row["tokens_number"][0])));
        let mut document = Document::new(id, "");
        for row in &rows {
            let start = document.text.len();
            document.text.push_str(text(row, "tokens_str"));
            let label = match text(row, "mention_type") {
                "PRO" | "FIN" => "MISC",
                label => label,
            };
            let label = if labels == Labels::Gold { label } else { "MISC" };
            document.mentions.push(Mention::new(Span::new(start, document.text.len()), Label::new(label)));
            document.text.push_str("*****");
        }
        gold.documents.push(document);
        // Chains of one entity in several topics end alike.
        let chain = |row: &Value| text(row, "coref_chain").rsplit('_').next().map(str::to_owned);
        gold.entities.push(rows.iter().map(chain).collect());
    }
    Some(gold)
}

fn link(gold: &Gold) -> Links {
    Linker::default().link_documents(&mut gold.documents.clone()).expect("the spans slice the texts")
}

/// Least values of the measures.
struct Floors {
    b_cubed: f64,
    pair_precision: f64,
    hard: f64,
}

fn check(name: &str, gold: &Gold, floors: &Floors) {
    let links = link(gold);
    let mut key: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    let mut response: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    let mut surfaces: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut n = 0;
    for (at, (document, entities)) in gold.documents.iter().zip(&gold.entities).enumerate() {
        for (nth, (mention, entity)) in document.mentions.iter().zip(entities).enumerate() {
            let Some(entity) = entity else { continue };
            let found = links.entity_of(at, nth).expect("every mention has an entity");
            key.entry(entity).or_default().push(n);
            response.entry(&found.id).or_default().push(n);
            surfaces.entry(entity).or_default().insert(&document.text[mention.span.range()]);
            n += 1;
        }
    }
    let all = score(&Clustering::new(key.values().cloned()), &Clustering::new(response.values().cloned()));
    key.retain(|entity, _| surfaces[entity].len() > 1);
    let hard: BTreeSet<u32> = key.values().flatten().copied().collect();
    response.values_mut().for_each(|mentions| mentions.retain(|mention| hard.contains(mention)));
    response.retain(|_, mentions| !mentions.is_empty());
    let hard = score(&Clustering::new(key.values().cloned()), &Clustering::new(response.values().cloned()));
    for (what, got, floor) in [
        ("B3", all.b_cubed.f1(), floors.b_cubed),
        ("pairwise precision", all.pairwise.precision(), floors.pair_precision),
        ("B3 of the hard", hard.b_cubed.f1(), floors.hard),
    ] {
        let got = got.expect("there are mentions");
        writeln!(std::io::stderr(), "{name}: {what} {got:.6}").expect("stderr takes a line");
        assert!(got >= floor, "{name}: {what} is {got:.4}, less than {floor}");
    }
}

/// Precision and recall of the linker's ids of countries and territories, with the gold type as label.
#[test]
fn countries_of_aida() {
    let Some(gold) = aida(Labels::Gold) else { return };
    let is_country = |entry: &&Entry| entry.kind.is_country_level();
    let entries = Kb::embedded().entries().iter().filter(is_country);
    let countries: BTreeSet<&str> = entries.filter_map(|entry| entry.id_in("wikidata")).collect();
    let links = link(&gold);
    let (mut right, mut found, mut wanted) = (0, 0, 0);
    for (at, entities) in gold.entities.iter().enumerate() {
        for (nth, entity) in entities.iter().enumerate() {
            let id = links.entity_of(at, nth).and_then(|entity| entity.kb.get("wikidata"));
            let id = id.map(String::as_str).filter(|id| countries.contains(id));
            let entity = entity.as_deref().filter(|id| countries.contains(id));
            found += usize::from(id.is_some());
            wanted += usize::from(entity.is_some());
            right += usize::from(id.is_some() && id == entity);
        }
    }
    let (precision, recall) = (right as f64 / found as f64, right as f64 / wanted as f64);
    writeln!(std::io::stderr(), "AIDA countries: precision {precision:.6}, recall {recall:.6}")
        .expect("stderr takes a line");
    assert!(precision >= 0.951, "precision is {precision:.4}: {right} of {found}");
    assert!(recall >= 0.975, "recall is {recall:.4}: {right} of {wanted}");
}

#[test]
fn entities_of_aida() {
    for (labels, name, floors) in [
        (Labels::Gold, "AIDA", Floors { b_cubed: 0.963, pair_precision: 0.959, hard: 0.963 }),
        (Labels::None, "AIDA without labels", Floors { b_cubed: 0.926, pair_precision: 0.885, hard: 0.917 }),
    ] {
        let Some(gold) = aida(labels) else { return };
        check(name, &gold, &floors);
    }
}

#[test]
fn entities_of_meantime() {
    for (labels, name, floors) in [
        (Labels::Gold, "MEANTIME", Floors { b_cubed: 0.865, pair_precision: 0.982, hard: 0.845 }),
        (Labels::None, "MEANTIME without labels", Floors { b_cubed: 0.780, pair_precision: 0.957, hard: 0.743 }),
    ] {
        let Some(gold) = meantime(labels) else { return };
        check(name, &gold, &floors);
    }
}
