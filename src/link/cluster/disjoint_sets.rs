//! Disjoint sets of nodes, some of which may never be joined.

use std::collections::HashMap;

/// Union-find that refuses to join what is forbidden; each set has a list of its members.
#[derive(Clone, Debug)]
pub(super) struct DisjointSets {
    parent: Vec<u32>,
    /// Per root of a set of several nodes, all of them.
    members: HashMap<u32, Vec<u32>>,
}

impl DisjointSets {
    pub(super) fn new(n: usize) -> Self {
        let parent = (0..u32::try_from(n).expect("fewer than 2^32 nodes")).collect();
        Self { parent, members: HashMap::new() }
    }

    /// The smallest node of the set that a node is in.
    pub(super) fn root(&self, mut node: u32) -> u32 {
        while self.parent[node as usize] != node {
            node = self.parent[node as usize];
        }
        node
    }

    /// All nodes of the set of a root.
    pub(super) fn members<'a>(&'a self, root: &'a u32) -> &'a [u32] {
        self.members.get(root).map_or(std::slice::from_ref(root), Vec::as_slice)
    }

    /// Joins the sets of two nodes unless a pair of their members is forbidden; returns whether both are in one set now.
    pub(super) fn join(&mut self, a: u32, b: u32, forbidden: impl Fn(u32, u32) -> bool) -> bool {
        let (a, b) = (self.root(a), self.root(b));
        if a == b {
            return true;
        }
        let (left, right) = (self.members(&a), self.members(&b));
        if left.iter().any(|&one| right.iter().any(|&other| forbidden(one, other))) {
            return false;
        }
        let (root, child) = (a.min(b), a.max(b));
        let mut all = self.members.remove(&root).unwrap_or_else(|| vec![root]);
        all.extend(self.members.remove(&child).unwrap_or_else(|| vec![child]));
        self.members.insert(root, all);
        self.parent[child as usize] = root;
        true
    }
}
