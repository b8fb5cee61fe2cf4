//! Which of several entities does a document speak of, going by the other names in it?
//!
//! Names that stand together in one document stand together in others (Rao, McNamee, Dredze 2010 use them as context features of
//! cross-document clustering); the rarer a name, the more it tells. An office that the text gives tells more.

use std::collections::{BTreeSet, HashMap};

use super::corpus::Corpus;
use super::form::Forms;
use super::local::Local;
use super::person::is_office;
use super::reason::Scope;
use crate::link::collection::Collection;

/// What stands together in the documents.
#[derive(Clone, Debug)]
pub(super) struct Company<'a> {
    corpus: &'a Corpus,
    collection: &'a Collection,
    locals: &'a [Local],
    /// Per document, the entities in it; sorted.
    entities: Vec<Vec<u32>>,
    /// The documents of entities that few documents have.
    documents: HashMap<u32, Vec<u32>>,
    mentions: HashMap<u32, u32>,
    /// The offices of entities.
    offices: HashMap<u32, BTreeSet<u32>>,
}

/// Names in more documents than this tell little of the company, and cost most to look up.
const MOST_DOCUMENTS: usize = 16;
/// How much a shared office weighs: as much as several rare names.
const OFFICE: f32 = 5.0;
/// The most that company may weigh.
const MOST_WEIGHT: f32 = 8.0;

impl<'a> Company<'a> {
    pub(super) fn new(corpus: &'a Corpus, collection: &'a Collection, _forms: &Forms<'_>, locals: &'a [Local]) -> Self {
        let mut entities = Vec::with_capacity(locals.len());
        let mut documents: HashMap<u32, Vec<u32>> = HashMap::new();
        let mut offices: HashMap<u32, BTreeSet<u32>> = HashMap::new();
        for (document, (local, of_unit)) in (0_u32..).zip(locals.iter().zip(&corpus.of_unit)) {
            let mut here: Vec<u32> = of_unit.iter().map(|&node| corpus.forest.root(node)).collect();
            for (unit, &root) in local.units.iter().zip(&here) {
                let held = unit.titles.iter().filter(|&&title| is_office(&collection.titles[title as usize - 1]));
                for &title in held {
                    offices.entry(root).or_default().insert(title);
                }
            }
            here.sort_unstable();
            here.dedup();
            for &entity in &here {
                let list = documents.entry(entity).or_default();
                if list.len() <= MOST_DOCUMENTS {
                    list.push(document);
                }
            }
            entities.push(here);
        }
        documents.retain(|_, list| (2..=MOST_DOCUMENTS).contains(&list.len()));
        let mut mentions: HashMap<u32, u32> = HashMap::new();
        for (at, node) in (0_u32..).zip(&corpus.nodes) {
            *mentions.entry(corpus.forest.root(at)).or_default() += node.mentions;
        }
        Self { corpus, collection, locals, entities, documents, mentions, offices }
    }

    /// How probable each of several entities is for a unit of a document, and what speaks for the best; `None` for nothing but
    /// how often they are named.
    pub(super) fn judge(&self, (document, unit): (u32, u32), candidates: &[u32]) -> (Option<Scope>, Vec<f32>) {
        let own = self.corpus.forest.root(self.corpus.of_unit[document as usize][unit as usize]);
        let titles = &self.locals[document as usize].units[unit as usize].titles;
        let office = |entity: u32| {
            let offices = self.offices.get(&entity);
            let held = titles.iter().filter(|title| offices.is_some_and(|offices| offices.contains(title)));
            held.filter(|&&title| is_office(&self.collection.titles[title as usize - 1])).count() > 0
        };
        let n = self.locals.len() as f32;
        let mut shared = vec![0.0_f32; candidates.len()];
        for entity in self.entities[document as usize].iter().filter(|&&entity| entity != own) {
            if let Some(at) = candidates.iter().position(|candidate| candidate == entity) {
                // The full name itself stands here, though it was not close enough in the text to be found.
                shared[at] += MOST_WEIGHT;
                continue;
            }
            let Some(others) = self.documents.get(entity) else { continue };
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
        let weight = |at: usize| {
            let office = if office(candidates[at]) { OFFICE } else { 0.0 };
            let mentions = self.mentions.get(&candidates[at]).copied().unwrap_or(0) as f32;
            (mentions + 1.0) * (shared[at].min(MOST_WEIGHT) + office).exp()
        };
        let weights: Vec<f32> = (0..candidates.len()).map(weight).collect();
        let sum: f32 = weights.iter().sum();
        let best = (0..weights.len()).max_by(|&a, &b| weights[a].total_cmp(&weights[b])).expect("several candidates");
        let scope =
            if office(candidates[best]) { Some(Scope::Office) } else { (shared[best] > 0.0).then_some(Scope::Company) };
        (scope, weights.into_iter().map(|weight| weight / sum).collect())
    }
}
