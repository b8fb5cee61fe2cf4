//! The names of a corpus, and what joins them.

use std::collections::HashSet;

use super::forbidden::are_forbidden;
use super::node::{Edge, Node, Nodes, nodes};
use crate::link::cluster::disjoint_sets::DisjointSets;
use crate::link::cluster::document::DocumentUnits;
use crate::link::cluster::form::Form;
use crate::link::cluster::forms::Forms;
use crate::link::mentions::{KnownRecords, MentionStore};
use crate::link::reason::MergeReason;

/// Nodes, the sets that they are joined to, and the edges that joined them.
#[derive(Clone, Debug)]
pub(in crate::link::cluster) struct Graph<'a> {
    pub(in crate::link::cluster) forms: &'a Forms<'a>,
    pub(in crate::link::cluster) nodes: Vec<Node>,
    sets: DisjointSets,
    pub(in crate::link::cluster) edges: Vec<Edge>,
    /// Per document, the node of each unit.
    pub(in crate::link::cluster) of_unit: Vec<Vec<u32>>,
    /// Per known entity, the node of each name that stands for itself.
    pub(in crate::link::cluster) of_known: Vec<Vec<u32>>,
    known: &'a KnownRecords,
    /// Pairs of persons whose full names stand side by side in a document, the lesser node first.
    apart: HashSet<(u32, u32)>,
}

impl<'a> Graph<'a> {
    /// The names of the documents and of the known entities; those of one known entity are joined already.
    pub(super) fn new(mentions: &'a MentionStore, forms: &'a Forms<'a>, documents: &[DocumentUnits]) -> Self {
        let Nodes { nodes, of_unit, of_known } = nodes(mentions, forms, documents);
        let mut sets = DisjointSets::new(nodes.len());
        for own in &of_known {
            own.windows(2).for_each(|two| _ = sets.join(two[0], two[1], |_, _| false));
        }
        let mut apart = HashSet::new();
        for (document, of_unit) in documents.iter().zip(&of_unit) {
            for &(one, other) in &document.apart {
                let (a, b) = (of_unit[one], of_unit[other]);
                if a != b && nodes[a as usize].form == document.units[one].form {
                    apart.insert((a.min(b), a.max(b)));
                }
            }
        }
        Self { forms, nodes, sets, edges: Vec::new(), of_unit, of_known, known: &mentions.known, apart }
    }

    pub(super) fn node(&self, node: u32) -> &Node {
        &self.nodes[node as usize]
    }

    pub(super) fn form(&self, node: u32) -> &'a Form<'a> {
        self.forms.get(self.node(node).form)
    }

    /// The node that stands for all that are joined with this one.
    pub(in crate::link::cluster) fn root(&self, node: u32) -> u32 {
        self.sets.root(node)
    }

    /// All nodes that are joined with a root.
    pub(super) fn members<'s>(&'s self, root: &'s u32) -> &'s [u32] {
        self.sets.members(root)
    }

    /// Takes an edge in, unless it would bring together what may never be one.
    pub(super) fn join(&mut self, edge: Edge) {
        self.join_scored(edge, |_, _| None);
    }

    /// The same where it may be known how probable it is that two nodes are one person.
    pub(super) fn join_scored(&mut self, edge: Edge, probability: impl Fn(u32, u32) -> Option<f32>) {
        if self.is_settled(edge) {
            return;
        }
        let (forms, nodes, known, apart) = (self.forms, &self.nodes, self.known, &self.apart);
        let node = |at: u32| &nodes[at as usize];
        let is_forbidden = |a: u32, b: u32| {
            apart.contains(&(a.min(b), a.max(b)))
                || are_parted(known, node(a), node(b))
                || are_forbidden(forms, node(a), node(b), probability(a, b))
        };
        if self.sets.join(edge.from, edge.to, is_forbidden) {
            self.edges.push(edge);
        }
    }

    /// Whether an edge says again what did not join two known entities before: only a new name does, or the user or the knowledge base.
    fn is_settled(&self, edge: Edge) -> bool {
        let (from, to) = (self.node(edge.from).known, self.node(edge.to).known);
        let decides = matches!(edge.support.reason, MergeReason::Alias | MergeReason::Known);
        matches!((from, to), (Some(a), Some(b)) if a != b) && !decides
    }

    /// Whether nothing forbids to join two roots.
    pub(super) fn may_join(&self, a: u32, b: u32) -> bool {
        let is_forbidden = |a: u32, b: u32| {
            let (one, other) = (self.node(a), self.node(b));
            self.apart.contains(&(a.min(b), a.max(b)))
                || are_parted(self.known, one, other)
                || are_forbidden(self.forms, one, other, None)
        };
        !self.members(&a).iter().any(|&one| self.members(&b).iter().any(|&other| is_forbidden(one, other)))
    }
}

/// Whether two nodes are names of known entities that are never one.
fn are_parted(known: &KnownRecords, a: &Node, b: &Node) -> bool {
    matches!((a.known, b.known), (Some(a), Some(b)) if known.parts(a, b))
}
