//! What documents are compared with.

use std::collections::BTreeMap;

use serde::Serialize;

use super::place::Labelled;
use super::state::{MentionId, Settled, State};
use crate::eval::{Agreement, Corpus, Input, Missing, PairingError, PairingOptions, agreement, errors, pair};
use crate::pool::Pool;
use crate::text::{Document, Label, Mention, Span};

/// What the other side is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SideKind {
    /// It is right, as far as anybody knows.
    Gold,
    /// It is the output of a system, and the documents are the gold.
    Predicted,
    /// It is the work of another annotator.
    Annotator,
}

/// Mentions of another origin for the same documents.
#[derive(Clone, Debug)]
pub(crate) struct Side {
    pub(crate) name: String,
    pub(crate) kind: SideKind,
    /// By document; `None` where the side has none or nobody has worked on it.
    pub(crate) mentions: Vec<Option<Vec<Mention>>>,
}

/// Mentions of the two sides that overlap, but are not the same.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Disagreement {
    /// What went wrong, if the prediction were wrong and the gold right.
    pub(crate) class: &'static str,
    pub(crate) mine: Vec<MentionId>,
    /// Places among the mentions of the other side.
    pub(crate) other: Vec<usize>,
    pub(crate) span: Span,
    pub(crate) is_settled: bool,
}

impl Side {
    /// The documents of another side, which are paired by id and order. Their texts may differ in blanks.
    pub(crate) fn pair(
        name: &str,
        kind: SideKind,
        documents: &[Document],
        other: Vec<Document>,
        pool: &Pool,
    ) -> Result<(Self, Vec<String>), PairingError> {
        let mine = documents.iter().map(|document| Document::new(&document.id, &document.text)).collect();
        let ids: BTreeMap<String, usize> = other.iter().fold(BTreeMap::new(), |mut ids, document| {
            *ids.entry(document.id.clone()).or_default() += 1;
            ids
        });
        let options = PairingOptions::default().missing(Missing::Count).pool(pool.clone());
        let pairing = pair(Input::new("INPUT", mine), vec![Input::new(name, other)], &options)?;
        let mut notes = Vec::new();
        for tally in &pairing.systems {
            if tally.missing_documents + tally.extra_documents > 0 {
                let (missing, extra) = (tally.missing_documents, tally.extra_documents);
                notes.push(format!(
                    "{name}: {missing} documents of the review are missing there, {extra} are there alone"
                ));
            }
            if tally.odd_documents > 0 {
                let (n, m) = (tally.odd_documents, tally.unaligned_mentions);
                notes.push(format!("{name}: {n} documents have other words, {m} mentions there were left out"));
            }
        }
        let label = |corpus: &Corpus, id| corpus.labels().label(id).clone();
        let corpus = &pairing.corpus;
        let all_there = pairing.systems.iter().all(|tally| tally.missing_documents == 0);
        let mut left = ids;
        let mentions = corpus.documents().iter().map(|document| {
            // Documents were paired by id as long as there were some.
            let items = document.items(crate::eval::Side::System(0));
            let is_there = left.get_mut(&document.id).is_some_and(|n| {
                let some = *n > 0;
                *n = n.saturating_sub(1);
                some
            });
            let mention = |item: &crate::eval::Item| Mention {
                score: item.score,
                ..Mention::new(item.span, label(corpus, item.label))
            };
            (all_there || is_there || !items.is_empty()).then(|| items.iter().map(mention).collect())
        });
        let mentions = mentions.collect();
        Ok((Self { name: name.to_owned(), kind, mentions }, notes))
    }

    /// Where a document and this side disagree.
    pub(crate) fn disagreements(&self, index: usize, state: &State) -> Vec<Disagreement> {
        let Some(Some(other)) = self.mentions.get(index) else { return Vec::new() };
        disagreements(state, other, self.kind)
    }
}

fn disagreements(state: &State, other: &[Mention], kind: SideKind) -> Vec<Disagreement> {
    let mine = state.sorted();
    // Only places and labels count; the text is the same.
    let bare = |mentions: Vec<Mention>| Input::new("", vec![Document { mentions, ..Document::default() }]);
    let place = |mention: &Mention| Mention::new(mention.span, mention.label.clone());
    let [own, others] =
        [mine.iter().map(|(_, marked)| place(&marked.mention)).collect(), other.iter().map(place).collect()].map(bare);
    let (gold, predicted) = if kind == SideKind::Predicted { (own, others) } else { (others, own) };
    let options = PairingOptions::default().pool(Pool::current());
    let Ok(pairing) = pair(gold, vec![predicted], &options) else { return Vec::new() };
    let corpus = &pairing.corpus;
    let paired = &corpus.documents()[0];
    let mut found: Vec<Disagreement> = errors(corpus, 0)
        .into_iter()
        .map(|error| {
            let of = |side, places: &[usize]| -> Vec<(Span, Label)> {
                let items = paired.items(side);
                let one = |place: &usize| (items[*place].span, corpus.labels().label(items[*place].label).clone());
                places.iter().map(one).collect()
            };
            let gold = of(crate::eval::Side::Gold, &error.gold);
            let predicted = of(crate::eval::Side::System(0), &error.predicted);
            let (own, others) = if kind == SideKind::Predicted { (gold, predicted) } else { (predicted, gold) };
            let in_mine = |(id, marked): &(MentionId, &super::state::Marked)| {
                own.iter()
                    .any(|(span, label)| marked.mention.span == *span && marked.mention.label == *label)
                    .then_some(*id)
            };
            let in_other = |(place, mention): (usize, &Mention)| {
                others.iter().any(|(span, label)| mention.span == *span && mention.label == *label).then_some(place)
            };
            let spans = || own.iter().chain(&others).map(|(span, _)| *span);
            let start = spans().map(Span::start).min().unwrap_or_default();
            let end = spans().map(Span::end).max().unwrap_or_default();
            let keys = |list: &[(Span, Label)]| {
                list.iter().map(|(span, label)| Labelled { at: *span, label: label.to_string() }).collect()
            };
            let settled = Settled { mine: keys(&own), other: keys(&others) };
            Disagreement {
                class: error.class.as_str(),
                mine: mine.iter().filter_map(in_mine).collect(),
                other: other.iter().enumerate().filter_map(in_other).collect(),
                span: Span::new(start, end),
                is_settled: state.decisions.settled.contains(&settled),
            }
        })
        .collect();
    found.sort_by_key(|it| it.span);
    found
}

/// How far two annotators agree.
pub(crate) fn agreed(mine: Vec<Document>, other: Vec<Document>) -> Result<Agreement, PairingError> {
    let options = PairingOptions::default().pool(Pool::current());
    Ok(agreement(&pair(Input::new("mine", mine), vec![Input::new("other", other)], &options)?.corpus))
}
