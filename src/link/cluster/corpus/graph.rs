//! The names of a corpus, and what joins them.

use std::collections::{HashMap, HashSet};

use super::forbidden::{are_forbidden, are_other_persons};
use super::node::{Edge, Node, Nodes, nodes};
use crate::link::cluster::disjoint_sets::DisjointSets;
use crate::link::cluster::document::Documents;
use crate::link::cluster::form::Form;
use crate::link::cluster::forms::Forms;
use crate::link::cluster::person;
use crate::link::lists::Lists;
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
    pub(in crate::link::cluster) of_unit: Lists<u32>,
    /// Per known entity, the node of each name that stands for itself.
    pub(in crate::link::cluster) of_known: Vec<Vec<u32>>,
    known: &'a KnownRecords,
    /// Pairs of persons whose full names stand side by side in a document, the lesser node first.
    apart: HashSet<(u32, u32)>,
    /// By the user's group, the nodes whose names are in it.
    grouped: HashMap<u32, Vec<u32>>,
}

impl<'a> Graph<'a> {
    /// The names of the documents and of the known entities; those of one known entity are joined already.
    pub(super) fn new(mentions: &'a MentionStore, forms: &'a Forms<'a>, documents: &Documents<'_>) -> Self {
        let Nodes { nodes, of_unit, of_known } = nodes(mentions, forms, documents);
        let mut sets = DisjointSets::new(nodes.len());
        for own in &of_known {
            own.windows(2).for_each(|two| _ = sets.join(two[0], two[1], |_, _| false));
        }
        let mut apart = HashSet::new();
        for (document, of_unit) in documents.iter().zip(of_unit.iter()) {
            for &(one, other) in &document.apart {
                let (a, b) = (of_unit[one], of_unit[other]);
                if a != b && nodes[a as usize].form == document.units[one].form {
                    apart.insert((a.min(b), a.max(b)));
                }
            }
        }
        let mut grouped: HashMap<u32, Vec<u32>> = HashMap::new();
        for (at, node) in (0..).zip(&nodes) {
            if let Some(group) = forms.get(node.form).group {
                grouped.entry(group).or_default().push(at);
            }
        }
        Self { forms, nodes, sets, edges: Vec::new(), of_unit, of_known, known: &mentions.known, apart, grouped }
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
        let Self { forms, nodes, sets, edges, known, apart, grouped, .. } = self;
        let rules = Rules { forms, nodes, known, apart, grouped };
        if sets.join(edge.from, edge.to, |a, b| rules.forbid(a, b, probability(a, b))) {
            edges.push(edge);
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
        let Self { forms, nodes, known, apart, grouped, .. } = self;
        let rules = Rules { forms, nodes, known, apart, grouped };
        !self.members(&a).iter().any(|&one| self.members(&b).iter().any(|&other| rules.forbid(one, other, None)))
    }
}

/// What may never be one entity.
struct Rules<'g> {
    forms: &'g Forms<'g>,
    nodes: &'g [Node],
    known: &'g KnownRecords,
    apart: &'g HashSet<(u32, u32)>,
    grouped: &'g HashMap<u32, Vec<u32>>,
}

impl Rules<'_> {
    /// Whether two nodes may never be one entity. `probability` is that of one person, if it is known already.
    fn forbid(&self, a: u32, b: u32, probability: Option<f32>) -> bool {
        self.apart.contains(&(a.min(b), a.max(b)))
            || self.are_parted(a, b)
            || are_forbidden(self.forms, self.node(a), self.node(b))
            || self.are_persons(a, b, probability) && !self.has_other_name(a, b) && !self.has_other_name(b, a)
    }

    fn node(&self, node: u32) -> &Node {
        &self.nodes[node as usize]
    }

    /// Whether two nodes are names of known entities that are never one.
    fn are_parted(&self, a: u32, b: u32) -> bool {
        matches!((self.node(a).known, self.node(b).known), (Some(a), Some(b)) if self.known.parts(a, b))
    }

    /// Whether two names are those of two persons as far as names tell.
    fn are_persons(&self, a: u32, b: u32, probability: Option<f32>) -> bool {
        are_other_persons(self.forms, self.node(a), self.node(b), probability)
    }

    /// Whether the user gives who is called `named` another name, and it is that one that `other` may be a spelling of: if "Cassius Clay"
    /// and "Muhammad Ali" are one, "Cassius Clay" is no reason against "Mohammed Ali".
    fn has_other_name(&self, named: u32, other: u32) -> bool {
        let Some(group) = self.forms.get(self.node(named).form).group else { return false };
        // As if the user had said nothing.
        let conflict = |a: u32, b: u32| {
            let (a, b) = (self.node(a), self.node(b));
            person::conflict(self.forms.get(a.form), self.forms.get(b.form), None)
        };
        self.grouped[&group].iter().any(|&own| conflict(own, named) && !conflict(own, other))
    }
}
