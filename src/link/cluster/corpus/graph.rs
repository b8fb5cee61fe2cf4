//! The names of a corpus, and what joins them.

use super::forbidden::are_forbidden;
use super::node::{Edge, Node, nodes};
use crate::link::cluster::disjoint_sets::DisjointSets;
use crate::link::cluster::document::DocumentUnits;
use crate::link::cluster::form::Form;
use crate::link::cluster::forms::Forms;
use crate::link::mentions::MentionStore;

/// Nodes, the sets that they are joined to, and the edges that joined them.
#[derive(Clone, Debug)]
pub(in crate::link::cluster) struct Graph<'a> {
    pub(in crate::link::cluster) forms: &'a Forms<'a>,
    pub(in crate::link::cluster) nodes: Vec<Node>,
    sets: DisjointSets,
    pub(in crate::link::cluster) edges: Vec<Edge>,
    /// Per document, the node of each unit.
    pub(in crate::link::cluster) of_unit: Vec<Vec<u32>>,
}

impl<'a> Graph<'a> {
    pub(super) fn new(mentions: &MentionStore, forms: &'a Forms<'a>, documents: &[DocumentUnits]) -> Self {
        let (nodes, of_unit) = nodes(mentions, forms, documents);
        let sets = DisjointSets::new(nodes.len());
        Self { forms, nodes, sets, edges: Vec::new(), of_unit }
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
        let (forms, nodes) = (self.forms, &self.nodes);
        let node = |at: u32| &nodes[at as usize];
        let is_forbidden = |a: u32, b: u32| are_forbidden(forms, node(a), node(b), probability(a, b));
        if self.sets.join(edge.from, edge.to, is_forbidden) {
            self.edges.push(edge);
        }
    }

    /// Whether nothing forbids to join two roots.
    pub(super) fn may_join(&self, a: u32, b: u32) -> bool {
        let is_forbidden = |a: u32, b: u32| are_forbidden(self.forms, self.node(a), self.node(b), None);
        !self.members(&a).iter().any(|&one| self.members(&b).iter().any(|&other| is_forbidden(one, other)))
    }
}
