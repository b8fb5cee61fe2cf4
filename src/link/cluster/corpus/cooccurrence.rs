//! Which of several entities a document is about, by the other names in it.
//!
//! Names that co-occur in one document co-occur in others (Rao, McNamee and Dredze 2010 use them as context features of cross-document
//! clustering); the rarer a name, the more it tells. An office that the text gives tells more.

use std::collections::{BTreeSet, HashMap};

use super::graph::Graph;
use crate::lexicon::Lexicon;
use crate::link::cluster::document::Documents;
use crate::link::lists::Lists;
use crate::link::mentions::MentionStore;
use crate::link::reason::MergeScope;

/// Names in more documents than this tell little, and cost most to look up.
const MOST_DOCUMENTS: usize = 16;
/// Weight of a shared office: that of several rare names.
const OFFICE: f32 = 5.0;
/// Largest weight of co-occurring names.
const MOST_WEIGHT: f32 = 8.0;

/// What co-occurs in the documents of a corpus.
#[derive(Clone, Debug)]
pub(super) struct CoOccurrence<'a> {
    graph: &'a Graph<'a>,
    mentions: &'a MentionStore,
    documents: &'a Documents<'a>,
    /// Per document, the entities in it. Sorted.
    entities: Lists<u32>,
    /// Per entity of few documents, these.
    documents_of: HashMap<u32, Vec<u32>>,
    /// Per node that stands for an entity, the number of its mentions.
    n_mentions: Vec<u32>,
    /// Per entity, the ids of its offices.
    offices: HashMap<u32, BTreeSet<u32>>,
}

/// How probable each candidate is.
pub(super) struct Judgement {
    /// What speaks for the most probable one; `None` if nothing but its number of mentions.
    pub(super) scope: Option<MergeScope>,
    /// In the order of the candidates; they sum to 1.
    pub(super) probabilities: Vec<f32>,
}

impl<'a> CoOccurrence<'a> {
    pub(super) fn new(graph: &'a Graph<'a>, mentions: &'a MentionStore, documents: &'a Documents<'a>) -> Self {
        let mut entities = Lists::default();
        let mut n_documents_of: Vec<u32> = vec![0; graph.nodes.len()];
        let mut offices: HashMap<u32, BTreeSet<u32>> = HashMap::new();
        for (document, of_unit) in documents.iter().zip(graph.of_unit.iter()) {
            let mut here: Vec<u32> = of_unit.iter().map(|&node| graph.root(node)).collect();
            for (unit, &root) in document.units.iter().zip(&here) {
                let held = unit
                    .titles
                    .iter()
                    .filter(|&&title| Lexicon::english().is_office(&mentions.titles[title as usize - 1]));
                for &title in held {
                    offices.entry(root).or_default().insert(title);
                }
            }
            here.sort_unstable();
            here.dedup();
            here.iter().for_each(|&entity| n_documents_of[entity as usize] += 1);
            entities.push(here);
        }
        for known in &mentions.known.documents {
            let mut here: Vec<u32> = known
                .iter()
                .filter_map(|&entity| graph.of_known[entity as usize].first())
                .map(|&node| graph.root(node))
                .collect();
            here.sort_unstable();
            here.dedup();
            here.iter().for_each(|&entity| n_documents_of[entity as usize] += 1);
            entities.push(here);
        }
        for (entity, nodes) in mentions.known.entities.iter().zip(&graph.of_known) {
            let Some(root) = nodes.first().map(|&node| graph.root(node)) else { continue };
            if !entity.offices.is_empty() {
                offices.entry(root).or_default().extend(&entity.offices);
            }
            // Not all of its documents are here.
            if entity.documents as usize > MOST_DOCUMENTS {
                n_documents_of[root as usize] = 0;
            }
        }
        // Most names are in one document only, and tell nothing.
        let is_telling = |entity: u32| (2..=MOST_DOCUMENTS).contains(&(n_documents_of[entity as usize] as usize));
        let mut documents_of: HashMap<u32, Vec<u32>> = HashMap::new();
        for (at, here) in (0_u32..).zip(entities.iter()) {
            for &entity in here.iter().filter(|&&entity| is_telling(entity)) {
                documents_of.entry(entity).or_default().push(at);
            }
        }
        let mut n_mentions: Vec<u32> = vec![0; graph.nodes.len()];
        for (at, node) in (0_u32..).zip(&graph.nodes) {
            n_mentions[graph.root(at) as usize] += node.mentions;
        }
        Self { graph, mentions, documents, entities, documents_of, n_mentions, offices }
    }

    /// How probable each of several entities is for a node in a document.
    pub(super) fn judge(&self, document: u32, node: u32, candidates: &[u32]) -> Judgement {
        let shared = self.shared(document, self.graph.root(node), candidates);
        let document_units = self.documents.get(document as usize);
        let titles = &document_units.units[self.unit(document, node)].titles;
        let holds_office = |entity: u32| {
            let offices = self.offices.get(&entity);
            let mut held = titles.iter().filter(|title| offices.is_some_and(|offices| offices.contains(title)));
            held.any(|&title| Lexicon::english().is_office(&self.mentions.titles[title as usize - 1]))
        };
        let weight = |at: usize| {
            let office = if holds_office(candidates[at]) { OFFICE } else { 0.0 };
            let mentions = self.n_mentions[candidates[at] as usize] as f32;
            (mentions + 1.0) * (shared[at].min(MOST_WEIGHT) + office).exp()
        };
        let weights: Vec<f32> = (0..candidates.len()).map(weight).collect();
        let sum: f32 = weights.iter().sum();
        let best = (0..weights.len()).max_by(|&a, &b| weights[a].total_cmp(&weights[b])).expect("several candidates");
        let scope = if holds_office(candidates[best]) {
            Some(MergeScope::Office)
        } else {
            (shared[best] > 0.0).then_some(MergeScope::CoOccurrence)
        };
        Judgement { scope, probabilities: weights.into_iter().map(|weight| weight / sum).collect() }
    }

    /// The weights of the names of a document that co-occur with each candidate in other documents.
    fn shared(&self, document: u32, own: u32, candidates: &[u32]) -> Vec<f32> {
        let n = (self.documents.len() + self.mentions.known.n_documents) as f32;
        let mut shared = vec![0.0_f32; candidates.len()];
        for entity in self.entities[document as usize].iter().filter(|&&entity| entity != own) {
            if let Some(at) = candidates.iter().position(|candidate| candidate == entity) {
                // The full name itself is in this document, though not close enough in the text to be found.
                shared[at] += MOST_WEIGHT;
                continue;
            }
            let Some(others) = self.documents_of.get(entity) else { continue };
            let weight = 0.5 * (n / others.len() as f32).ln().max(0.0);
            let mut seen = vec![false; candidates.len()];
            for other in others.iter().filter(|&&other| other != document) {
                for (at, candidate) in candidates.iter().enumerate() {
                    seen[at] |= self.entities[*other as usize].binary_search(candidate).is_ok();
                }
            }
            for (at, _) in seen.iter().enumerate().filter(|(_, seen)| **seen) {
                shared[at] += weight;
            }
        }
        shared
    }

    /// The first unit of a document that is a node.
    fn unit(&self, document: u32, node: u32) -> usize {
        let units = &self.graph.of_unit[document as usize];
        units.iter().position(|&other| other == node).expect("a node knows its documents")
    }
}
