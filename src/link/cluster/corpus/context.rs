//! What the documents say about the names in them: countries, offices, the names around them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;

use super::graph::Graph;
use crate::link::Kind;
use crate::link::cluster::document::DocumentUnits;
use crate::link::cluster::forms::Forms;
use crate::link::cluster::key::{KeyKind, key};
use crate::link::lexicon::Lexicon;
use crate::link::mentions::MentionStore;

/// Documents of a name that are looked at: the first ones.
const MOST_DOCUMENTS: usize = 12;

/// What surrounds the names of a corpus.
pub(super) struct Contexts {
    /// Per node, the number of its documents.
    n_documents: Vec<usize>,
    /// Per node, its first documents.
    documents_of: Vec<Vec<u32>>,
    /// Per document, the country that it names most; `None` if it names none.
    countries: Vec<Option<u64>>,
    /// Per document, its nodes. Sorted.
    nodes_of: Vec<Vec<u32>>,
    /// Per person, what the documents call the bearer.
    offices: HashMap<u32, BTreeSet<u32>>,
}

/// What surrounds one name.
pub(super) struct Context<'a> {
    /// Countries of its documents.
    pub(super) countries: BTreeSet<u64>,
    /// Offices of its bearer.
    pub(super) offices: Option<&'a BTreeSet<u32>>,
    /// Other names in its documents.
    pub(super) neighbours: BTreeSet<u32>,
}

impl Contexts {
    pub(super) fn new(graph: &Graph<'_>, documents: &[DocumentUnits], mentions: &MentionStore) -> Self {
        let (forms, of_unit) = (graph.forms, &graph.of_unit);
        let n_documents = graph.nodes.iter().map(|node| node.documents.len()).collect();
        let documents_of =
            graph.nodes.iter().map(|node| node.documents.iter().take(MOST_DOCUMENTS).copied().collect()).collect();
        let countries = documents.par_iter().map(|document| leading_country(forms, document)).collect();
        let sorted = |units: &Vec<u32>| {
            let mut nodes = units.clone();
            nodes.sort_unstable();
            nodes.dedup();
            nodes
        };
        let nodes_of = of_unit.par_iter().map(sorted).collect();
        let is_office: Vec<bool> = mentions.titles.iter().map(|title| Lexicon::english().is_office(title)).collect();
        let mut offices: HashMap<u32, BTreeSet<u32>> = HashMap::new();
        for (document, of_unit) in documents.iter().zip(of_unit) {
            for (unit, &node) in document.units.iter().zip(of_unit) {
                for &title in unit.titles.iter().filter(|&&title| is_office[title as usize - 1]) {
                    offices.entry(node).or_default().insert(title);
                }
            }
        }
        Self { n_documents, documents_of, countries, nodes_of, offices }
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
        let n = self.nodes_of.len() as f32;
        let common = a.neighbours.intersection(&b.neighbours).filter(|node| !except.contains(node));
        common.map(|&node| (n / self.n_documents[node as usize] as f32).ln().max(0.0)).sum()
    }
}

/// Key of the country that a document names most; of equals, the first.
fn leading_country(forms: &Forms<'_>, document: &DocumentUnits) -> Option<u64> {
    let mut countries: BTreeMap<&str, u32> = BTreeMap::new();
    for unit in document.units.iter().filter(|unit| unit.kind != Kind::Person) {
        if let Some(found) = forms.get(unit.form).known.land() {
            *countries.entry(&found.entry.id).or_default() += unit.mentions;
        }
    }
    let most = countries.into_iter().reduce(|best, next| if next.1 > best.1 { next } else { best });
    most.map(|(id, _)| key(KeyKind::Entry, id))
}
