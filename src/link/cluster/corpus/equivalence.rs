//! Names that are one because they share a key.

use std::collections::HashMap;
use std::hash::Hash;

use rayon::prelude::*;

use super::node::{Edge, Node};
use crate::link::Kind;
use crate::link::cluster::form::Form;
use crate::link::cluster::forms::Forms;
use crate::link::cluster::key::{KeyKind, key};
use crate::link::cluster::organisation::{are_typos, deletions, romanised, task};
use crate::link::cluster::support::Support;
use crate::link::reason::MergeReason;

/// Most names that are a letter apart in one place for their pairs to be compared.
const MOST_ALIKE: usize = 16;

/// Edges between names that are one by themselves, other than spellings of persons' names.
pub(super) fn edges(nodes: &[Node], forms: &Forms<'_>) -> Vec<Edge> {
    let equivalence = Equivalence { nodes, forms };
    let mut edges = Vec::new();
    equivalence.by_user(&mut edges);
    equivalence.by_entry(&mut edges);
    equivalence.by_state(&mut edges);
    equivalence.by_plural(&mut edges);
    equivalence.by_text(&mut edges);
    equivalence.by_place(&mut edges);
    equivalence.by_core(&mut edges);
    equivalence.by_romanisation(&mut edges);
    equivalence.by_typos(&mut edges);
    equivalence.by_party(&mut edges);
    edges
}

struct Equivalence<'a> {
    nodes: &'a [Node],
    forms: &'a Forms<'a>,
}

impl<'a> Equivalence<'a> {
    fn form(&self, node: &Node) -> &'a Form<'a> {
        self.forms.get(node.form)
    }

    /// Each node that has a key, with the first node of the same key.
    fn to_first<K: Eq + Hash>(&self, key: impl Fn(&'a Node) -> Option<K>) -> impl Iterator<Item = (u32, u32)> {
        let mut first: HashMap<K, u32> = HashMap::new();
        let pair = move |(at, node)| Some((at, *first.entry(key(node)?).or_insert(at)));
        (0_u32..).zip(self.nodes).filter_map(pair).filter(|(at, first)| at != first)
    }

    /// The user's groups and rows.
    fn by_user(&self, edges: &mut Vec<Edge>) {
        let groups = self.to_first(|node| Some((node.kind, self.form(node).group?)));
        edges.extend(groups.map(|(at, first)| Edge::by_names(at, first, Support::new(MergeReason::Alias, 1.0))));
        let row = |node: &Node| self.form(node).row(node.kind);
        let probability = |at: u32| row(&self.nodes[at as usize]).map_or(0.0, |(_, probability)| probability);
        let rows = self.to_first(|node| Some((node.kind, row(node)?.0)));
        edges.extend(rows.map(|(at, first)| {
            let support = Support::new(MergeReason::Alias, probability(at).min(probability(first)));
            Edge::by_names(at, first, support)
        }));
    }

    /// Names of one entry of the knowledge base.
    fn by_entry(&self, edges: &mut Vec<Edge>) {
        let entries = self.to_first(|node| {
            // The team or government that goes by the name of a land is not the land.
            let is_metonym = node.kind == Kind::Organisation && self.form(node).known.body().is_none();
            Some((is_metonym, node.sense?))
        });
        edges.extend(entries.map(|(at, first)| Edge::by_names(at, first, Support::new(MergeReason::Known, 0.98))));
    }

    /// "Supreme Court" in a document about India, and "Supreme Court of India".
    fn by_state(&self, edges: &mut Vec<Edge>) {
        let bodies = self.to_first(|node| {
            let form = self.form(node);
            let (body, state) = match &form.state_body {
                _ if !matches!(node.kind, Kind::Organisation | Kind::Other) => return None,
                Some(of) => (task(&of.body), of.state),
                None if form.is_state_relative && node.within != 0 => (task(&form.text), node.within),
                None => return None,
            };
            Some((node.kind, body, state))
        });
        edges.extend(bodies.map(|(at, first)| Edge::by_names(at, first, Support::new(MergeReason::State, 0.9))));
    }

    /// "Springbok" and "Springboks".
    fn by_plural(&self, edges: &mut Vec<Edge>) {
        let texts = self.texts();
        for (at, node) in (0_u32..).zip(self.nodes) {
            let form = self.form(node);
            if node.kind != Kind::Person
                && !form.is_state_relative
                && let Some(singular) = form.text.strip_suffix('s').filter(|text| text.len() >= 5)
                && let Some(&other) = texts.get(&(node.kind, singular))
            {
                edges.push(Edge::by_names(at, other, Support::new(MergeReason::Spelling, 0.9)));
            }
        }
    }

    /// The same words with a label that does not tell the kind.
    fn by_text(&self, edges: &mut Vec<Edge>) {
        let texts = self.texts();
        for (at, node) in (0_u32..).zip(self.nodes).filter(|(_, node)| node.kind == Kind::Other && node.within == 0) {
            let form = self.form(node);
            let of_kind = |kind: Kind| texts.get(&(kind, &*form.text)).copied();
            let body = if form.known.is_place() { None } else { of_kind(Kind::Organisation) };
            if let (Some(other), None) | (None, Some(other)) = (body, of_kind(Kind::Place)) {
                edges.push(Edge::by_names(at, other, Support::new(MergeReason::Label, 0.85)));
            }
        }
    }

    /// "Paris" in a document that does not say which one: the best known place of that name, or the only one of the corpus; "NYC" and
    /// "New York City" in documents that do not say.
    fn by_place(&self, edges: &mut Vec<Edge>) {
        let mut told: HashMap<(Kind, u32), Vec<u32>> = HashMap::new();
        for (at, node) in (0_u32..).zip(self.nodes).filter(|(_, node)| node.sense.is_some()) {
            told.entry((node.kind, node.form)).or_default().push(at);
        }
        let mut untold: HashMap<(Kind, u64), u32> = HashMap::new();
        for (at, node) in (0_u32..).zip(self.nodes).filter(|(_, node)| node.sense.is_none() && node.within == 0) {
            let default = self.form(node).known.town().map(|town| key(KeyKind::Entry, &town.id));
            if let Some(default) = default.filter(|_| node.kind == Kind::Place) {
                let first = *untold.entry((node.kind, default)).or_insert(at);
                if first != at {
                    edges.push(Edge::by_names(at, first, Support::new(MergeReason::Known, 0.9)));
                }
            }
            let Some(senses) = told.get(&(node.kind, node.form)) else { continue };
            let is_default = |&&at: &&u32| default.is_some() && self.nodes[at as usize].sense == default;
            let to = senses.iter().find(is_default).or(if let [only] = senses.as_slice() { Some(only) } else { None });
            edges.extend(to.map(|&to| Edge::by_names(at, to, Support::new(MergeReason::Known, 0.97))));
        }
    }

    /// Companies whose names differ in the legal form only.
    fn by_core(&self, edges: &mut Vec<Edge>) {
        let cores = self.to_first(|node| {
            let is_company = matches!(node.kind, Kind::Organisation | Kind::Other);
            is_company.then(|| (node.kind, self.form(node).core(), node.within))
        });
        edges.extend(cores.map(|(at, first)| Edge::by_names(at, first, Support::new(MergeReason::LegalForm, 0.96))));
    }

    /// "Jamaat-e-Islami" and "Jamat-i-Islami".
    fn by_romanisation(&self, edges: &mut Vec<Edge>) {
        let names = self.to_first(|node| {
            let is_body = matches!(node.kind, Kind::Organisation | Kind::Other);
            is_body.then(|| Some((node.kind, romanised(&self.form(node).text)?))).flatten()
        });
        edges.extend(names.map(|(at, first)| Edge::by_names(at, first, Support::new(MergeReason::Spelling, 0.95))));
    }

    /// Organisations whose names differ by a typing error, in documents that do not have both.
    fn by_typos(&self, edges: &mut Vec<Edge>) {
        let mut keys: Vec<(u64, u32)> = (0_u32..)
            .zip(self.nodes)
            .filter(|(_, node)| node.kind == Kind::Organisation && node.within == 0)
            .flat_map(|(at, node)| deletions(&self.form(node).text).map(move |text| (key(KeyKind::Text, &text), at)))
            .collect();
        keys.par_sort_unstable();
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        for group in keys.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() <= MOST_ALIKE) {
            for (nth, &(_, a)) in group.iter().enumerate() {
                pairs.extend(group[nth + 1..].iter().map(|&(_, b)| (a, b)).filter(|(a, b)| a != b));
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        for (a, b) in pairs {
            let (one, other) = (&self.nodes[a as usize], &self.nodes[b as usize]);
            if are_typos(&self.form(one).text, &self.form(other).text) && !one.shares_document(other) {
                edges.push(Edge::by_names(a, b, Support::new(MergeReason::Spelling, 0.85)));
            }
        }
    }

    /// "Labour" and "Labour Party" of one country; in documents that name no country, or several, the party of the country in which most
    /// documents have it.
    fn by_party(&self, edges: &mut Vec<Edge>) {
        let name = |node: &Node| {
            let text = &*self.form(node).text;
            (node.kind, text.strip_suffix(" party").unwrap_or(text))
        };
        let of_country = |node: &Node| self.form(node).is_party && node.within != 0;
        let same = self.to_first(|node| of_country(node).then(|| (name(node), node.within)));
        edges.extend(same.map(|(at, first)| Edge::by_names(at, first, Support::new(MergeReason::State, 0.9))));
        let mut most: HashMap<(Kind, &str), u32> = HashMap::new();
        for (at, node) in (0_u32..).zip(self.nodes).filter(|(_, node)| of_country(node)) {
            let best = most.entry(name(node)).or_insert(at);
            if node.documents.len() > self.nodes[*best as usize].documents.len() {
                *best = at;
            }
        }
        let untold = |node: &Node| self.form(node).is_party && node.within == 0;
        for (at, node) in (0_u32..).zip(self.nodes).filter(|(_, node)| untold(node)) {
            let to = most.get(&name(node));
            edges.extend(to.map(|&to| Edge::by_names(at, to, Support::new(MergeReason::State, 0.8))));
        }
    }

    /// Per kind and text, the last node of it.
    fn texts(&self) -> HashMap<(Kind, &'a str), u32> {
        (0_u32..).zip(self.nodes).map(|(at, node)| ((node.kind, &*self.form(node).text), at)).collect()
    }
}
