//! Names that some documents describe and most do not: "European airframer Airbus" is Airbus.

use std::collections::{BTreeMap, HashMap};

use super::attached::Attached;
use super::graph::Graph;
use super::node::Edge;
use crate::link::Kind;
use crate::link::cluster::document::Documents;
use crate::link::cluster::support::Support;
use crate::link::reason::MergeReason;

impl Graph<'_> {
    /// Joins a name with descriptions before it with the name alone, if at least two thirds of the documents have it alone.
    pub(super) fn join_described(&mut self, documents: &Documents<'_>) {
        let alone: HashMap<(u32, Kind), u32> = (0..)
            .zip(&self.nodes)
            .filter(|(_, node)| node.within == 0)
            .map(|(at, node)| ((node.form, node.kind), at))
            .collect();
        // Per name, the nodes that describe it: in how many documents, and how sure it is.
        let mut described: BTreeMap<u32, BTreeMap<u32, (u32, f32)>> = BTreeMap::new();
        for Attached { form, kind, to, support, documents } in self.attached(documents) {
            if support.reason == MergeReason::Tail
                && let Some(&name) = alone.get(&(form, kind))
            {
                let known = described.entry(name).or_default().entry(to).or_insert((0, support.probability));
                known.0 = known.0.saturating_add(documents);
            }
        }
        for (to, descriptions) in described {
            let attached: usize = descriptions.values().map(|&(documents, _)| documents as usize).sum();
            if self.node(to).n_documents(documents.len()) < 2 * attached {
                continue;
            }
            for (from, (_, probability)) in descriptions {
                self.join(Edge::by_names(from, to, Support::new(MergeReason::Tail, probability)));
            }
        }
    }
}
