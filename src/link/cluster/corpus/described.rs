//! Names that some documents describe and most do not: "European airframer Airbus" is Airbus.

use std::collections::{BTreeMap, HashMap};

use super::graph::Graph;
use super::node::Edge;
use crate::link::Kind;
use crate::link::cluster::document::{DocumentUnits, Parent};
use crate::link::cluster::support::Support;
use crate::link::reason::MergeReason;

impl Graph<'_> {
    /// Joins a name with descriptions before it with the name alone, if at least two thirds of the documents have it alone.
    pub(super) fn join_described(&mut self, documents: &[DocumentUnits]) {
        let alone: HashMap<(u32, Kind), u32> = (0..)
            .zip(&self.nodes)
            .filter(|(_, node)| node.within == 0)
            .map(|(at, node)| ((node.form, node.kind), at))
            .collect();
        // Per name, the nodes that describe it: in how many documents, and how sure it is.
        let mut described: BTreeMap<u32, BTreeMap<u32, (u32, f32)>> = BTreeMap::new();
        for (document, of_unit) in documents.iter().zip(&self.of_unit) {
            for (unit, &root) in document.units.iter().zip(of_unit) {
                if let Some(Parent { support: Support { reason: MergeReason::Tail, probability }, .. }) = unit.parent
                    && let Some(&name) = alone.get(&(unit.form, unit.kind))
                {
                    described.entry(name).or_default().entry(root).or_insert((0, probability)).0 += 1;
                }
            }
        }
        for (to, descriptions) in described {
            let attached: u32 = descriptions.values().map(|(documents, _)| documents).sum();
            if self.node(to).n_documents(documents.len()) < 2 * attached as usize {
                continue;
            }
            for (from, (_, probability)) in descriptions {
                self.join(Edge::by_names(from, to, Support::new(MergeReason::Tail, probability)));
            }
        }
    }
}
