//! How alike the names of persons are that share a key, and which of them are one by all that is known.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU32, Ordering};

use rayon::prelude::*;

use super::blocking::{Blocks, LARGEST};
use super::context::Contexts;
use super::evidence::{Compared, Evidence, FEATURES, Partners, begins_with_initial, has_initial};
use super::graph::Graph;
use super::node::{Edge, Node};
use crate::link::Kind;
use crate::link::cluster::document::Documents;
use crate::link::cluster::form::Form;
use crate::link::cluster::forms::Forms;
use crate::link::cluster::person;
use crate::link::cluster::support::{Support, as_f32};
use crate::link::mentions::MentionStore;
use crate::link::names::NameModel;
use crate::link::reason::MergeReason;

/// Least probability at which two full names in different documents are one person's.
pub(super) const LEAST: f64 = 0.65;
/// The same if one name is a single word, or if the labels do not tell persons.
const LEAST_OF_SHORT: f64 = 0.8;

/// Least probability by the names alone at which the documents are asked too.
const LEAST_OF_NAMES: f32 = 0.1;
/// Least probability by the names alone that is remembered. No more than that of the [rivals](Partners::n_rivals) of the least likely
/// pair, and less than that of two persons.
const LEAST_OF_RIVALS: f32 = 0.05;

/// Pairs of persons that were compared.
pub(super) struct PersonScores {
    /// Those that are as alike as the rivals of a likely pair. Sorted.
    compared: Vec<Compared>,
    /// Per node, with how many it was compared.
    n_partners: Vec<u32>,
    /// Those that may be one person, with the probability by all that is known. Sorted.
    judged: Vec<(Compared, f32)>,
}

impl PersonScores {
    /// Compares the pairs that share a key.
    pub(super) fn new(graph: &Graph<'_>, mentions: &MentionStore, documents: &Documents<'_>) -> Self {
        let (nodes, forms) = (&graph.nodes, graph.forms);
        let model = NameModel::embedded();
        let name = |at: u32| forms.get(nodes[at as usize].form).name.as_ref();
        let compare = |pair: (u32, u32)| {
            let by_names = as_f32(model.probability(name(pair.0)?, name(pair.1)?));
            Some(Compared { pair, by_names })
        };
        // Two names that were known before are settled.
        let is_new = |&(a, b): &(u32, u32)| nodes[a as usize].known.is_none() || nodes[b as usize].known.is_none();
        let blocks = Blocks::new(nodes, forms);
        let n_partners: Vec<AtomicU32> = nodes.iter().map(|_| AtomicU32::new(0)).collect();
        let count = |compared: &Compared| {
            let (a, b) = compared.pair;
            [a, b].iter().for_each(|&at| _ = n_partners[at as usize].fetch_add(1, Ordering::Relaxed));
        };
        let all = 0..u32::try_from(nodes.len()).expect("nodes are counted in 32 bits");
        let of_node = |a: u32| {
            let pairs = blocks.after(a).into_iter().map(move |b| (a, b)).filter(is_new);
            pairs.filter_map(compare).inspect(count).filter(|compared| compared.by_names >= LEAST_OF_RIVALS)
        };
        let compared: Vec<Compared> = all.into_par_iter().flat_map_iter(of_node).collect();
        drop(blocks);
        let n_partners: Vec<u32> = n_partners.into_iter().map(AtomicU32::into_inner).collect();
        let likely: Vec<Compared> = compared.iter().filter(|pair| pair.by_names >= LEAST_OF_NAMES).copied().collect();
        if likely.is_empty() {
            return Self { compared, n_partners, judged: Vec::new() };
        }
        let contexts = Contexts::new(graph, documents, mentions);
        let judged = Evidence::new(nodes, forms, &contexts, Partners::new(&compared, &n_partners)).judge(&likely);
        Self { compared, n_partners, judged: likely.into_iter().zip(judged).collect() }
    }

    /// The features of the pairs that may be one person; whether only one of them has an initial.
    pub(super) fn features(
        &self,
        nodes: &[Node],
        forms: &Forms<'_>,
        contexts: &Contexts,
    ) -> Vec<((u32, u32), bool, [f32; FEATURES.len()])> {
        let evidence = Evidence::new(nodes, forms, contexts, Partners::new(&self.compared, &self.n_partners));
        let is_full =
            |at: u32| nodes[at as usize].kind == Kind::Person && person::is_full(forms.get(nodes[at as usize].form));
        let pairs = self.judged.par_iter().filter(|(compared, _)| is_full(compared.pair.0) && is_full(compared.pair.1));
        let seen = |(compared, _): &(Compared, f32)| {
            let (a, b) = compared.pair;
            let [one, other] = [a, b].map(|at| has_initial(forms.get(nodes[at as usize].form)));
            (compared.pair, one != other, evidence.features(*compared, &contexts.of(a)))
        };
        pairs.map(seen).collect()
    }

    /// How probable it is by the names alone that two nodes are one person, if they were compared and it is not quite improbable.
    pub(super) fn probability(&self, a: u32, b: u32) -> Option<f32> {
        let pair = (a.min(b), a.max(b));
        self.compared.binary_search_by_key(&pair, |compared| compared.pair).ok().map(|at| self.compared[at].by_names)
    }

    /// Edges between spellings of one person's name.
    pub(super) fn edges(&self, nodes: &[Node], forms: &Forms<'_>) -> Vec<Edge> {
        let families = Families::new(nodes, forms);
        let edge = |&(Compared { pair: (a, b), by_names }, probability): &(Compared, f32)| {
            let (node_a, node_b) = (&nodes[a as usize], &nodes[b as usize]);
            let (one, other) = (forms.get(node_a.form), forms.get(node_b.form));
            let is_short = one.n_words() == 1 || other.n_words() == 1;
            let (short, full) = if one.n_words() <= other.n_words() { (one, other) } else { (other, one) };
            if person::adds_given_name(short, full) && families.have_third(short, full, node_a.kind) {
                return None;
            }
            if f64::from(by_names) < person::SIDE_BY_SIDE
                && person::are_apart(one, other)
                && intersect(&node_a.documents, &node_b.documents)
            {
                return None;
            }
            if is_short && one.n_words() != other.n_words()
                || node_a.kind == Kind::Person && begins_with_initial(one) != begins_with_initial(other)
            {
                return None;
            }
            let least = if node_a.kind == Kind::Person && !is_short { LEAST } else { LEAST_OF_SHORT };
            let (from, to) = if one.weight <= other.weight { (a, b) } else { (b, a) };
            let edge = || Edge::by_names(from, to, Support::new(MergeReason::Name, probability));
            (f64::from(probability) >= least).then(edge)
        };
        self.judged.par_iter().filter_map(edge).collect()
    }

    /// Per name with an initial, the names without one that it may stand for, with the probabilities by the names and by all that is known.
    pub(super) fn initials(&self, nodes: &[Node], forms: &Forms<'_>) -> BTreeMap<u32, Vec<SpelledOut>> {
        let mut found: BTreeMap<u32, Vec<SpelledOut>> = BTreeMap::new();
        for &(Compared { pair: (a, b), by_names }, probability) in &self.judged {
            let [one, other] = [a, b].map(|at| begins_with_initial(forms.get(nodes[at as usize].form)));
            if nodes[a as usize].kind == Kind::Person && one != other {
                let (from, node) = if one { (a, b) } else { (b, a) };
                found.entry(from).or_default().push(SpelledOut { node, by_names, probability });
            }
        }
        found
    }
}

/// A name that one with an initial may stand for.
#[derive(Clone, Copy, Debug)]
pub(super) struct SpelledOut {
    pub(super) node: u32,
    pub(super) by_names: f32,
    pub(super) probability: f32,
}

/// Full names of persons by kind and surname.
struct Families<'a> {
    nodes: &'a [Node],
    forms: &'a Forms<'a>,
    by_surname: HashMap<(Kind, &'a str), Vec<u32>>,
}

impl<'a> Families<'a> {
    fn new(nodes: &'a [Node], forms: &'a Forms<'a>) -> Self {
        let mut by_surname: HashMap<(Kind, &str), Vec<u32>> = HashMap::new();
        for (at, node) in (0_u32..).zip(nodes) {
            let form = forms.get(node.form);
            if person::is_full(form)
                && let Some(surname) = form.words().next_back()
            {
                by_surname.entry((node.kind, surname)).or_default().push(at);
            }
        }
        Self { nodes, forms, by_surname }
    }

    /// Whether a third person has the surname of two names, so that it is a family's.
    fn have_third(&self, short: &Form<'_>, full: &Form<'_>, kind: Kind) -> bool {
        let family = full.words().next_back().and_then(|surname| self.by_surname.get(&(kind, surname)));
        family.into_iter().flatten().take(LARGEST).any(|&third| {
            let third = self.forms.get(self.nodes[third as usize].form);
            person::conflict(third, full, None) && person::conflict(third, short, None)
        })
    }
}

/// Whether two sorted lists of documents share one.
fn intersect(a: &[u32], b: &[u32]) -> bool {
    let (few, many) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    few.iter().any(|document| many.binary_search(document).is_ok())
}
