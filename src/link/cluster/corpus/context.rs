//! What the documents say about the names in them: countries, offices, the names around them.

use std::collections::{BTreeSet, HashMap};

use rayon::prelude::*;

use super::graph::Graph;
use super::node::Node;
use crate::lexicon::Lexicon;
use crate::link::cluster::document::{DocumentUnits, Documents};
use crate::link::cluster::forms::Forms;
use crate::link::cluster::key::{KeyKind, key};
use crate::link::lists::Lists;
use crate::link::mentions::MentionStore;

/// Documents of a name that are looked at: the first ones.
const MOST_DOCUMENTS: usize = 12;

/// What surrounds the names of a corpus.
pub(super) struct Contexts {
    /// Number of documents.
    n: usize,
    /// Number of names of persons of an archive.
    n_known_persons: usize,
    /// Per node, the number of its documents.
    n_documents: Vec<usize>,
    /// Per node, its first documents.
    documents_of: Lists<u32>,
    /// Per document, the country that it names most; `None` if it names none.
    countries: Vec<Option<u64>>,
    /// Per document, its nodes. Sorted.
    nodes_of: Lists<u32>,
    /// Per person, what the documents call the bearer.
    offices: HashMap<u32, BTreeSet<u64>>,
}

/// What surrounds one name.
pub(super) struct Context<'a> {
    /// Countries of its documents.
    pub(super) countries: BTreeSet<u64>,
    /// Offices of its bearer.
    pub(super) offices: Option<&'a BTreeSet<u64>>,
    /// Other names in its documents.
    pub(super) neighbours: BTreeSet<u32>,
}

impl Contexts {
    pub(super) fn new(graph: &Graph<'_>, documents: &Documents<'_>, mentions: &MentionStore) -> Self {
        let (forms, of_unit) = (graph.forms, &graph.of_unit);
        let n_documents = graph.nodes.iter().map(|node| node.n_documents(documents.len())).collect();
        let first = |node: &'_ Node| node.documents.iter().take(MOST_DOCUMENTS).copied().collect::<Vec<u32>>();
        let documents_of = graph.nodes.iter().map(first).collect();
        let mut countries: Vec<Option<u64>> =
            documents.par_iter().map(|document| leading_country(forms, &document)).collect();
        let sorted = |units: &[u32]| {
            let mut nodes = units.to_vec();
            nodes.sort_unstable();
            nodes.dedup();
            nodes
        };
        let mut nodes_of: Lists<u32> = of_unit.iter().map(sorted).collect();
        // Known documents are numbered after those of the store.
        for entities in &mentions.known.documents {
            let nodes = entities.iter().flat_map(|&entity| &graph.of_known[entity as usize]);
            nodes_of.push(sorted(&nodes.copied().collect::<Vec<u32>>()));
            countries.push(None);
        }
        let of_title: Vec<Option<u64>> = mentions.titles.iter().map(office).collect();
        let mut offices: HashMap<u32, BTreeSet<u64>> = HashMap::new();
        for (document, of_unit) in documents.iter().zip(of_unit.iter()) {
            for (unit, &node) in document.units.iter().zip(of_unit) {
                let mut held = unit.titles.iter().filter_map(|&title| of_title[title as usize - 1]).peekable();
                if held.peek().is_some() {
                    offices.entry(node).or_default().extend(held);
                }
            }
        }
        for (entity, nodes) in mentions.known.entities.iter().zip(&graph.of_known) {
            let held: Vec<u64> = entity.offices.iter().filter_map(|&title| of_title[title as usize - 1]).collect();
            for &node in nodes {
                offices.entry(node).or_default().extend(&held);
            }
        }
        offices.retain(|_, held| !held.is_empty());
        let n = documents.len() + mentions.known.n_documents;
        let n_known_persons = mentions.known.n_persons;
        Self { n, n_known_persons, n_documents, documents_of, countries, nodes_of, offices }
    }

    /// Number of names of persons of an archive.
    pub(super) fn n_known_persons(&self) -> usize {
        self.n_known_persons
    }

    /// Number of documents that have a name unattached.
    pub(super) fn n_documents(&self, node: u32) -> usize {
        self.n_documents[node as usize]
    }

    /// What surrounds a name.
    pub(super) fn of(&self, at: u32) -> Context<'_> {
        let documents = self.documents_of[at as usize].iter();
        let countries = documents.clone().filter_map(|&document| self.countries[document as usize]).collect();
        let neighbours = documents.flat_map(|&document| &self.nodes_of[document as usize]).copied().collect();
        Context { countries, offices: self.offices.get(&at), neighbours }
    }

    /// How much it tells that two names have neighbours in common: the sum of the natural logarithms of their rarity.
    pub(super) fn shared(&self, a: &Context<'_>, b: &Context<'_>, except: [u32; 2]) -> f32 {
        let n = self.n as f32;
        let common = a.neighbours.intersection(&b.neighbours).filter(|node| !except.contains(node));
        common.map(|&node| (n / self.n_documents[node as usize] as f32).ln().max(0.0)).sum()
    }
}

/// Key of an office.
fn office(title: &str) -> Option<u64> {
    Lexicon::english().is_office(title).then(|| key(KeyKind::Word, title))
}

/// Key of the country that a document names most; of equals, the first.
fn leading_country(forms: &Forms<'_>, document: &DocumentUnits) -> Option<u64> {
    let most = document.lands(forms).into_iter().reduce(|best, next| if next.1 > best.1 { next } else { best });
    most.map(|(id, _)| key(KeyKind::Entry, id))
}
