//! The mentions and merges of each entity.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::corpus::{CorpusEntities, Edge};
use super::document::DocumentUnits;
use super::output::MentionIndex;
use crate::link::Kind;
use crate::link::explanation::Merge;
use crate::link::mentions::{DocumentRecord, MentionStore};
use crate::link::reason::MergeScope;

/// A form in mentions of one kind.
pub(super) type NameKey = (u32, Kind);

/// What one entity is made of.
#[derive(Clone, Debug, Default)]
pub(super) struct Members {
    /// Sorted.
    pub(super) mentions: Vec<MentionIndex>,
    /// Per name, the ids of surface and label of its mentions, with their number.
    pub(super) names: BTreeMap<NameKey, BTreeMap<(u32, u32), usize>>,
    pub(super) merges: BTreeMap<(NameKey, NameKey), Merge>,
    /// Other entities that it may be, by index, with the sum of the probabilities.
    pub(super) candidates: BTreeMap<usize, f32>,
    /// How many names in documents are ambiguous.
    pub(super) n_ambiguous: usize,
    /// The known entities that it is, the oldest first.
    pub(super) known: Vec<u32>,
}

impl Members {
    /// The members of all entities.
    pub(super) fn gather(
        mentions: &MentionStore,
        corpus: &CorpusEntities<'_>,
        documents: &[DocumentUnits],
    ) -> Vec<Self> {
        let mut gathering = Gathering::new(corpus);
        gathering.add_known(mentions);
        gathering.add_edges();
        for (at, document) in (0_u32..).zip(documents) {
            gathering.add_parents(at, document);
            gathering.add_mentions(mentions, at, document);
        }
        gathering.add_candidates();
        gathering.without_empty()
    }

    fn add_merge(&mut self, from: NameKey, to: NameKey, merge: Merge) {
        let known = self.merges.entry((from, to)).or_insert(Merge { documents: 0, ..merge });
        known.documents += 1;
        // What joined them across documents is why they are one in the corpus, however sure single documents are.
        if known.scope == MergeScope::Document && merge.probability > known.probability {
            *known = Merge { documents: known.documents, ..merge };
        }
    }
}

struct Gathering<'a> {
    corpus: &'a CorpusEntities<'a>,
    /// Per root, the index of its entity.
    places: HashMap<u32, usize>,
    members: Vec<Members>,
}

impl<'a> Gathering<'a> {
    fn new(corpus: &'a CorpusEntities<'a>) -> Self {
        let mut places: HashMap<u32, usize> = HashMap::new();
        for node in (0_u32..).take(corpus.graph.nodes.len()) {
            let next = places.len();
            places.entry(corpus.graph.root(node)).or_insert(next);
        }
        let members = vec![Members::default(); places.len()];
        Self { corpus, places, members }
    }

    fn place(&self, node: u32) -> usize {
        self.places[&self.corpus.graph.root(node)]
    }

    /// The entity of a unit.
    fn place_of_unit(&self, document: u32, unit: usize) -> usize {
        let node = self.corpus.graph.of_unit[document as usize][unit];
        self.place(self.corpus.moved.get(&(document, node)).map_or(node, |edge| edge.to))
    }

    fn key(&self, node: u32) -> NameKey {
        let node = &self.corpus.graph.nodes[node as usize];
        (node.form, node.kind)
    }

    /// The known entities, with the mentions of their names in documents that are not read again.
    fn add_known(&mut self, mentions: &MentionStore) {
        let corpus = self.corpus;
        for ((at, entity), nodes) in (0_u32..).zip(&mentions.known.entities).zip(&corpus.graph.of_known) {
            let Some(place) = nodes.first().map(|&node| self.place(node)) else { continue };
            let members = &mut self.members[place];
            members.known.push(at);
            for alias in entity.names.iter().flat_map(|name| &name.aliases).filter(|alias| alias.mentions > 0) {
                let form = corpus.graph.forms.of(alias.surface, alias.kind);
                let counts = members.names.entry((form, alias.kind)).or_default();
                *counts.entry((alias.surface, alias.label)).or_default() += alias.mentions as usize;
            }
        }
    }

    /// Merges that hold in the whole corpus.
    fn add_edges(&mut self) {
        for edge in &self.corpus.graph.edges {
            let (from, to) = (self.key(edge.from), self.key(edge.to));
            // "Supreme Court" of one country and of another share form and kind.
            if from != to {
                let place = self.place(edge.from);
                self.members[place].merges.insert((from, to), merge(edge, 0));
            }
        }
    }

    /// Merges that a document makes.
    fn add_parents(&mut self, at: u32, document: &DocumentUnits) {
        for (nth, unit) in document.units.iter().enumerate() {
            let place = self.place_of_unit(at, nth);
            let own = (unit.form, unit.kind);
            if let Some(parent) = unit.parent {
                let (other, support) = (&document.units[parent.unit], parent.support);
                let (reason, probability) = (support.reason, support.probability);
                let merge = Merge { reason, scope: MergeScope::Document, probability, documents: 1 };
                self.members[place].add_merge(own, (other.form, other.kind), merge);
            } else {
                let node = self.corpus.graph.of_unit[at as usize][nth];
                if let Some(edge) = self.corpus.moved.get(&(at, node)) {
                    let to = self.key(edge.to);
                    self.members[place].add_merge(own, to, merge(edge, 1));
                }
            }
        }
    }

    fn add_mentions(&mut self, mentions: &MentionStore, at: u32, document: &DocumentUnits) {
        let DocumentRecord { mentions: records, weight, .. } = &mentions.documents[at as usize];
        for (index, (record, &unit)) in (0_u32..).zip(records.iter().zip(&document.of_mention)) {
            let place = self.place_of_unit(at, unit as usize);
            let unit = &document.units[unit as usize];
            let members = &mut self.members[place];
            members.mentions.push(MentionIndex { document: at, index });
            let counts = members.names.entry((unit.form, unit.kind)).or_default();
            *counts.entry((record.surface, record.label)).or_default() += weight.mentions as usize;
        }
    }

    fn add_candidates(&mut self) {
        for (&(_, node), candidates) in &self.corpus.candidates {
            let at = self.place(node);
            self.members[at].n_ambiguous += 1;
            for &(candidate, probability) in candidates {
                let other = self.place(candidate);
                if other != at {
                    *self.members[at].candidates.entry(other).or_default() += probability;
                }
            }
        }
    }

    /// The members of all entities that have a mention: a node whose documents all moved to others has none. Of the known entities
    /// without a new mention, those that became one with another or that something else may be.
    fn without_empty(self) -> Vec<Members> {
        let mut members = self.members;
        let of_ambiguous = members.iter().filter(|members| !members.mentions.is_empty());
        let candidates: HashSet<usize> = of_ambiguous.flat_map(|members| members.candidates.keys().copied()).collect();
        let is_kept = |at: usize, members: &Members| {
            let is_known = !members.names.is_empty() && !members.known.is_empty();
            !members.mentions.is_empty() || is_known && (members.known.len() > 1 || candidates.contains(&at))
        };
        let kept_ones: Vec<bool> = members.iter().enumerate().map(|(at, members)| is_kept(at, members)).collect();
        let mut kept = vec![None; members.len()];
        for (new, at) in (0..members.len()).filter(|&at| kept_ones[at]).enumerate() {
            kept[at] = Some(new);
        }
        let mut at = 0;
        members.retain(|_| {
            at += 1;
            kept_ones[at - 1]
        });
        for members in &mut members {
            let candidates = std::mem::take(&mut members.candidates);
            members.candidates = candidates.into_iter().filter_map(|(at, sum)| Some((kept[at]?, sum))).collect();
        }
        members
    }
}

fn merge(edge: &Edge, documents: usize) -> Merge {
    let Edge { support, scope, .. } = *edge;
    Merge { reason: support.reason, scope, probability: support.probability, documents }
}
