//! Which names of a corpus are compared at all?
//!
//! Pairs that share a key: two parts of a name, a part and an initial, the core of a company's name, an entry of the knowledge base.
//! A key that many names have says little and costs much; it is left out (of 22,193 names, keys of at most 200 names found
//! .90 of the pairs that all keys found, with a fifth of the comparisons).

use std::collections::HashMap;

use rayon::prelude::*;

use super::corpus::{Edge, Node};
use super::form::{Form, Forms, key};
use super::reason::{Reason, Scope};
use super::{organisation, person};
use crate::link::Kind;
use crate::link::names::Model;

/// The largest block of persons whose pairs are all compared.
const LARGEST: usize = 100;
/// The largest block of persons whose full names are compared by one key alone.
const SMALL: usize = 20;
/// The least probability at which two names of persons in different documents are one.
const LEAST: f64 = 0.6;

/// What came of comparing names.
pub(super) struct Compared {
    /// All pairs of names that are one by themselves.
    pub(super) edges: Vec<Edge>,
    /// Pairs of persons that were compared, the lesser first, with their probability; sorted.
    persons: Vec<((u32, u32), f32)>,
}

impl Compared {
    /// How probable it is that two nodes are one person, where they were compared.
    pub(super) fn probability(&self, a: u32, b: u32) -> Option<f32> {
        let pair = (a.min(b), a.max(b));
        self.persons.binary_search_by_key(&pair, |(pair, _)| *pair).ok().map(|at| self.persons[at].1)
    }
}

/// Compares the names that may be one.
pub(super) fn compare(nodes: &[Node], forms: &Forms<'_>) -> Compared {
    let form = |node: &Node| forms.get(node.form);
    let mut edges = Vec::new();
    let mut known: HashMap<(bool, u64), u32> = HashMap::new();
    let texts: HashMap<(Kind, &str), u32> =
        (0_u32..).zip(nodes).map(|(at, node)| ((node.kind, form(node).text.as_str()), at)).collect();
    let mut groups: HashMap<(Kind, u32), u32> = HashMap::new();
    let mut rows: HashMap<(Kind, u32), (u32, f32)> = HashMap::new();
    let mut bodies: HashMap<(Kind, (String, u64)), u32> = HashMap::new();
    let mut cores: HashMap<(Kind, &str, u64), u32> = HashMap::new();
    for (at, node) in (0_u32..).zip(nodes) {
        let form = form(node);
        if let Some(group) = form.group {
            let first = *groups.entry((node.kind, group)).or_insert(at);
            if first != at {
                edges.push(Edge { from: at, to: first, reason: Reason::Alias, scope: Scope::Names, probability: 1.0 });
            }
        }
        if let Some((row, score)) = form.row(node.kind) {
            let first = *rows.entry((node.kind, row)).or_insert((at, score));
            if first.0 != at {
                let probability = score.min(first.1);
                edges.push(Edge { from: at, to: first.0, reason: Reason::Alias, scope: Scope::Names, probability });
            }
        }
        if let Some(sense) = node.sense {
            // The team or government of a land has its name and is not it.
            let is_metonym = node.kind == Kind::Organisation && form.known.body().is_none();
            let first = *known.entry((is_metonym, sense)).or_insert(at);
            if first != at {
                edges.push(Edge { from: at, to: first, reason: Reason::Known, scope: Scope::Names, probability: 0.98 });
            }
        }
        // "Supreme Court" in a document on India, and "Supreme Court of India".
        let of_state = match &form.of_state {
            Some((rest, state)) => Some((organisation::task(rest), *state)),
            None if form.is_relative && node.within != 0 => Some((organisation::task(&form.text), node.within)),
            None => None,
        };
        if let Some(body) = of_state.filter(|_| matches!(node.kind, Kind::Organisation | Kind::Other)) {
            let first = *bodies.entry((node.kind, body)).or_insert(at);
            if first != at {
                edges.push(Edge { from: at, to: first, reason: Reason::State, scope: Scope::Names, probability: 0.9 });
            }
        }
        // "Springbok" and "Springboks", "Moslem" and "Moslems".
        if node.kind != Kind::Person
            && !form.is_relative
            && let Some(singular) = form.text.strip_suffix('s').filter(|text| text.len() >= 5)
            && let Some(&other) = texts.get(&(node.kind, singular))
        {
            edges.push(Edge { from: at, to: other, reason: Reason::Spelling, scope: Scope::Names, probability: 0.9 });
        }
        // The same words with a label that says nothing.
        if node.kind == Kind::Other && node.within == 0 {
            let of_kind = |kind: Kind| texts.get(&(kind, form.text.as_str())).copied();
            let body = if form.known.is_place() { None } else { of_kind(Kind::Organisation) };
            if let (Some(other), None) | (None, Some(other)) = (body, of_kind(Kind::Place)) {
                edges.push(Edge { from: at, to: other, reason: Reason::Label, scope: Scope::Names, probability: 0.85 });
            }
        }
        if matches!(node.kind, Kind::Organisation | Kind::Other) {
            let first = *cores.entry((node.kind, form.head.core(form), node.within)).or_insert(at);
            if first != at {
                edges.push(Edge {
                    from: at,
                    to: first,
                    reason: Reason::LegalForm,
                    scope: Scope::Names,
                    probability: 0.96,
                });
            }
        }
    }
    let Compared { edges: found, persons } = persons(nodes, forms);
    edges.extend(found);
    Compared { edges, persons }
}

fn persons(nodes: &[Node], forms: &Forms<'_>) -> Compared {
    let mut blocks: HashMap<(Kind, u64), Vec<u32>> = HashMap::new();
    for (at, node) in (0_u32..).zip(nodes) {
        let form = forms.get(node.form);
        if node.kind == Kind::Person || node.kind == Kind::Other && person::may_be(form) && form.n_words() > 1 {
            for key in person_keys(form) {
                blocks.entry((node.kind, key)).or_default().push(at);
            }
        }
    }
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    let has_initial = |at: u32| forms.get(nodes[at as usize].form).words().any(|word| word.len() == 1);
    for (_, mut block) in blocks.into_iter().filter(|(_, block)| (2..=LARGEST).contains(&block.len())) {
        // Where many share what is compared, two full names have to share more than that; "J. Smith" cannot.
        block.sort_by_key(|&at| !has_initial(at));
        let n_short = if block.len() > SMALL { block.partition_point(|&at| has_initial(at)) } else { block.len() };
        for (nth, &a) in block[..n_short].iter().enumerate() {
            pairs.extend(block[nth + 1..].iter().map(|&b| (a.min(b), a.max(b))));
        }
    }
    pairs.par_sort_unstable();
    pairs.dedup();
    let model = Model::embedded();
    let mut families: HashMap<(Kind, &str), Vec<u32>> = HashMap::new();
    for (at, node) in (0_u32..).zip(nodes) {
        let form = forms.get(node.form);
        if person::is_full(form)
            && let Some(surname) = form.words().next_back()
        {
            families.entry((node.kind, surname)).or_default().push(at);
        }
    }
    // Another full name with this surname makes it a family's.
    let is_family = |(short, full): (&Form<'_>, &Form<'_>), kind: Kind| {
        let family = full.words().next_back().and_then(|surname| families.get(&(kind, surname)));
        family.into_iter().flatten().take(LARGEST).any(|&third| {
            let third = forms.get(nodes[third as usize].form);
            person::conflict(third, full, None) && person::conflict(third, short, None)
        })
    };
    let compared: Vec<((u32, u32), f32)> = pairs
        .into_par_iter()
        .filter_map(|(a, b)| {
            let name = |at: u32| forms.get(nodes[at as usize].form).name.as_ref();
            Some(((a, b), person::as_f32(model.probability(name(a)?, name(b)?))))
        })
        .collect();
    let edges = compared
        .par_iter()
        .filter_map(|&((a, b), probability)| {
            let (one, other) = (forms.get(nodes[a as usize].form), forms.get(nodes[b as usize].form));
            let is_bare = one.n_words() == 1 || other.n_words() == 1;
            let (short, full) = if one.n_words() <= other.n_words() { (one, other) } else { (other, one) };
            let kind = nodes[a as usize].kind;
            if person::adds_given_name(short, full) && is_family((short, full), kind) {
                return None;
            }
            if f64::from(probability) < person::SIDE_BY_SIDE
                && person::are_apart(one, other)
                && meet(&nodes[a as usize].documents, &nodes[b as usize].documents)
            {
                return None;
            }
            let least = if nodes[a as usize].kind == Kind::Person && !is_bare { LEAST } else { LEAST.max(0.8) };
            let (from, to) = if one.weight <= other.weight { (a, b) } else { (b, a) };
            (f64::from(probability) >= least).then_some(Edge {
                from,
                to,
                reason: Reason::Name,
                scope: Scope::Names,
                probability,
            })
        })
        .collect();
    Compared { edges, persons: compared }
}

/// Whether two sorted lists of documents share one.
fn meet(a: &[u32], b: &[u32]) -> bool {
    let (few, many) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    few.iter().any(|document| many.binary_search(document).is_ok())
}

/// Two parts of the name, the last part with the first letter, all in one; of a single part, the part.
fn person_keys(form: &Form<'_>) -> Vec<u64> {
    let Some(name) = &form.name else { return Vec::new() };
    let parts = Model::embedded().keys(name);
    let letters: Vec<&str> = name.parts().collect();
    let mut keys = vec![key(b'j', &parts.concat())];
    for (at, one) in parts.iter().enumerate() {
        for other in &parts[at + 1..] {
            let (first, second) = if one <= other { (one, other) } else { (other, one) };
            keys.push(key(b'2', &format!("{first} {second}")));
        }
    }
    if let ([first, .., _], Some(last)) = (letters.as_slice(), parts.last()) {
        keys.push(key(b'i', &format!("{} {last}", &first[..1])));
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}
