//! Boosted trees over the features.

use serde::Deserialize;

/// Boosted regression trees whose sum is the logit of the probability.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Trees {
    nodes: Vec<Node>,
    /// Per node, what it adds to the logit if it is a leaf.
    values: Vec<f32>,
    groups: Vec<Group>,
    bias: f32,
}

/// Number of trees that are walked side by side: the next node of one is fetched while another waits for its own.
const SIDE_BY_SIDE: usize = 8;

/// Roots of some trees, and the number of splits on the longest path of any of them.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Group {
    roots: [u16; SIDE_BY_SIDE],
    depth: u32,
}

/// Leads to `left` if the feature is at most the threshold, else to the node after that. A leaf leads to itself, so that all paths have
/// equally many steps and none of them is a branch to be predicted.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Node {
    threshold: f32,
    left: u16,
    feature: u16,
}

/// A tree as the weights have it: splits `[feature, threshold, left, right]` and leaves; a child below zero is leaf `-child - 1`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTree {
    splits: Vec<(u16, f32, i32, i32)>,
    leaves: Vec<f32>,
}

impl Trees {
    /// `None` unless every feature and child exists, every child comes after its parent, so that every walk ends, and all trees together
    /// have at most 65,535 nodes.
    pub(super) fn new(raw: &[RawTree], bias: f32, n_features: usize) -> Option<Self> {
        let mut trees = Self { bias, ..Self::default() };
        // A leaf with value 0 fills the last group.
        let nothing = trees.add_leaf(0.0)?;
        let mut roots = Vec::with_capacity(raw.len());
        for tree in raw {
            let root = trees.add_leaf(0.0)?;
            let start = if tree.splits.is_empty() { -1 } else { 0 };
            roots.push((trees.add(tree, start, root, n_features)?, root));
        }
        // Trees of one depth are grouped, so that few steps are spent on leaves.
        roots.sort_unstable();
        for some in roots.chunks(SIDE_BY_SIDE) {
            let mut group = Group { roots: [nothing; SIDE_BY_SIDE], depth: 0 };
            for (place, &(depth, root)) in group.roots.iter_mut().zip(some) {
                *place = root;
                group.depth = group.depth.max(depth);
            }
            trees.groups.push(group);
        }
        Some(trees)
    }

    /// The logit of the probability.
    pub(super) fn logit(&self, features: &[f32]) -> f32 {
        let mut sums = [0.0f32; SIDE_BY_SIDE];
        for group in &self.groups {
            let mut at = group.roots;
            for _ in 0..group.depth {
                for at in &mut at {
                    let node = &self.nodes[usize::from(*at)];
                    *at = node.left + u16::from(features[usize::from(node.feature)] > node.threshold);
                }
            }
            for (sum, at) in sums.iter_mut().zip(at) {
                *sum += self.values[usize::from(at)];
            }
        }
        self.bias + sums.iter().sum::<f32>()
    }

    /// Writes a split or leaf at a place, and what is below it at the end. Returns the number of splits on the longest path.
    fn add(&mut self, tree: &RawTree, child: i32, place: u16, n_features: usize) -> Option<u32> {
        let Ok(split) = usize::try_from(child) else {
            self.values[usize::from(place)] = *tree.leaves.get(usize::try_from(-(child + 1)).ok()?)?;
            return Some(0);
        };
        let &(feature, threshold, left, right) = tree.splits.get(split)?;
        if usize::from(feature) >= n_features || [left, right].iter().any(|&below| below >= 0 && below <= child) {
            return None;
        }
        let (below, after) = (self.add_leaf(0.0)?, self.add_leaf(0.0)?);
        self.nodes[usize::from(place)] = Node { threshold, left: below, feature };
        let depth = self.add(tree, left, below, n_features)?.max(self.add(tree, right, after, n_features)?);
        Some(depth + 1)
    }

    /// Adds a leaf and returns its place.
    fn add_leaf(&mut self, value: f32) -> Option<u16> {
        let place = u16::try_from(self.nodes.len()).ok()?;
        self.nodes.push(Node { threshold: f32::INFINITY, left: place, feature: 0 });
        self.values.push(value);
        Some(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(splits: Vec<(u16, f32, i32, i32)>, leaves: Vec<f32>) -> Vec<RawTree> {
        vec![RawTree { splits, leaves }]
    }

    #[test]
    fn a_tree_is_walked() {
        let trees = Trees::new(&raw(vec![(0, 0.5, -1, 1), (1, 2.0, -2, -3)], vec![-1.0, 0.0, 1.0]), 0.5, 2)
            .expect("it is sound");
        assert_eq!(trees.logit(&[0.5, 9.0]), -0.5);
        assert_eq!(trees.logit(&[0.6, 2.0]), 0.5);
        assert_eq!(trees.logit(&[0.6, 2.1]), 1.5);
    }

    #[test]
    fn broken_trees_are_refused() {
        for (name, splits, leaves) in [
            ("a loop", vec![(0, 0.5, 0, -1)], vec![1.0]),
            ("a child that is not there", vec![(0, 0.5, -1, -3)], vec![1.0, 2.0]),
            ("a feature that is not there", vec![(2, 0.5, -1, -2)], vec![1.0, 2.0]),
            ("no leaf", vec![], vec![]),
        ] {
            assert_eq!(Trees::new(&raw(splits, leaves), 0.0, 2), None, "{name}");
        }
    }
}
