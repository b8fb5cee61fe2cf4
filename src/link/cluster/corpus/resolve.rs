//! Where the names of all documents end up.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::cooccurrence::CoOccurrence;
use super::equivalence;
use super::graph::Graph;
use super::node::Edge;
use super::scores::{LEAST, PersonScores, SpelledOut};
use super::short::{Candidate, ShortNames};
use crate::link::cluster::document::Documents;
use crate::link::cluster::forms::Forms;
use crate::link::cluster::support::Support;
use crate::link::mentions::MentionStore;
use crate::link::reason::{MergeReason, MergeScope};

/// Probability from which on co-occurring names decide for one of several candidates.
const SURE: f32 = 0.8;

/// Least probability by the names alone at which a spelled-out name is one that an initial may stand for.
const MAY_BE: f64 = 0.5;
/// How many times the odds of the second have to be those of the most probable of several spelled-out names.
const CLEARLY: f32 = 4.0;
/// Most spelled-out names that are kept as candidates.
const MOST_SPELLED_OUT: usize = 8;

/// The entities of a corpus: sets of nodes, and exceptions in single documents.
#[derive(Clone, Debug)]
pub(in crate::link::cluster) struct CorpusEntities<'a> {
    pub(in crate::link::cluster) graph: Graph<'a>,
    /// By document and node: nodes that one document alone attaches to another.
    pub(in crate::link::cluster) moved: BTreeMap<(u32, u32), Edge>,
    /// By document and node: the nodes that an ambiguous one may stand for, with probabilities.
    pub(in crate::link::cluster) candidates: BTreeMap<(u32, u32), Vec<(u32, f32)>>,
}

impl<'a> CorpusEntities<'a> {
    pub(in crate::link::cluster) fn new(
        mentions: &'a MentionStore,
        forms: &'a Forms<'a>,
        documents: &Documents<'_>,
    ) -> Self {
        let mut graph = Graph::new(mentions, forms, documents);
        let mut ambiguous = join_names(&mut graph, mentions, documents);
        graph.join_described(documents);
        ambiguous.extend(join_short(&mut graph, mentions, documents));
        let mut entities = Self { graph, moved: BTreeMap::new(), candidates: BTreeMap::new() };
        entities.decide(&ambiguous, mentions, documents);
        entities
    }

    /// The node that a unit of a document ends up at.
    pub(in crate::link::cluster) fn node_of(&self, document: u32, unit: usize) -> u32 {
        let node = self.graph.of_unit[document as usize][unit];
        self.moved.get(&(document, node)).map_or(node, |edge| edge.to)
    }

    /// Decides per document for ambiguous short names, or keeps their candidates.
    fn decide(&mut self, ambiguous: &[(u32, Vec<Candidate>)], mentions: &MentionStore, documents: &Documents<'_>) {
        let graph = &self.graph;
        let cooccurrence = &CoOccurrence::new(graph, mentions, documents);
        let decided: Vec<_> = ambiguous
            .par_iter()
            .flat_map_iter(|(at, candidates)| {
                let roots: Vec<u32> = candidates.iter().map(|candidate| graph.root(candidate.node)).collect();
                let judge = move |&document| (document, *at, cooccurrence.judge(document, *at, &roots), candidates);
                // What an archive has is decided.
                graph.node(*at).documents.iter().filter(|at| (**at as usize) < documents.len()).map(judge)
            })
            .collect();
        for (document, from, judgement, candidates) in decided {
            let mut ranked: Vec<(&Candidate, f32)> = candidates.iter().zip(judgement.probabilities).collect();
            ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.node.cmp(&b.0.node)));
            let (best, probability) = ranked[0];
            match judgement.scope {
                Some(scope) if probability >= SURE => {
                    let support = Support::new(best.support.reason, probability * best.support.probability);
                    self.moved.insert((document, from), Edge { from, to: best.node, support, scope });
                }
                _ => {
                    let list = ranked.into_iter().map(|(candidate, p)| (candidate.node, p)).collect();
                    self.candidates.insert((document, from), list);
                }
            }
        }
    }
}

/// Joins names that are one whatever the documents say, the surest first. Returns names with initials that fit several.
fn join_names(graph: &mut Graph<'_>, mentions: &MentionStore, documents: &Documents<'_>) -> Vec<(u32, Vec<Candidate>)> {
    let scores = PersonScores::new(graph, mentions, documents);
    let mut edges = equivalence::edges(&graph.nodes, graph.forms);
    edges.extend(scores.edges(&graph.nodes, graph.forms));
    edges.sort_by(|a, b| {
        let by_probability = b.support.probability.total_cmp(&a.support.probability);
        by_probability.then_with(|| (a.from, a.to).cmp(&(b.from, b.to)))
    });
    for edge in edges {
        graph.join_scored(edge, |a, b| scores.probability(a, b));
    }
    join_initials(graph, &scores)
}

/// Joins names with an initial that fit one spelled-out name; returns those that fit several, so that "J. Marsh" never brings John and
/// James Marsh together.
fn join_initials(graph: &mut Graph<'_>, scores: &PersonScores) -> Vec<(u32, Vec<Candidate>)> {
    let mut ambiguous = Vec::new();
    for (from, spelled_out) in scores.initials(&graph.nodes, graph.forms) {
        let mut best: BTreeMap<u32, SpelledOut> = BTreeMap::new();
        for one in spelled_out.into_iter().filter(|one| f64::from(one.by_names) >= MAY_BE) {
            let root = graph.root(one.node);
            if graph.may_join(graph.root(from), root) {
                let known = best.entry(root).or_insert(one);
                if one.probability > known.probability {
                    *known = one;
                }
            }
        }
        let mut ranked: Vec<SpelledOut> = best.into_values().collect();
        ranked.sort_by(|a, b| b.probability.total_cmp(&a.probability).then(a.node.cmp(&b.node)));
        let odds = |one: &SpelledOut| one.probability / (1.0 - one.probability).max(1e-6);
        let support = |one: &SpelledOut| Support::new(MergeReason::Name, one.probability);
        match ranked.as_slice() {
            [] => {}
            [one, rest @ ..]
                if f64::from(one.probability) >= LEAST
                    && rest.first().is_none_or(|second| odds(one) >= CLEARLY * odds(second)) =>
            {
                let edge = Edge::by_names(from, one.node, support(one));
                graph.join_scored(edge, |a, b| scores.probability(a, b));
            }
            [_] => {}
            several => {
                let candidate = |one: &SpelledOut| Candidate { node: one.node, support: support(one) };
                ambiguous.push((from, several.iter().take(MOST_SPELLED_OUT).map(candidate).collect()));
            }
        }
    }
    ambiguous
}

/// Joins short names that fit a single entity; returns those that fit several.
fn join_short(graph: &mut Graph<'_>, mentions: &MentionStore, documents: &Documents<'_>) -> Vec<(u32, Vec<Candidate>)> {
    let short_names = ShortNames::new(graph, mentions, documents);
    let found: Vec<(u32, Vec<Candidate>)> = (0..graph.nodes.len())
        .into_par_iter()
        .filter_map(|at| {
            let at = u32::try_from(at).expect("nodes are counted in 32 bits");
            let candidates = short_names.candidates(at);
            (!candidates.is_empty()).then_some((at, candidates))
        })
        .collect();
    let mut ambiguous = Vec::new();
    for (from, candidates) in found {
        if let [Candidate { node: to, support }] = candidates[..] {
            graph.join(Edge { from, to, support, scope: MergeScope::OnlyOne });
        } else {
            ambiguous.push((from, candidates));
        }
    }
    ambiguous
}
