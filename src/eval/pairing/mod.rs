//! Which prediction belongs to which gold document?

mod entities;
mod error;
mod labels;
mod tokens;

use std::collections::HashMap;

use rayon::prelude::*;
use serde::Serialize;

use super::corpus::{Corpus, Item, Paired};
use crate::text::{Document, Layout, segment};
use entities::{Bases, Entities};
pub use error::PairingError;
use labels::Labels;
use tokens::{TokenMap, same_tokens};

/// The documents of the gold, or of a system.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// What errors and reports call it.
    pub name: String,
    /// The documents in their order.
    pub documents: Vec<Document>,
}

/// How documents are paired.
#[derive(Clone, Debug, Default)]
pub struct PairingOptions {
    /// Labels to rename on all sides, from and to: `PERSON` to `PER`.
    pub map: Vec<(String, String)>,
    /// The labels to score, after the renaming; `None` scores all.
    pub labels: Option<Vec<String>>,
    /// What to do with a document that one side lacks.
    pub missing: Missing,
    /// What makes a prediction's text the gold's.
    pub alignment: Alignment,
}

/// What to do with a document that one side lacks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Missing {
    /// It is an error.
    #[default]
    Refuse,
    /// Gold mentions of a document that the system lacks are missed; a document that the gold lacks is counted and not scored.
    Count,
}

/// What makes a prediction's text the gold's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Alignment {
    /// Being the same text.
    #[default]
    Text,
    /// Having the same number of tokens in every sentence: the n-th token is the gold's n-th token, whatever its letters. Tokens that
    /// differ are counted.
    Tokens,
}

/// What became of one side's input.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// The input's name.
    pub name: String,
    /// Its documents.
    pub documents: u64,
    /// Its mentions as they were read.
    pub mentions: u64,
    /// Mentions of labels that are not scored.
    pub left_out: u64,
    /// Mentions with the span and the label of another one of the same document: each counts once.
    pub duplicates: u64,
    /// Mentions that share text with another one of the same side.
    pub overlapping: u64,
    /// Mentions that reach beyond the text or are empty: they cannot be right, and count as they stand.
    pub without_text: u64,
    /// Gold documents that this input lacks; their gold mentions are missed.
    pub missing_documents: u64,
    /// Documents that the gold lacks; they are not scored.
    pub extra_documents: u64,
    /// The mentions in those.
    pub extra_mentions: u64,
    /// Tokens whose letters are not the gold's.
    pub differing_tokens: u64,
}

impl Tally {
    fn of(input: &Input) -> Self {
        let mentions = input.documents.iter().map(|document| document.mentions.len() as u64).sum();
        Self { name: input.name.clone(), documents: input.documents.len() as u64, mentions, ..Self::default() }
    }
}

/// A renaming of labels, and how often it was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Renaming {
    /// The label in the input.
    pub from: String,
    /// The label that is scored.
    pub to: String,
    /// How many mentions had it, on all sides.
    pub mentions: u64,
}

/// What was paired.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pairing {
    /// The documents.
    pub corpus: Corpus,
    /// What became of the gold.
    pub gold: Tally,
    /// What became of each system's output.
    pub systems: Vec<Tally>,
    /// The renamings.
    pub renamings: Vec<Renaming>,
}

/// Pairs the gold with the output of systems: documents of the same id first (the n-th with the n-th where an id is there more than
/// once), then those left over in their order where both sides have as many.
///
/// # Errors
/// When a side lacks a document and [`Missing::Refuse`] holds, or when texts differ.
pub fn pair(gold: Input, systems: Vec<Input>, options: &PairingOptions) -> Result<Pairing, PairingError> {
    let mut labels = Labels::new(options);
    let bases = Bases::of(&gold.documents);
    let mut entities = Entities::new(&bases);
    let mut tally = Tally::of(&gold);
    let mut paired = Vec::with_capacity(gold.documents.len());
    for document in &gold.documents {
        let items = items(document, None, &mut labels, &mut entities, &mut tally)?;
        paired.push(Paired { id: document.id.clone(), gold: items, ..Paired::default() });
    }
    let mut corpus = Corpus { n_systems: systems.len(), gold_entities: entities.table, ..Corpus::default() };
    let mut tallies = Vec::new();
    for system in systems {
        let mut tally = Tally::of(&system);
        let mut entities = Entities::new(&bases);
        let partners = partners(&gold, &system, options, &mut tally)?;
        for ((document, partner), paired) in gold.documents.iter().zip(partners).zip(&mut paired) {
            let Some(partner) = partner else {
                paired.systems.push(Vec::new());
                continue;
            };
            let found = &system.documents[partner];
            let tokens = match options.alignment {
                Alignment::Text => same_text(document, found, &system.name).map(|()| None)?,
                Alignment::Tokens => Some(same_tokens(document, found, &system.name, &mut tally)?),
            };
            paired.systems.push(items(found, tokens.as_ref(), &mut labels, &mut entities, &mut tally)?);
        }
        corpus.system_entities.push(entities.table);
        tallies.push(tally);
    }
    gold.documents.into_par_iter().zip(&mut paired).for_each(|(document, paired)| {
        let sentences = document.layout.as_ref().map(Layout::sentences);
        paired.tokens = Some(sentences.unwrap_or_else(|| segment::sentences(&document.text)));
        paired.text = document.text;
    });
    corpus.documents = paired;
    corpus.labels = labels.set;
    Ok(Pairing { corpus, gold: tally, systems: tallies, renamings: labels.renamings })
}

/// For each gold document its partner in the system's output.
fn partners(
    gold: &Input,
    system: &Input,
    options: &PairingOptions,
    tally: &mut Tally,
) -> Result<Vec<Option<usize>>, PairingError> {
    let mut by_id: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, document) in system.documents.iter().enumerate().rev() {
        by_id.entry(&document.id).or_default().push(index);
    }
    let mut partners: Vec<Option<usize>> =
        gold.documents.iter().map(|document| by_id.get_mut(document.id.as_str()).and_then(Vec::pop)).collect();
    let mut rest: Vec<usize> = by_id.into_values().flatten().collect();
    rest.sort_unstable();
    let alone: Vec<usize> = (0..partners.len()).filter(|&index| partners[index].is_none()).collect();
    if alone.len() == rest.len() {
        for (index, partner) in alone.into_iter().zip(rest) {
            partners[index] = Some(partner);
        }
        return Ok(partners);
    }
    if options.missing == Missing::Refuse {
        let missing = |input: &Input, other: &Input, id: &str, n: usize| PairingError::Missing {
            id: id.to_owned(),
            input: input.name.clone(),
            other: other.name.clone(),
            more: n - 1,
        };
        return Err(match alone.first() {
            Some(&first) => missing(system, gold, &gold.documents[first].id, alone.len()),
            None => missing(gold, system, &system.documents[rest[0]].id, rest.len()),
        });
    }
    tally.missing_documents = alone.len() as u64;
    tally.extra_documents = rest.len() as u64;
    tally.extra_mentions = rest.iter().map(|&index| system.documents[index].mentions.len() as u64).sum();
    Ok(partners)
}

fn same_text(gold: &Document, found: &Document, input: &str) -> Result<(), PairingError> {
    if gold.text == found.text {
        return Ok(());
    }
    let same = gold.text.chars().zip(found.text.chars()).take_while(|(a, b)| a == b).count();
    let around = |text: &str| -> String { text.chars().skip(same.saturating_sub(20)).take(40).collect() };
    Err(PairingError::Text {
        input: input.to_owned(),
        id: gold.id.clone(),
        at: same,
        expected: around(&gold.text),
        found: around(&found.text),
    })
}

/// The mentions of a document as scoring sees them.
fn items(
    document: &Document,
    tokens: Option<&TokenMap>,
    labels: &mut Labels,
    entities: &mut Entities<'_>,
    tally: &mut Tally,
) -> Result<Vec<Item>, PairingError> {
    entities.enter(document);
    let mut items = Vec::with_capacity(document.mentions.len());
    for mention in &document.mentions {
        let Some(label) = labels.id(mention.label.as_str())? else {
            tally.left_out += 1;
            continue;
        };
        tally.without_text += u64::from(mention.span.slice(&document.text).is_none_or(str::is_empty));
        let span = tokens.map_or(mention.span, |tokens| tokens.map(mention.span));
        let entity = mention.entity.as_deref().map(|name| entities.id(name));
        items.push(Item { span, label, score: mention.score, entity });
    }
    // The best score first, so that of duplicates the surest one stays.
    items.sort_by(|a, b| a.key().cmp(&b.key()).then(b.score.unwrap_or(0.0).total_cmp(&a.score.unwrap_or(0.0))));
    let n = items.len();
    items.dedup_by_key(|item| item.key());
    tally.duplicates += (n - items.len()) as u64;
    tally.overlapping += overlapping(&items);
    Ok(items)
}

/// How many sorted mentions share text with another one.
fn overlapping(items: &[Item]) -> u64 {
    let mut furthest = 0;
    let mut shares = vec![false; items.len()];
    let mut holder = 0;
    for (index, item) in items.iter().enumerate() {
        if index > 0 && item.span.start() < furthest {
            shares[index] = true;
            shares[holder] = true;
        }
        if item.span.end() > furthest {
            furthest = item.span.end();
            holder = index;
        }
    }
    shares.into_iter().map(u64::from).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::EntityId;
    use crate::text::{Entity, Label, Line, Mention, Span};

    fn document(id: &str, text: &str, mentions: &[(usize, usize, &str)]) -> Document {
        let mentions = mentions
            .iter()
            .map(|&(start, end, label)| Mention::new(Span::new(start, end), Label::new(label)))
            .collect();
        Document { mentions, ..Document::new(id, text) }
    }

    fn input(name: &str, documents: Vec<Document>) -> Input {
        Input { name: name.to_owned(), documents }
    }

    fn texts(pairing: &Pairing) -> Vec<(&str, usize)> {
        pairing.corpus.documents.iter().map(|paired| (paired.id.as_str(), paired.systems[0].len())).collect()
    }

    #[test]
    fn pairs_by_id_then_by_order() {
        let gold = input("gold", vec![document("a", "x", &[]), document("b", "yy", &[]), document("a", "z", &[])]);
        let system = vec![
            document("a", "x", &[(0, 1, "PER")]),
            document("a", "z", &[]),
            document("other", "yy", &[(0, 1, "PER"), (0, 2, "PER")]),
        ];
        let got = pair(gold, vec![input("system", system)], &PairingOptions::default()).expect("they pair");
        assert_eq!(texts(&got), [("a", 1), ("b", 2), ("a", 0)]);
        assert_eq!(got.systems[0].overlapping, 2);
    }

    #[test]
    fn a_missing_document_is_an_error_or_counted() {
        let gold = || input("gold", vec![document("a", "x", &[]), document("b", "y", &[(0, 1, "PER")])]);
        let system = || {
            vec![input(
                "system",
                vec![document("b", "y", &[]), document("c", "z", &[(0, 1, "PER")]), document("d", "", &[])],
            )]
        };
        let error = pair(gold(), system(), &PairingOptions::default()).expect_err("a is missing");
        let want = "expected document \"a\" in system too, found it only in gold (and 0 more such documents)";
        assert_eq!(error.to_string(), want);
        let options = PairingOptions { missing: Missing::Count, ..PairingOptions::default() };
        let got = pair(gold(), system(), &options).expect("they pair");
        let tally = &got.systems[0];
        assert_eq!((tally.missing_documents, tally.extra_documents, tally.extra_mentions), (1, 2, 1));
        assert_eq!(texts(&got), [("a", 0), ("b", 0)]);
    }

    #[test]
    fn names_the_first_difference() {
        let gold = input("gold", vec![document("a", "Tehrän said on Monday", &[])]);
        let system = vec![input("system", vec![document("a", "Tehrän said on Tuesday", &[])])];
        let error = pair(gold, system, &PairingOptions::default()).expect_err("the texts differ");
        let PairingError::Text { at, expected, found, .. } = error else { panic!("{error}") };
        assert_eq!((at, expected.as_str(), found.as_str()), (15, "Tehrän said on Monday", "Tehrän said on Tuesday"));
    }

    #[test]
    fn renames_and_leaves_out_labels() {
        let gold = input("gold", vec![document("a", "x y z", &[(0, 1, "PER"), (2, 3, "LOC"), (4, 5, "MISC")])]);
        let system = document("a", "x y z", &[(0, 1, "PERSON"), (2, 3, "GPE"), (2, 3, "LOC"), (4, 5, "NORP")]);
        let options = PairingOptions {
            map: vec![("PERSON".into(), "PER".into()), ("GPE".into(), "LOC".into()), ("FAC".into(), "LOC".into())],
            labels: Some(vec!["PER".into(), "LOC".into()]),
            ..PairingOptions::default()
        };
        let got = pair(gold, vec![input("system", vec![system])], &options).expect("they pair");
        let paired = &got.corpus.documents[0];
        assert_eq!(paired.gold, paired.systems[0]);
        assert_eq!(paired.gold.len(), 2);
        assert_eq!((got.gold.left_out, got.systems[0].left_out, got.systems[0].duplicates), (1, 1, 1));
        assert_eq!(got.renamings.iter().map(|renaming| renaming.mentions).collect::<Vec<_>>(), [1, 1, 0]);
    }

    #[test]
    fn aligns_tokens_by_their_place() {
        let tokenised = |tokens: &[&str], mention: (usize, usize)| {
            let mut text = String::new();
            let mut lines = Vec::new();
            for token in tokens {
                let start = text.len();
                text.push_str(token);
                lines.push(Line::Token { span: Span::new(start, text.len()), row: (*token).to_owned() });
                text.push(' ');
            }
            let layout = Layout { lines, ..Layout::default() };
            Document { layout: Some(layout), ..document("a", &text, &[(mention.0, mention.1, "PER")]) }
        };
        let gold = || input("gold", vec![tokenised(&["&", "gt", "Ann", "Lee"], (5, 12))]);
        let options = PairingOptions { alignment: Alignment::Tokens, ..PairingOptions::default() };
        let system = input("system", vec![tokenised(&["&amp", "get", "Ann", "Lee"], (9, 16))]);
        let got = pair(gold(), vec![system], &options).expect("they pair");
        assert_eq!(got.corpus.documents[0].gold, got.corpus.documents[0].systems[0]);
        assert_eq!(got.systems[0].differing_tokens, 2);
        let shorter = input("system", vec![tokenised(&["&", "gt", "Ann"], (5, 8))]);
        let error = pair(gold(), vec![shorter], &options).expect_err("a token is missing");
        assert_eq!(error.to_string(), "system: document \"a\": expected 4 tokens in sentence 1, found 3");
    }

    #[test]
    fn entities_are_read_with_their_knowledge_base_ids() {
        let mut gold = document("a", "x y", &[(0, 1, "LOC"), (2, 3, "LOC")]);
        gold.mentions[0].entity = Some("e1".into());
        gold.mentions[1].entity = Some("e2".into());
        gold.entities = ["e1", "e2"].map(|id| Entity::new(id, "", Label::new("LOC"))).to_vec();
        gold.entities[0].kb.insert("wikidata".into(), "Q794".into());
        let got =
            pair(input("gold", vec![gold]), Vec::new(), &PairingOptions::default()).expect("there is nothing to pair");
        assert_eq!(got.corpus.gold_entities.names, ["e1", "e2"]);
        assert_eq!(got.corpus.gold_entities.kb, [Some("Q794".to_owned()), None]);
        assert_eq!(got.corpus.documents[0].gold[1].entity, Some(EntityId(1)));
    }
}
