//! What probability do the features give?

use serde::Deserialize;

/// Boosted regression trees whose sum is the logit of the probability.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Trees {
    nodes: Vec<Node>,
    /// The first node of each tree and the number of splits on its longest way.
    roots: Vec<(u32, u32)>,
    bias: f32,
}

/// Goes to `left` where the feature is at most the threshold, else to the node after it. A leaf goes to itself, so that every way
/// of a tree has as many steps and none of them is a branch to be guessed.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Node {
    threshold: f32,
    value: f32,
    left: u32,
    feature: u32,
}

/// Trees as they are written: each is a list of splits `[feature, threshold, left, right]` with its leaves; a child below zero is
/// leaf `-child - 1`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTree {
    splits: Vec<(u16, f32, i32, i32)>,
    leaves: Vec<f32>,
}

impl Trees {
    /// `None` unless every feature and child exists and every child comes after its parent, so that every walk ends.
    pub(super) fn new(raw: &[RawTree], bias: f32, n_features: usize) -> Option<Self> {
        let mut trees = Self { nodes: Vec::new(), roots: Vec::new(), bias };
        for tree in raw {
            let root = trees.nodes.len();
            trees.nodes.push(Node::leaf(0.0, root));
            let start = if tree.splits.is_empty() { -1 } else { 0 };
            let depth = trees.add(tree, start, root, n_features)?;
            trees.roots.push((u32::try_from(root).ok()?, depth));
        }
        Some(trees)
    }

    /// The probability, from 0 to 1.
    pub(super) fn probability(&self, features: &[f32]) -> f64 {
        let logit: f32 = self.bias + self.roots.iter().map(|&root| self.leaf(root, features)).sum::<f32>();
        1.0 / (1.0 + f64::from(-logit).exp())
    }

    fn leaf(&self, (root, depth): (u32, u32), features: &[f32]) -> f32 {
        let mut at = root;
        for _ in 0..depth {
            let node = &self.nodes[at as usize];
            at = node.left + u32::from(features[node.feature as usize] > node.threshold);
        }
        self.nodes[at as usize].value
    }

    /// Writes a split or leaf at a place and what is below it after all; gives the splits on its longest way.
    fn add(&mut self, tree: &RawTree, child: i32, place: usize, n_features: usize) -> Option<u32> {
        let Ok(split) = usize::try_from(child) else {
            self.nodes[place] = Node::leaf(*tree.leaves.get(usize::try_from(-(child + 1)).ok()?)?, place);
            return Some(0);
        };
        let &(feature, threshold, left, right) = tree.splits.get(split)?;
        if usize::from(feature) >= n_features || [left, right].iter().any(|&below| below >= 0 && below <= child) {
            return None;
        }
        let below = self.nodes.len();
        self.nodes[place] = Node { threshold, value: 0.0, left: u32::try_from(below).ok()?, feature: feature.into() };
        self.nodes.extend([Node::leaf(0.0, below), Node::leaf(0.0, below + 1)]);
        let depth = self.add(tree, left, below, n_features)?.max(self.add(tree, right, below + 1, n_features)?);
        Some(depth + 1)
    }
}

impl Node {
    fn leaf(value: f32, place: usize) -> Self {
        Self { threshold: f32::INFINITY, value, left: place as u32, feature: 0 }
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
        let logistic = |logit: f64| 1.0 / (1.0 + (-logit).exp());
        assert_eq!(trees.probability(&[0.5, 9.0]), logistic(-0.5));
        assert_eq!(trees.probability(&[0.6, 2.0]), logistic(0.5));
        assert_eq!(trees.probability(&[0.6, 2.1]), logistic(1.5));
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
