//! Which entities of different documents are one?
//!
//! The same full name is the same entity; so are names that the knowledge base, the comparison of persons or a legal form make one,
//! as far as nothing forbids it. A short name that its own document leaves alone looks at the whole corpus: it joins the only
//! entity that it fits, or the one whose company it keeps; otherwise it stays alone and says which it may be.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use super::blocks;
use super::company::Company;
use super::forest::Forest;
use super::form::{Class, Form, Forms, key};
use super::local::{Local, Parent};
use super::reason::{Reason, Scope};
use super::{person, place};
use crate::link::Kind;
use crate::link::collection::{Collection, Listing};
use crate::link::kb::Resolution;

/// A name that some document does not attach to a fuller one.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) form: u32,
    pub(super) kind: Kind,
    /// The country or else the document that "Supreme Court" is of, or what "Georgia" means there; 0 for a name that needs none.
    pub(super) within: u64,
    /// What the knowledge base knows it as: of its id, a key.
    pub(super) sense: Option<u64>,
    pub(super) mentions: u32,
    /// The documents that have it unattached.
    pub(super) documents: Vec<u32>,
}

/// A step that brought two names together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Edge {
    pub(super) from: u32,
    pub(super) to: u32,
    pub(super) reason: Reason,
    pub(super) scope: Scope,
    pub(super) probability: f32,
}

/// Where the unattached names of all documents end up.
#[derive(Clone, Debug)]
pub(super) struct Corpus {
    pub(super) nodes: Vec<Node>,
    pub(super) forest: Forest,
    pub(super) edges: Vec<Edge>,
    /// Per document, the node of each unit.
    pub(super) of_unit: Vec<Vec<u32>>,
    /// Nodes that one document alone attaches to another: by document and node.
    pub(super) moved: BTreeMap<(u32, u32), Edge>,
    /// Nodes that fit several others: those with probabilities, by document and node.
    pub(super) candidates: BTreeMap<(u32, u32), Vec<(u32, f32)>>,
}

/// From this probability on, company decides for one of several candidates.
const SURE: f32 = 0.8;
/// As many full names of a surname are compared with a name that has only that.
const MOST_OF_A_SURNAME: usize = 64;
/// As many candidates of a name are looked at, those with most mentions first.
const MOST_CANDIDATES: usize = 8;

impl Corpus {
    pub(super) fn new(collection: &Collection, forms: &Forms<'_>, locals: &[Local]) -> Self {
        let (nodes, of_unit) = nodes(collection, forms, locals);
        let n = nodes.len();
        let mut corpus = Self {
            nodes,
            forest: Forest::new(n),
            edges: Vec::new(),
            of_unit,
            moved: BTreeMap::new(),
            candidates: BTreeMap::new(),
        };
        corpus.join_names(forms);
        corpus.join_described(forms, locals);
        corpus.join_short(collection, forms, locals);
        corpus
    }

    fn form<'a, 'k>(&self, forms: &'a Forms<'k>, node: u32) -> &'a Form<'k> {
        forms.get(self.nodes[node as usize].form)
    }

    /// Joins names that need no document to be one.
    fn join_names(&mut self, forms: &Forms<'_>) {
        let mut compared = blocks::compare(&self.nodes, forms);
        let mut edges = std::mem::take(&mut compared.edges);
        edges.sort_by(|a, b| b.probability.total_cmp(&a.probability).then_with(|| (a.from, a.to).cmp(&(b.from, b.to))));
        for edge in edges {
            let (nodes, compared) = (&self.nodes, &compared);
            let forbidden = |a: u32, b: u32| {
                let probability = compared.probability(a, b);
                is_forbidden_given(forms, (&nodes[a as usize], &nodes[b as usize]), probability)
            };
            if self.forest.join(edge.from, edge.to, forbidden) {
                self.edges.push(edge);
            }
        }
    }

    /// Joins what some documents write before a name with the name that most write alone: "European airframer Airbus" is Airbus.
    fn join_described(&mut self, forms: &Forms<'_>, locals: &[Local]) {
        let alone: HashMap<(u32, Kind), u32> = (0..)
            .zip(&self.nodes)
            .filter(|(_, node)| node.within == 0)
            .map(|(at, node)| ((node.form, node.kind), at))
            .collect();
        let mut described: BTreeMap<u32, BTreeMap<u32, (u32, f32)>> = BTreeMap::new();
        for (local, of_unit) in locals.iter().zip(&self.of_unit) {
            for (unit, &root) in local.units.iter().zip(of_unit) {
                if let Some(Parent { reason: Reason::Tail, probability, .. }) = unit.parent
                    && let Some(&name) = alone.get(&(unit.form, unit.kind))
                {
                    described.entry(name).or_default().entry(root).or_insert((0, probability)).0 += 1;
                }
            }
        }
        for (to, descriptions) in described {
            let attached: u32 = descriptions.values().map(|(documents, _)| documents).sum();
            if self.nodes[to as usize].documents.len() < 2 * attached as usize {
                continue;
            }
            for (from, (_, probability)) in descriptions {
                self.join(forms, Edge { from, to, reason: Reason::Tail, scope: Scope::Names, probability });
            }
        }
    }

    /// Takes an edge in, unless what it would bring together may never be one.
    fn join(&mut self, forms: &Forms<'_>, edge: Edge) {
        let nodes = &self.nodes;
        let node = |at: u32| &nodes[at as usize];
        if self.forest.join(edge.from, edge.to, |a, b| is_forbidden(forms, node(a), node(b))) {
            self.edges.push(edge);
        }
    }

    /// Finds out what short names stand for that their own document leaves alone.
    fn join_short(&mut self, collection: &Collection, forms: &Forms<'_>, locals: &[Local]) {
        let elsewhere = self.elsewhere(locals);
        let surnames = self.surnames(forms);
        let initials = self.initials(forms);
        let found: Vec<(u32, Vec<Fit>)> = (0..self.nodes.len())
            .into_par_iter()
            .filter_map(|at| {
                let at = u32::try_from(at).expect("nodes are counted in 32 bits");
                let fits = self.fits(forms, at, (&elsewhere, &surnames, &initials));
                (!fits.is_empty()).then_some((at, fits))
            })
            .collect();
        let mut open = Vec::new();
        for (at, fits) in found {
            if let [fit] = fits.as_slice() {
                let Fit { node: to, reason, probability } = *fit;
                self.join(forms, Edge { from: at, to, reason, scope: Scope::OnlyOne, probability });
            } else {
                open.push((at, fits));
            }
        }
        let this = &*self;
        let company = &Company::new(this, collection, forms, locals);
        let decided: Vec<_> = open
            .par_iter()
            .flat_map_iter(|(at, fits)| {
                let roots: Vec<u32> = fits.iter().map(|fit| this.forest.root(fit.node)).collect();
                this.nodes[*at as usize].documents.iter().map(move |&document| {
                    let unit = this.unit(document, *at);
                    (document, *at, company.judge((document, unit), &roots), fits)
                })
            })
            .collect();
        for (document, from, (scope, probabilities), fits) in decided {
            let mut ranked: Vec<(&Fit, f32)> = fits.iter().zip(probabilities).collect();
            ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.node.cmp(&b.0.node)));
            let (fit, probability) = ranked[0];
            match scope {
                Some(scope) if probability >= SURE => {
                    let probability = probability * fit.probability;
                    let edge = Edge { from, to: fit.node, reason: fit.reason, scope, probability };
                    self.moved.insert((document, from), edge);
                }
                _ => {
                    let candidates = ranked.into_iter().map(|(fit, p)| (fit.node, p)).collect();
                    self.candidates.insert((document, from), candidates);
                }
            }
        }
    }

    /// The unit of a document that is a node.
    fn unit(&self, document: u32, node: u32) -> u32 {
        let units = &self.of_unit[document as usize];
        let at = units.iter().position(|&other| other == node).expect("a node knows its documents");
        u32::try_from(at).expect("units are counted in 32 bits")
    }

    /// What the same short form is attached to in other documents, with the number of documents.
    fn elsewhere(&self, locals: &[Local]) -> Elsewhere {
        let mut elsewhere = Elsewhere::new();
        for (local, of_unit) in locals.iter().zip(&self.of_unit) {
            for (at, unit) in local.units.iter().enumerate() {
                // That "Washington" is a person in one document says nothing of another.
                if let Some(parent) = unit.parent.filter(|parent| parent.reason != Reason::Mislabelled) {
                    let root = self.forest.root(of_unit[at]);
                    let known = elsewhere.entry((unit.form, unit.kind)).or_default();
                    let entry = known.entry(root).or_insert((0, parent.reason, parent.probability));
                    entry.0 += 1;
                    if parent.probability > entry.2 {
                        (entry.1, entry.2) = (parent.reason, parent.probability);
                    }
                }
            }
        }
        elsewhere
    }

    /// Full names of persons by the skeleton of their last part.
    fn surnames(&self, forms: &Forms<'_>) -> HashMap<u64, Vec<u32>> {
        let mut surnames: HashMap<u64, Vec<u32>> = HashMap::new();
        for (at, node) in (0_u32..).zip(&self.nodes) {
            let form = forms.get(node.form);
            let is_person = node.kind == Kind::Person || node.kind == Kind::Other && person::may_be(form);
            if is_person
                && person::is_full(form)
                && let Some(surname) = person::surname_key(form)
            {
                surnames.entry(surname).or_default().push(at);
            }
        }
        // Those with most mentions; nobody looks through all of a hundred Khans.
        for full in surnames.values_mut().filter(|full| full.len() > MOST_OF_A_SURNAME) {
            full.sort_by_key(|&at| (std::cmp::Reverse(self.nodes[at as usize].mentions), at));
            full.truncate(MOST_OF_A_SURNAME);
        }
        surnames
    }

    /// Names of several words by their initials.
    fn initials(&self, forms: &Forms<'_>) -> HashMap<u64, Vec<u32>> {
        let mut initials: HashMap<u64, Vec<u32>> = HashMap::new();
        for (at, node) in
            (0_u32..).zip(&self.nodes).filter(|(_, node)| matches!(node.kind, Kind::Organisation | Kind::Other))
        {
            for letters in forms.get(node.form).head.initials.iter().filter(|letters| letters.len() > 2) {
                initials.entry(key(b'a', letters)).or_default().push(at);
            }
        }
        initials
    }

    /// The entities that a short name fits, each by its best node.
    fn fits(&self, forms: &Forms<'_>, at: u32, (elsewhere, surnames, initials): Indexes<'_>) -> Vec<Fit> {
        let node = &self.nodes[at as usize];
        let form = forms.get(node.form);
        let own = self.forest.root(at);
        let mut fits: BTreeMap<u32, Fit> = BTreeMap::new();
        let mut add = |fit: Fit| {
            let root = self.forest.root(fit.node);
            let (left, right) = (self.forest.members(&own), self.forest.members(&root));
            let never = |a: u32, b: u32| is_forbidden(forms, &self.nodes[a as usize], &self.nodes[b as usize]);
            if root != own && !left.iter().any(|&a| right.iter().any(|&b| never(a, b))) {
                let best = fits.entry(root).or_insert(fit);
                if fit.probability > best.probability {
                    *best = fit;
                }
            }
        };
        // What "Supreme Court" is short for in one document says nothing of another.
        let known = elsewhere.get(&(node.form, node.kind)).filter(|_| !form.is_relative);
        for (&root, &(_, reason, probability)) in known.into_iter().flatten() {
            add(Fit { node: root, reason, probability: 0.95 * probability });
        }
        let is_person = node.kind == Kind::Person || node.kind == Kind::Other && person::may_be(form);
        if is_person
            && !person::is_full(form)
            && let Some(surname) = person::surname_key(form)
        {
            for &full in surnames.get(&surname).into_iter().flatten() {
                if self.nodes[full as usize].kind == node.kind
                    && let Some((reason @ (Reason::Surname | Reason::Name), probability)) =
                        person::compare(form, self.form(forms, full))
                {
                    add(Fit { node: full, reason, probability: 0.93 * probability });
                }
            }
        }
        if form.is_acronym && node.kind != Kind::Place && node.kind != Kind::Person {
            for &full in initials.get(&key(b'a', &form.text)).into_iter().flatten() {
                if self.nodes[full as usize].kind == node.kind {
                    add(Fit { node: full, reason: Reason::Acronym, probability: 0.85 });
                }
            }
        }
        let mut fits: Vec<Fit> = fits.into_values().collect();
        let exact = fits.iter().any(|fit| fit.reason == Reason::Surname);
        if exact {
            fits.retain(|fit| !matches!(fit.reason, Reason::Name | Reason::GivenName | Reason::Part));
        }
        if fits.len() > MOST_CANDIDATES {
            let mentions = |fit: &Fit| {
                self.forest
                    .members(&self.forest.root(fit.node))
                    .iter()
                    .map(|&m| self.nodes[m as usize].mentions)
                    .sum::<u32>()
            };
            fits.sort_by_cached_key(|fit| (std::cmp::Reverse(mentions(fit)), fit.node));
            fits.truncate(MOST_CANDIDATES);
        }
        fits
    }
}

type Elsewhere = HashMap<(u32, Kind), BTreeMap<u32, (u32, Reason, f32)>>;
type Indexes<'a> = (&'a Elsewhere, &'a HashMap<u64, Vec<u32>>, &'a HashMap<u64, Vec<u32>>);

/// An entity that a short name may stand for.
#[derive(Clone, Copy, Debug)]
struct Fit {
    node: u32,
    reason: Reason,
    probability: f32,
}

/// Whether two names may never be one entity.
fn is_forbidden(forms: &Forms<'_>, a: &Node, b: &Node) -> bool {
    is_forbidden_given(forms, (a, b), None)
}

/// The same where it may be known already how probable it is that they are one person.
fn is_forbidden_given(forms: &Forms<'_>, (a, b): (&Node, &Node), probability: Option<f32>) -> bool {
    let (one, other) = (forms.get(a.form), forms.get(b.form));
    if forms.never(a.form, b.form) {
        return true;
    }
    if one.group.is_some() && one.group == other.group {
        return false;
    }
    place::differ((one, a.kind), (other, b.kind))
        || one.class == Class::Person && person::conflict(one, other, probability)
}

/// The unattached names of all documents, by form, kind and what they are of, and the node of each unit.
fn nodes(collection: &Collection, forms: &Forms<'_>, locals: &[Local]) -> (Vec<Node>, Vec<Vec<u32>>) {
    type Key = (u32, Kind, u64, Option<u64>);
    let keys = |(local, listing): (&Local, &Listing)| -> Vec<Key> {
        let mut here = None;
        let key = |unit: usize| {
            let root = &local.units[local.root(unit)];
            let form = forms.get(root.form);
            let (within, sense) = if form.is_relative {
                (*here.get_or_insert_with(|| state(forms, local, listing)), None)
            } else {
                sense(form, root.kind, local)
            };
            (root.form, root.kind, within, sense)
        };
        (0..local.units.len()).map(key).collect()
    };
    let keys: Vec<Vec<Key>> = locals.par_iter().zip(&collection.documents).map(keys).collect();
    let mut found: BTreeMap<Key, Node> = BTreeMap::new();
    for (document, (local, keys)) in (0_u32..).zip(locals.iter().zip(&keys)) {
        for (unit, &key) in local.units.iter().zip(keys) {
            let (form, kind, within, sense) = key;
            let node = found.entry(key).or_insert_with(|| Node {
                form,
                kind,
                within,
                sense,
                mentions: 0,
                documents: Vec::new(),
            });
            node.mentions += unit.mentions;
            if node.documents.last() != Some(&document) {
                node.documents.push(document);
            }
        }
    }
    let places: HashMap<Key, u32> = (0..).zip(found.keys()).map(|(at, key)| (*key, at)).collect();
    let of_unit = keys.iter().map(|keys| keys.iter().map(|key| places[key]).collect()).collect();
    (found.into_values().collect(), of_unit)
}

/// What tells a name from the same name elsewhere, and what it is known as: where the document decides what "Georgia" or "Korean"
/// means, both are its own.
fn sense(form: &Form<'_>, kind: Kind, local: &Local) -> (u64, Option<u64>) {
    let alone = form.known.alone(kind).map(|found| key(b'n', &found.entry.id));
    if kind == Kind::Organisation || kind == Kind::Person || !form.known.needs_context() {
        return (0, alone);
    }
    match form.known.resolve(kind, &local.place) {
        Resolution::Is(found) => {
            let sense = key(b'n', &found.entry.id);
            if alone == Some(sense) { (0, alone) } else { (sense, Some(sense)) }
        }
        Resolution::Ambiguous(all) => {
            let ids: Vec<&str> = all.iter().map(|found| found.entry.id.as_ref()).collect();
            (key(b'?', &ids.join(" ")), None)
        }
        Resolution::Metonym(_) | Resolution::Nil => (0, alone),
    }
}

/// The country that a document names at least twice as often as any other; without one, the document itself.
fn state(forms: &Forms<'_>, local: &Local, listing: &Listing) -> u64 {
    let mut countries: BTreeMap<&str, u32> = BTreeMap::new();
    for unit in local.units.iter().filter(|unit| unit.kind != Kind::Person) {
        if let Some(found) = forms.get(unit.form).known.land() {
            *countries.entry(&found.entry.id).or_default() += unit.mentions;
        }
    }
    let most = countries.iter().max_by_key(|(_, mentions)| **mentions);
    let leading = most.filter(|(id, most)| countries.iter().all(|(other, n)| other == *id || 2 * n <= **most));
    leading.map_or(listing.hash, |(id, _)| key(b'n', id))
}
