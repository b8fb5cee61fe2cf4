//! The mentions and merges of each entity.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use super::corpus::{CorpusEntities, Edge};
use super::document::{DocumentUnits, Documents};
use super::output::MentionIndex;
use crate::link::Kind;
use crate::link::explanation::Merge;
use crate::link::lists::Lists;
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
    fn add_merge(&mut self, from: NameKey, to: NameKey, merge: Merge) {
        let known = self.merges.entry((from, to)).or_insert(Merge { documents: 0, ..merge });
        known.documents += 1;
        // What joined them across documents is why they are one in the corpus, however sure single documents are.
        if known.scope == MergeScope::Document && merge.probability > known.probability {
            *known = Merge { documents: known.documents, ..merge };
        }
    }
}

/// What belongs to each entity, by number. The members of an entity are put together when they are asked for: those of all of them at
/// once would be most of the memory of linking.
pub(super) struct Gathered<'a> {
    mentions: &'a MentionStore,
    corpus: &'a CorpusEntities<'a>,
    documents: &'a Documents<'a>,
    /// Per node, its place: sets of nodes in the order of their roots.
    place_of: Vec<u32>,
    /// Per place, the mentions in their order.
    mentions_of: Lists<MentionIndex>,
    /// Per place, the merges that hold in the whole corpus, by index.
    edges_of: Lists<u32>,
    /// Per place, the documents and nodes that are ambiguous.
    ambiguous_of: Lists<(u32, u32)>,
    /// Per place, the known entities, the oldest first.
    known_of: Lists<u32>,
    /// The places of the entities, in their order.
    kept: Vec<u32>,
    /// Per place, the number of its entity.
    entity_of: Vec<Option<u32>>,
}

impl<'a> Gathered<'a> {
    pub(super) fn new(
        mentions: &'a MentionStore,
        corpus: &'a CorpusEntities<'a>,
        documents: &'a Documents<'a>,
    ) -> Self {
        let graph = &corpus.graph;
        let mut place_of = vec![0; graph.nodes.len()];
        let mut n = 0;
        for node in (0_u32..).take(graph.nodes.len()) {
            // The root of a set is its first node.
            let root = graph.root(node);
            place_of[node as usize] = if root == node { n } else { place_of[root as usize] };
            n += u32::from(root == node);
        }
        let n = n as usize;
        let mut places: Vec<(u32, MentionIndex)> = Vec::with_capacity(mentions.documents.len());
        for (document, units) in (0_u32..).zip(documents.iter()) {
            for (index, &unit) in (0_u32..).zip(&units.of_mention) {
                let node = corpus.node_of(document, unit as usize);
                places.push((place_of[node as usize], MentionIndex { document, index }));
            }
        }
        let mentions_of = Lists::grouped(n, places.iter().copied());
        drop(places);
        let place = |node: u32| place_of[node as usize];
        let edges = (0_u32..).zip(&graph.edges).map(|(at, edge)| (place(edge.from), at));
        let ambiguous = corpus.candidates.keys().map(|&key| (place(key.1), key));
        let known = (0_u32..).zip(&graph.of_known).filter_map(|(at, nodes)| Some((place(*nodes.first()?), at)));
        let (edges_of, ambiguous_of) = (Lists::grouped(n, edges), Lists::grouped(n, ambiguous));
        let known_of = Lists::grouped(n, known);
        let (kept, entity_of) = (Vec::new(), vec![None; n]);
        let mut gathered = Self {
            mentions,
            corpus,
            documents,
            place_of,
            mentions_of,
            edges_of,
            ambiguous_of,
            known_of,
            kept,
            entity_of,
        };
        gathered.keep();
        gathered
    }

    /// Numbers the entities that have a mention: a node whose documents all moved to others has none. Of the known entities
    /// without a new mention, those that became one with another or that something else may be.
    fn keep(&mut self) {
        let with_mentions = |at: &u32| !self.mentions_of[*at as usize].is_empty();
        let all = 0..u32::try_from(self.mentions_of.len()).expect("nodes are counted in 32 bits");
        let ambiguous = all.clone().filter(with_mentions).filter(|&at| !self.ambiguous_of[at as usize].is_empty());
        let candidates: HashSet<u32> = ambiguous.flat_map(|at| self.candidates(at).1.into_keys()).collect();
        let is_kept = |at: &u32| {
            let known = &self.known_of[*at as usize];
            let is_known = || !known.is_empty() && known.iter().any(|&entity| self.is_mentioned(entity));
            with_mentions(at) || is_known() && (known.len() > 1 || candidates.contains(at))
        };
        let kept: Vec<u32> = all.filter(is_kept).collect();
        for (entity, &at) in (0_u32..).zip(&kept) {
            self.entity_of[at as usize] = Some(entity);
        }
        self.kept = kept;
    }

    /// Whether documents that are not read again mention a known entity.
    fn is_mentioned(&self, entity: u32) -> bool {
        let names = &self.mentions.known.entities[entity as usize].names;
        names.iter().flat_map(|name| &name.aliases).any(|alias| alias.mentions > 0)
    }

    /// Number of entities.
    pub(super) fn len(&self) -> usize {
        self.kept.len()
    }

    /// Per document and mention, the number of its entity.
    pub(super) fn of_mention(&self) -> Lists<u32> {
        let document = |(document, units): (u32, Cow<'_, DocumentUnits>)| -> Vec<u32> {
            let entity = |&unit: &u32| {
                let node = self.corpus.node_of(document, unit as usize);
                self.entity_of[self.place_of[node as usize] as usize].expect("what has a mention is kept")
            };
            units.of_mention.iter().map(entity).collect()
        };
        (0_u32..).zip(self.documents.iter()).map(document).collect()
    }

    /// The members of an entity.
    pub(super) fn members(&self, nth: usize) -> Members {
        let place = self.kept[nth];
        let mut members = Members { mentions: self.mentions_of[place as usize].to_vec(), ..Members::default() };
        self.add_known(place, &mut members);
        self.add_edges(place, &mut members);
        self.add_mentions(&mut members);
        let (n_ambiguous, candidates) = self.candidates(place);
        members.n_ambiguous = n_ambiguous;
        let entity = |(place, sum): (u32, f32)| Some((self.entity_of[place as usize]? as usize, sum));
        members.candidates = candidates.into_iter().filter_map(entity).collect();
        members
    }

    fn key(&self, node: u32) -> NameKey {
        let node = &self.corpus.graph.nodes[node as usize];
        (node.form, node.kind)
    }

    /// The known entities, with the mentions of their names in documents that are not read again.
    fn add_known(&self, place: u32, members: &mut Members) {
        members.known = self.known_of[place as usize].to_vec();
        for &at in &members.known {
            let entity = &self.mentions.known.entities[at as usize];
            for alias in entity.names.iter().flat_map(|name| &name.aliases).filter(|alias| alias.mentions > 0) {
                let form = self.corpus.graph.forms.of(alias.surface, alias.kind);
                let counts = members.names.entry((form, alias.kind)).or_default();
                *counts.entry((alias.surface, alias.label)).or_default() += alias.mentions as usize;
            }
        }
    }

    /// Merges that hold in the whole corpus.
    fn add_edges(&self, place: u32, members: &mut Members) {
        for &at in &self.edges_of[place as usize] {
            let edge = &self.corpus.graph.edges[at as usize];
            let (from, to) = (self.key(edge.from), self.key(edge.to));
            // "Supreme Court" of one country and of another share form and kind.
            if from != to {
                members.merges.insert((from, to), merge(edge, 0));
            }
        }
    }

    /// Counts of the mentions, and merges that their documents make.
    fn add_mentions(&self, members: &mut Members) {
        let mentions = std::mem::take(&mut members.mentions);
        for here in mentions.chunk_by(|a, b| a.document == b.document) {
            let at = here[0].document;
            let document = &*self.documents.get(at as usize);
            let DocumentRecord { mentions: records, weight, .. } = &self.mentions.documents[at as usize];
            let mut units: Vec<usize> = Vec::with_capacity(here.len());
            for mention in here {
                let unit = document.of_mention[mention.index as usize] as usize;
                let record = &records[mention.index as usize];
                let counts = members.names.entry((document.units[unit].form, document.units[unit].kind)).or_default();
                *counts.entry((record.surface, record.label)).or_default() += weight.mentions as usize;
                units.push(unit);
            }
            units.sort_unstable();
            units.dedup();
            units.into_iter().for_each(|unit| self.add_parent(at, document, unit, members));
        }
        members.mentions = mentions;
    }

    /// The merge that a document makes of one of its units.
    fn add_parent(&self, at: u32, document: &DocumentUnits, nth: usize, members: &mut Members) {
        let unit = &document.units[nth];
        let own = (unit.form, unit.kind);
        if let Some(parent) = unit.parent {
            let (other, support) = (&document.units[parent.unit], parent.support);
            let (reason, probability) = (support.reason, support.probability);
            let merge = Merge { reason, scope: MergeScope::Document, probability, documents: 1 };
            members.add_merge(own, (other.form, other.kind), merge);
        } else {
            let node = self.corpus.graph.of_unit[at as usize][nth];
            if let Some(edge) = self.corpus.moved.get(&(at, node)) {
                members.add_merge(own, self.key(edge.to), merge(edge, 1));
            }
        }
    }

    /// How many names of a place are ambiguous in a document, and the places that they may mean, with the sum of the probabilities.
    fn candidates(&self, place: u32) -> (usize, BTreeMap<u32, f32>) {
        let ambiguous = &self.ambiguous_of[place as usize];
        let mut sums: BTreeMap<u32, f32> = BTreeMap::new();
        for &(candidate, probability) in ambiguous.iter().flat_map(|key| &self.corpus.candidates[key]) {
            let other = self.place_of[candidate as usize];
            if other != place {
                *sums.entry(other).or_default() += probability;
            }
        }
        (ambiguous.len(), sums)
    }
}

fn merge(edge: &Edge, documents: usize) -> Merge {
    let Edge { support, scope, .. } = *edge;
    Merge { reason: support.reason, scope, probability: support.probability, documents }
}
