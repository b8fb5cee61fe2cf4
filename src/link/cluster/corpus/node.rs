//! The names of a corpus that are left to be linked across documents.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use crate::link::Kind;
use crate::link::cluster::document::{DocumentUnits, Unit};
use crate::link::cluster::form::Form;
use crate::link::cluster::forms::Forms;
use crate::link::cluster::key::{KeyKind, key};
use crate::link::cluster::support::Support;
use crate::link::kb::Resolution;
use crate::link::mentions::{DocumentRecord, MentionStore};
use crate::link::reason::MergeScope;

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
    /// Number of mentions, with those attached to it.
    pub(in crate::link::cluster) mentions: u32,
    /// Documents that have it unattached. Sorted.
    pub(in crate::link::cluster) documents: Vec<u32>,
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

/// The nodes of all documents, and per document the node of each unit. They are sorted by form, kind and what they are of.
pub(super) fn nodes(
    mentions: &MentionStore,
    forms: &Forms<'_>,
    documents: &[DocumentUnits],
) -> (Vec<Node>, Vec<Vec<u32>>) {
    type Key = (u32, Kind, u64, Option<u64>);
    let keys = |(document, record): (&DocumentUnits, &DocumentRecord)| -> Vec<Key> {
        let mut here = None;
        let key = |unit: usize| {
            let root = &document.units[document.root(unit)];
            let form = forms.get(root.form);
            let (within, sense) = if form.is_state_relative {
                (*here.get_or_insert_with(|| state(forms, document, record)), None)
            } else {
                sense(form, root, document)
            };
            (root.form, root.kind, within, sense)
        };
        (0..document.units.len()).map(key).collect()
    };
    let keys: Vec<Vec<Key>> = documents.par_iter().zip(&mentions.documents).map(keys).collect();
    let mut found: BTreeMap<Key, Node> = BTreeMap::new();
    for (at, (document, keys)) in (0_u32..).zip(documents.iter().zip(&keys)) {
        for (unit, &key) in document.units.iter().zip(keys) {
            let (form, kind, within, sense) = key;
            let node = found.entry(key).or_insert_with(|| Node {
                form,
                kind,
                within,
                sense,
                is_pair: false,
                mentions: 0,
                documents: Vec::new(),
            });
            node.mentions += unit.mentions;
            node.is_pair |= unit.is_pair;
            if node.documents.last() != Some(&at) {
                node.documents.push(at);
            }
        }
    }
    let places: HashMap<Key, u32> = (0..).zip(found.keys()).map(|(at, key)| (*key, at)).collect();
    let of_unit = keys.iter().map(|keys| keys.iter().map(|key| places[key]).collect()).collect();
    (found.into_values().collect(), of_unit)
}

/// What tells a name from the same name elsewhere, and the entry that it means. If the document decides what "Georgia" or "Korean"
/// means, both are particular to it.
fn sense(form: &Form<'_>, unit: &Unit, document: &DocumentUnits) -> (u64, Option<u64>) {
    let kind = unit.kind;
    if let Some(place) = unit.place {
        return (0, Some(key(KeyKind::Entry, &place.id)));
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

/// Key of the country that a document names at least twice as often as any other; without one, hash of the document.
fn state(forms: &Forms<'_>, document: &DocumentUnits, record: &DocumentRecord) -> u64 {
    let mut countries: BTreeMap<&str, u32> = BTreeMap::new();
    for unit in document.units.iter().filter(|unit| unit.kind != Kind::Person) {
        if let Some(found) = forms.get(unit.form).known.land() {
            *countries.entry(&found.entry.id).or_default() += unit.mentions;
        }
    }
    let most = countries.iter().max_by_key(|(_, mentions)| **mentions);
    let leading = most.filter(|(id, most)| countries.iter().all(|(other, n)| other == *id || 2 * n <= **most));
    leading.map_or(record.hash, |(id, _)| key(KeyKind::Entry, id))
}
