//! Which nodes are joined, and which may never be?

use std::collections::HashMap;

/// A union of nodes that holds back what is forbidden: disjoint sets with a list of members each.
#[derive(Clone, Debug)]
pub(super) struct Forest {
    parent: Vec<u32>,
    /// The nodes below a root, where there is more than the root itself.
    members: HashMap<u32, Vec<u32>>,
}

impl Forest {
    pub(super) fn new(n: usize) -> Self {
        let parent = (0..u32::try_from(n).expect("fewer than 2^32 nodes")).collect();
        Self { parent, members: HashMap::new() }
    }

    /// The node that stands for all that are joined with this one: the smallest of them.
    pub(super) fn root(&self, mut node: u32) -> u32 {
        while self.parent[node as usize] != node {
            node = self.parent[node as usize];
        }
        node
    }

    /// All nodes joined with a root.
    pub(super) fn members<'a>(&'a self, root: &'a u32) -> &'a [u32] {
        self.members.get(root).map_or(std::slice::from_ref(root), Vec::as_slice)
    }

    /// Joins two nodes unless something forbids one of the pairs that would come together; says whether they are joined now.
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
