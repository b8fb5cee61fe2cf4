//! The names of a corpus that are left to be linked across documents.

use std::collections::BTreeMap;

use rayon::prelude::*;
use smallvec::SmallVec;

use super::bare::bearers;
use super::namesakes::namesakes;
use crate::link::Kind;
use crate::link::cluster::document::{DocumentUnits, Documents, Unit};
use crate::link::cluster::form::Form;
use crate::link::cluster::forms::Forms;
use crate::link::cluster::key::{KeyKind, key};
use crate::link::cluster::person;
use crate::link::cluster::support::Support;
use crate::link::kb::Resolution;
use crate::link::lists::Lists;
use crate::link::mentions::{DocumentRecord, MentionStore};
use crate::link::reason::MergeScope;

/// Documents whose names are looked at together.
const AT_ONCE: usize = 1 << 14;

/// A name that some document attaches to no fuller one.
#[derive(Clone, Debug)]
pub(in crate::link::cluster) struct Node {
    pub(in crate::link::cluster) form: u32,
    pub(in crate::link::cluster) kind: Kind,
    /// Key of the country (or else the document) that "Supreme Court" belongs to, or of what "Georgia" means there; 0 for names that
    /// mean the same in all documents.
    pub(in crate::link::cluster) within: u64,
    /// Key of the entry of the knowledge base that it means.
    pub(in crate::link::cluster) sense: Option<u64>,
    /// Whether it is two persons: "Trump-Vance".
    pub(in crate::link::cluster) is_pair: bool,
    /// Whether it means somebody in its document only.
    pub(in crate::link::cluster) stays: bool,
    /// Number of mentions, with those attached to it.
    pub(in crate::link::cluster) mentions: u32,
    /// Documents that have it unattached. Sorted. Known documents are numbered after those of the store.
    pub(in crate::link::cluster) documents: SmallVec<[u32; 4]>,
    /// The known entity whose name it is.
    pub(in crate::link::cluster) known: Option<u32>,
    /// Number of documents that are known to have it unattached.
    pub(in crate::link::cluster) n_known: u32,
}

impl Node {
    /// Whether a document has this name and another one.
    pub(super) fn shares_document(&self, other: &Self) -> bool {
        let (few, many) = if self.documents.len() <= other.documents.len() { (self, other) } else { (other, self) };
        few.documents.iter().any(|document| many.documents.binary_search(document).is_ok())
    }

    /// Number of documents that have it unattached, those of an archive included.
    pub(in crate::link::cluster) fn n_documents(&self, n_read: usize) -> usize {
        self.documents.partition_point(|&document| (document as usize) < n_read) + self.n_known as usize
    }
}

/// The nodes of a corpus, and where they come from.
pub(in crate::link::cluster) struct Nodes {
    /// Sorted by form, kind and what they are of.
    pub(in crate::link::cluster) nodes: Vec<Node>,
    /// Per document, the node of each unit.
    pub(in crate::link::cluster) of_unit: Lists<u32>,
    /// Per known entity, the node of each name that stands for itself.
    pub(in crate::link::cluster) of_known: Vec<Vec<u32>>,
}

impl Node {
    fn key(&self) -> Key {
        (self.form, self.kind, self.within, self.sense)
    }
}

/// A merge of two nodes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::link::cluster) struct Edge {
    pub(in crate::link::cluster) from: u32,
    pub(in crate::link::cluster) to: u32,
    pub(in crate::link::cluster) support: Support,
    pub(in crate::link::cluster) scope: MergeScope,
}

impl Edge {
    /// A merge by the names alone.
    pub(super) fn by_names(from: u32, to: u32, support: Support) -> Self {
        Self { from, to, support, scope: MergeScope::Names }
    }
}

/// What tells nodes apart.
type Key = (u32, Kind, u64, Option<u64>);

/// The nodes of all documents and of all known entities.
pub(in crate::link::cluster) fn nodes(mentions: &MentionStore, forms: &Forms<'_>, documents: &Documents<'_>) -> Nodes {
    let (namesakes, bearers) = (&namesakes(forms, documents), &bearers(forms, documents));
    let keys = |at: usize| -> Vec<Key> {
        let (document, record) = (&*documents.get(at), &mentions.documents[at]);
        let at = u32::try_from(at).expect("fewer than 2^32 documents");
        let mut here = None;
        let key = |unit: usize| {
            let nth = document.root(unit);
            let root = &document.units[nth];
            let form = forms.get(root.form);
            let nth = u32::try_from(nth).expect("fewer than 2^32 units");
            let (within, sense) = if let Some(&role) = namesakes.get(&(at, nth)) {
                (role, None)
            } else if let Some(&bearer) = bearers.get(&(at, nth)) {
                (bearer, None)
            } else if root.kind == Kind::Person && stays(form, root) {
                (record.hash, None)
            } else if form.is_state_relative {
                (*here.get_or_insert_with(|| state(forms, document, record)), None)
            } else if form.is_party && form.known.body().is_none() {
                (only_state(forms, document).unwrap_or(0), None)
            } else {
                sense(form, root, document)
            };
            (root.form, root.kind, within, sense)
        };
        (0..document.units.len()).map(key).collect()
    };
    // Some at a time, so that few lists are apart.
    let mut of_unit: Lists<Key> = Lists::default();
    for from in (0..documents.len()).step_by(AT_ONCE) {
        let lists: Vec<Vec<Key>> = (from..documents.len().min(from + AT_ONCE)).into_par_iter().map(keys).collect();
        lists.into_iter().for_each(|list| of_unit.push(list));
    }
    let mut nodes: Vec<Node> = Vec::new();
    let mut found: Vec<Key> = of_unit.items().to_vec();
    found.par_sort_unstable();
    nodes.reserve_exact(found.chunk_by(|a, b| a == b).count());
    nodes.extend(found.chunk_by(|a, b| a == b).map(|same| empty(same[0])));
    drop(found);
    let place = |nodes: &[Node], key: &Key| {
        let place = nodes.binary_search_by(|node| node.key().cmp(key)).expect("each key has a node");
        u32::try_from(place).expect("nodes are counted in 32 bits")
    };
    let places = |nodes: &[Node], of_unit: Lists<Key>| of_unit.map(|key| place(nodes, &key));
    for (at, (document, keys)) in (0_u32..).zip(documents.iter().zip(of_unit.iter())) {
        for (unit, key) in document.units.iter().zip(keys) {
            let at_node = place(&nodes, key);
            let node = &mut nodes[at_node as usize];
            node.mentions = node.mentions.saturating_add(unit.mentions);
            node.is_pair |= unit.is_pair;
            node.stays |= unit.form == node.form && unit.kind == Kind::Person && stays(forms.get(unit.form), unit);
            if node.documents.last() != Some(&at) {
                node.documents.push(at);
                // A record of names that were counted stands for more documents than are here.
                let others = mentions.documents[at as usize].weight.documents - 1;
                node.n_known = node.n_known.saturating_add(others);
            }
        }
    }
    let of_known: Lists<Key> = known(mentions, forms, &mut nodes).into_iter().collect();
    let (of_unit, of_known) = (places(&nodes, of_unit), places(&nodes, of_known));
    Nodes { of_unit, of_known: of_known.iter().map(<[u32]>::to_vec).collect(), nodes }
}

fn empty((form, kind, within, sense): Key) -> Node {
    Node {
        form,
        kind,
        within,
        sense,
        is_pair: false,
        stays: false,
        mentions: 0,
        documents: SmallVec::new(),
        known: None,
        n_known: 0,
    }
}

/// Adds the nodes of known entities; returns those of each. A name that two entities have is the older one's, unless they are parted.
fn known(mentions: &MentionStore, forms: &Forms<'_>, nodes: &mut Vec<Node>) -> Vec<Vec<Key>> {
    if mentions.known.entities.is_empty() {
        return Vec::new();
    }
    let mut found: BTreeMap<Key, Node> = std::mem::take(nodes).into_iter().map(|node| (node.key(), node)).collect();
    let mut documents: Vec<Vec<u32>> = vec![Vec::new(); mentions.known.entities.len()];
    for (at, entities) in (mentions.documents.len()..).zip(&mentions.known.documents) {
        let at = u32::try_from(at).expect("fewer than 2^32 documents");
        entities.iter().for_each(|&entity| documents[entity as usize].push(at));
    }
    let mut all = Vec::with_capacity(documents.len());
    for ((at, entity), documents) in (0_u32..).zip(&mentions.known.entities).zip(&documents) {
        let mut keys = Vec::new();
        for (_, name) in entity.standing() {
            let mut key = (forms.of(name.surface, name.kind), name.kind, name.within, name.sense);
            let owner = found.get(&key).and_then(|node| node.known);
            if owner.is_some_and(|owner| mentions.known.parts(owner, at)) {
                key.2 ^= !u64::from(at);
            }
            let node = found.entry(key).or_insert_with(|| empty(key));
            node.known.get_or_insert(at);
            node.n_known += name.documents;
            node.mentions += name.aliases.iter().map(|alias| alias.mentions).sum::<u32>();
            node.documents.extend_from_slice(documents);
            node.documents.sort_unstable();
            node.documents.dedup();
            keys.push(key);
        }
        all.push(keys);
    }
    nodes.extend(found.into_values());
    all
}

/// Whether a bare name means somebody in its document only: a single letter, and "a farmer named Orlov".
fn stays(form: &Form<'_>, unit: &Unit) -> bool {
    form.text.len() == 1 || unit.is_introduced && !person::is_full(form)
}

/// What tells a name from the same name elsewhere, and the entry that it means. If the document decides what "Georgia" or "Korean"
/// means, both are particular to it.
fn sense(form: &Form<'_>, unit: &Unit, document: &DocumentUnits) -> (u64, Option<u64>) {
    let kind = unit.kind;
    if let Some(place) = unit.place {
        return (0, Some(place.key()));
    }
    let alone = form.known.alone(kind).map(|found| key(KeyKind::Entry, &found.entry.id));
    if kind == Kind::Organisation || kind == Kind::Person || !form.known.needs_context() {
        return (0, alone);
    }
    match form.known.resolve(kind, &document.place) {
        Resolution::Is(found) => {
            let sense = key(KeyKind::Entry, &found.entry.id);
            if alone == Some(sense) { (0, alone) } else { (sense, Some(sense)) }
        }
        Resolution::Ambiguous(all) => {
            let ids: Vec<&str> = all.iter().map(|found| found.entry.id.as_ref()).collect();
            (key(KeyKind::Entries, &ids.join(" ")), None)
        }
        Resolution::Metonym(_) | Resolution::Nil => (0, alone),
    }
}

/// Key of the only country that a document names.
fn only_state(forms: &Forms<'_>, document: &DocumentUnits) -> Option<u64> {
    let lands = document.lands(forms);
    let (id, _) = lands.first_key_value().filter(|_| lands.len() == 1)?;
    Some(key(KeyKind::Party, id))
}

/// Key of the country that a document names at least twice as often as any other; without one, hash of the document.
fn state(forms: &Forms<'_>, document: &DocumentUnits, record: &DocumentRecord) -> u64 {
    let countries = document.lands(forms);
    let most = countries.iter().max_by_key(|(_, mentions)| **mentions);
    let leading = most.filter(|(id, most)| countries.iter().all(|(other, n)| other == *id || 2 * n <= **most));
    leading.map_or(record.hash, |(id, _)| key(KeyKind::Entry, id))
}
