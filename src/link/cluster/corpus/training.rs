//! What the weights of the evidence are fitted on.

use super::context::Contexts;
use super::evidence::FEATURES;
use super::graph::Graph;
use super::scores::PersonScores;
use crate::link::cluster::document::Documents;
use crate::link::cluster::forms::Forms;
use crate::link::mentions::MentionStore;

/// Most mentions of a name that are listed.
const MOST_MENTIONS: usize = 30;

/// Two full names of persons in different documents, and what linking knows of them.
#[derive(Clone, Debug)]
pub struct NamePair {
    /// Both names, in lower case.
    pub names: [String; 2],
    /// Per name, some of its mentions: index of the document and of the mention in it.
    pub mentions: [Vec<(usize, usize)>; 2],
    /// Whether one of them has an initial and the other has not.
    pub is_initial: bool,
    /// In the order of [`EVIDENCE`](super::super::EVIDENCE).
    pub features: [f32; FEATURES.len()],
}

/// The pairs of full names that are compared across documents.
pub(in crate::link::cluster) fn name_pairs(
    mentions: &MentionStore,
    forms: &Forms<'_>,
    documents: &Documents<'_>,
) -> Vec<NamePair> {
    let graph = Graph::new(mentions, forms, documents);
    let mut of_node: Vec<Vec<(usize, usize)>> = vec![Vec::new(); graph.nodes.len()];
    for (at, (document, of_unit)) in documents.iter().zip(graph.of_unit.iter()).enumerate() {
        for (nth, &unit) in document.of_mention.iter().enumerate() {
            let list = &mut of_node[of_unit[unit as usize] as usize];
            if list.len() < MOST_MENTIONS {
                list.push((at, nth));
            }
        }
    }
    let contexts = Contexts::new(&graph, documents, mentions);
    let seen = PersonScores::new(&graph, mentions, documents).features(&graph.nodes, forms, &contexts);
    let pair = |((a, b), is_initial, features): ((u32, u32), bool, [f32; FEATURES.len()])| NamePair {
        names: [a, b].map(|node| graph.form(node).text.to_string()),
        mentions: [a, b].map(|node| of_node[node as usize].clone()),
        is_initial,
        features,
    };
    seen.into_iter().map(pair).collect()
}
