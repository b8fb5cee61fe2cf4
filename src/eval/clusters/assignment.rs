//! The heaviest assignment of two sets.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, VecDeque};

/// A pair that may be chosen.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    pub(super) left: usize,
    pub(super) right: usize,
    /// What choosing it adds, more than 0.
    pub(super) weight: f64,
}

/// The indices of the edges with the largest total weight in which no left and no right node occurs twice.
///
/// `edges` must be sorted by `left`, with `left < n_left` and `right < n_right`. The result is exact: the Hungarian method
/// (Kuhn 1955), with bids and shortest augmenting paths (Jonker and Volgenant 1987) over the edges that exist. A node may
/// stay alone, at no gain. A path never leaves its connected component, and mostly ends after a few edges. A million edges
/// take a tenth of a second if the sides resemble each other; the worst case, random sides, takes a path for each left node, and is
/// cut off after [`MOST_WORK`].
pub(super) fn heaviest(edges: &[Edge], n_left: usize, n_right: usize) -> Assignment {
    let most = MOST_WORK.max(MOST_WORK_PER_EDGE.saturating_mul(edges.len()));
    let mut search = Search::new(edges, n_left, n_right);
    let n_cut = search.run(most);
    Assignment { chosen: search.edge_of_left.into_iter().flatten().collect(), n_cut }
}

/// The edges that are chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Assignment {
    /// Their indices.
    pub(super) chosen: Vec<usize>,
    /// The number of left nodes for which only a free node was looked for, so that the total weight is a lower bound; 0 if it is exact.
    pub(super) n_cut: usize,
}

/// Edges that paths may go over, at least and for each edge: seconds of work.
const MOST_WORK: usize = 50_000_000;
const MOST_WORK_PER_EDGE: usize = 200;

/// How often a left node may bid before it must search for a path.
const MAX_BIDS: u8 = 20;

/// A node that a path can reach: a right node, or (numbered after those) a left node's choice to stay alone.
struct Reached {
    distance: f64,
    /// Whether a path must continue from here.
    is_taken: bool,
    node: usize,
}

impl Ord for Reached {
    /// The nearest comes out of a heap first.
    fn cmp(&self, other: &Self) -> Ordering {
        let nearest = other.distance.total_cmp(&self.distance);
        // On a tie, a node where the path may end saves the rest of the search.
        nearest.then(other.is_taken.cmp(&self.is_taken)).then(other.node.cmp(&self.node))
    }
}

impl PartialOrd for Reached {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Reached {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Reached {}

/// The state between paths: an optimal choice for the left nodes so far, and prices that prove it.
///
/// Costs are negative weights. No edge costs less than the prices of its ends, and each chosen edge costs exactly as much.
/// No price is above 0, and the price of a node that stays alone is 0.
struct Search<'a> {
    edges: &'a [Edge],
    /// Where the edges of each left node begin, and the end.
    starts: Vec<usize>,
    left_price: Vec<f64>,
    right_price: Vec<f64>,
    edge_of_left: Vec<Option<usize>>,
    edge_of_right: Vec<Option<usize>>,
    /// The length of the best path to each right node so far, and its last edge.
    best: Vec<(f64, usize)>,
    touched: Vec<usize>,
    /// The right nodes that the search has passed, with their distances.
    settled: Vec<(usize, f64)>,
    heap: BinaryHeap<Reached>,
    /// The number of edges that paths went over.
    work: usize,
}

impl<'a> Search<'a> {
    fn new(edges: &'a [Edge], n_left: usize, n_right: usize) -> Self {
        Self {
            edges,
            starts: (0..=n_left).map(|left| edges.partition_point(|edge| edge.left < left)).collect(),
            left_price: vec![0.0; n_left],
            right_price: vec![0.0; n_right],
            edge_of_left: vec![None; n_left],
            edge_of_right: vec![None; n_right],
            best: vec![(f64::INFINITY, usize::MAX); n_right],
            touched: Vec::new(),
            settled: Vec::new(),
            heap: BinaryHeap::new(),
            work: 0,
        }
    }

    /// Assigns all left nodes. After `most` edges the others get what is free; returns how many these are.
    fn run(&mut self, most: usize) -> usize {
        let mut n_cut = 0;
        for left in self.bid() {
            if self.work < most {
                self.insert(left);
            } else {
                self.take_free(left);
                n_cut += 1;
            }
        }
        n_cut
    }

    /// Gives a left node the heaviest edge to a right node that nobody has.
    fn take_free(&mut self, left: usize) {
        let free = (self.starts[left]..self.starts[left + 1])
            .filter(|&edge| self.edge_of_right[self.edges[edge].right].is_none());
        let heaviest = free.max_by(|&a, &b| self.edges[a].weight.total_cmp(&self.edges[b].weight));
        if let Some(edge) = heaviest {
            self.edge_of_right[self.edges[edge].right] = Some(edge);
            self.edge_of_left[left] = Some(edge);
        }
    }

    /// Lets left nodes bid for the right node that they gain most from, as long as that is cheap. Returns those without a
    /// place.
    ///
    /// This is the augmenting row reduction of Jonker and Volgenant 1987: the price of a right node falls until its taker is
    /// about to prefer another one, and the previous taker bids again.
    fn bid(&mut self) -> Vec<usize> {
        let n_left = self.left_price.len();
        let mut bids = vec![0; n_left];
        let mut left_over = Vec::new();
        let mut queue: VecDeque<usize> = (0..n_left).collect();
        while let Some(left) = queue.pop_front() {
            // The cheapest edge, and the next cheapest choice, which may be to stay alone.
            let (mut first, mut second) = ((0.0, None), 0.0);
            for i in self.starts[left]..self.starts[left + 1] {
                let Edge { right, weight, .. } = self.edges[i];
                let cost = -weight - self.right_price[right];
                let is_free = |edge: usize| self.edge_of_right[self.edges[edge].right].is_none();
                // On a tie, an edge to a free right node needs nobody to move.
                if cost < first.0 || cost == first.0 && first.1.is_some_and(|edge| is_free(i) && !is_free(edge)) {
                    second = first.0;
                    first = (cost, Some(i));
                } else {
                    second = second.min(cost);
                }
            }
            // No edge is a gain, and prices only fall: the left node stays alone.
            let (cost, Some(edge)) = first else {
                self.left_price[left] = 0.0;
                continue;
            };
            let right = self.edges[edge].right;
            bids[left] = u8::saturating_add(bids[left], 1);
            if self.edge_of_right[right].is_some() && (cost == second || bids[left] > MAX_BIDS) {
                left_over.push(left);
                continue;
            }
            if let Some(before) = self.edge_of_right[right].replace(edge) {
                let outbid = self.edges[before].left;
                self.edge_of_left[outbid] = None;
                queue.push_back(outbid);
            }
            self.left_price[left] = second;
            self.right_price[right] -= second - cost;
            self.edge_of_left[left] = Some(edge);
        }
        left_over
    }

    /// Assigns one more left node.
    fn insert(&mut self, source: usize) {
        let edges = &self.edges[self.starts[source]..self.starts[source + 1]];
        let cheapest = edges.iter().map(|edge| -edge.weight - self.right_price[edge.right]).fold(0.0, f64::min);
        self.left_price[source] = cheapest;
        self.relax(source, 0.0);
        let end = loop {
            let reached = self.heap.pop().expect("the source can stay alone");
            let Reached { distance, is_taken, node } = reached;
            if !is_taken {
                break reached;
            }
            if distance == self.best[node].0 {
                self.settled.push((node, distance));
                let edge = self.edge_of_right[node].expect("the node is taken");
                self.relax(self.edges[edge].left, distance);
            }
        };
        self.left_price[source] += end.distance;
        for (right, distance) in self.settled.drain(..) {
            let change = end.distance - distance;
            let edge = self.edge_of_right[right].expect("the search ends at free nodes");
            self.left_price[self.edges[edge].left] += change;
            self.right_price[right] -= change;
        }
        self.augment(source, end.node);
        for right in self.touched.drain(..) {
            self.best[right] = (f64::INFINITY, usize::MAX);
        }
        self.heap.clear();
    }

    /// Continues from a left node at `distance` from the source.
    fn relax(&mut self, left: usize, distance: f64) {
        let price = self.left_price[left];
        self.work += 1 + self.starts[left + 1] - self.starts[left];
        for i in self.starts[left]..self.starts[left + 1] {
            let Edge { right, weight, .. } = self.edges[i];
            // Rounding must not make a step negative, or a path return to where it was.
            let step = (-weight - price - self.right_price[right]).max(0.0);
            if distance + step < self.best[right].0 {
                if self.best[right].1 == usize::MAX {
                    self.touched.push(right);
                }
                self.best[right] = (distance + step, i);
                let is_taken = self.edge_of_right[right].is_some();
                self.heap.push(Reached { distance: distance + step, is_taken, node: right });
            }
        }
        let alone = (-price).max(0.0);
        let node = self.right_price.len() + left;
        self.heap.push(Reached { distance: distance + alone, is_taken: false, node });
    }

    /// Adds the odd edges of the path from the source to its end, and removes the even ones.
    fn augment(&mut self, source: usize, end: usize) {
        let mut right = end;
        if let Some(left) = end.checked_sub(self.right_price.len()) {
            let Some(freed) = self.edge_of_left[left].take() else { return };
            right = self.edges[freed].right;
        }
        loop {
            let edge = self.best[right].1;
            let left = self.edges[edge].left;
            self.edge_of_right[right] = Some(edge);
            let freed = self.edge_of_left[left].replace(edge);
            if left == source {
                return;
            }
            right = self.edges[freed.expect("the path came to this node by its own edge")].right;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The largest weight, by trying all choices.
    fn brute(weights: &[Vec<f64>], left: usize, taken: &mut Vec<bool>) -> f64 {
        if left == weights.len() {
            return 0.0;
        }
        let mut best = brute(weights, left + 1, taken);
        for right in 0..taken.len() {
            if !taken[right] && weights[left][right] > 0.0 {
                taken[right] = true;
                best = best.max(weights[left][right] + brute(weights, left + 1, taken));
                taken[right] = false;
            }
        }
        best
    }

    fn edges(weights: &[Vec<f64>]) -> Vec<Edge> {
        let cell = |left: usize, right: usize| Edge { left, right, weight: weights[left][right] };
        let all = (0..weights.len()).flat_map(|left| (0..weights[left].len()).map(move |right| (left, right)));
        all.map(|(left, right)| cell(left, right)).filter(|edge| edge.weight > 0.0).collect()
    }

    #[test]
    fn by_hand() {
        for (name, weights, want) in [
            ("the greedy choice is wrong", vec![vec![3.0, 2.0], vec![2.0, 0.0]], vec![1, 2]),
            ("one must stay alone", vec![vec![2.0], vec![3.0], vec![1.0]], vec![1]),
            ("a chain", vec![vec![1.0, 0.0, 0.0], vec![1.5, 1.0, 0.0], vec![0.0, 1.5, 1.0]], vec![0, 2, 4]),
            ("nothing", vec![vec![0.0, 0.0]], vec![]),
        ] {
            let edges = edges(&weights);
            let n_right = weights[0].len();
            let Assignment { chosen: got, n_cut } = heaviest(&edges, weights.len(), n_right);
            assert_eq!(n_cut, 0, "{name}");
            let sum = |chosen: &[usize]| chosen.iter().map(|i| edges[*i].weight).sum::<f64>();
            if name == "a chain" {
                assert_eq!(sum(&got), 3.0, "{name}: {got:?}");
            } else {
                assert_eq!(got, want, "{name}");
            }
        }
    }

    proptest! {
        #[test]
        fn nothing_is_heavier_by_trying_all(
            n_right in 1_usize..=6,
            cells in prop::collection::vec(prop::collection::vec(0_u8..=6, 6), 1..=6),
            share in 1_u8..=6,
        ) {
            let weight = |cell: u8| if cell < share { 0.0 } else { f64::from(cell) / 7.0 };
            let weights: Vec<Vec<f64>> =
                cells.iter().map(|row| row[..n_right].iter().map(|cell| weight(*cell)).collect()).collect();
            let edges = edges(&weights);
            let chosen = heaviest(&edges, weights.len(), n_right).chosen;
            let mut lefts: Vec<usize> = chosen.iter().map(|i| edges[*i].left).collect();
            let mut rights: Vec<usize> = chosen.iter().map(|i| edges[*i].right).collect();
            lefts.dedup();
            rights.sort_unstable();
            rights.dedup();
            prop_assert_eq!((lefts.len(), rights.len()), (chosen.len(), chosen.len()));
            let got: f64 = chosen.iter().map(|i| edges[*i].weight).sum();
            let want = brute(&weights, 0, &mut vec![false; n_right]);
            prop_assert!((got - want).abs() < 1e-9, "{} instead of {}", got, want);
        }

        /// For sizes where not all choices can be tried, the prices prove that nothing is heavier.
        #[test]
        fn nothing_is_heavier_by_prices(
            cells in prop::collection::vec(prop::collection::vec(0_u8..=40, 30), 1..=30),
            share in 1_u8..=40,
            scale in 1_u8..=3,
        ) {
            let weight = |cell: u8| if cell < share { 0.0 } else { f64::from(cell / scale) / 7.0 };
            let weights: Vec<Vec<f64>> = cells.iter().map(|row| row.iter().map(|cell| weight(*cell)).collect()).collect();
            let edges = edges(&weights);
            let mut search = Search::new(&edges, weights.len(), 30);
            prop_assert_eq!(search.run(usize::MAX), 0);
            let mut cut = Search::new(&edges, weights.len(), 30);
            let n_cut = cut.run(0);
            let at_least: f64 = cut.edge_of_left.iter().flatten().map(|i| edges[*i].weight).sum();
            let rights: std::collections::HashSet<usize> = cut.edge_of_left.iter().flatten().map(|i| edges[*i].right).collect();
            prop_assert_eq!(rights.len(), cut.edge_of_left.iter().flatten().count());
            let chosen: f64 = search.edge_of_left.iter().flatten().map(|i| edges[*i].weight).sum();
            let prices: f64 = search.left_price.iter().chain(&search.right_price).sum();
            prop_assert!(at_least <= chosen + 1e-9 && (n_cut > 0 || at_least > chosen - 1e-9), "{} of {}", at_least, chosen);
            prop_assert!((chosen + prices).abs() < 1e-9, "{} and {}", chosen, prices);
            prop_assert!(search.left_price.iter().chain(&search.right_price).all(|price| *price < 1e-9));
            for edge in &edges {
                let prices = search.left_price[edge.left] + search.right_price[edge.right];
                prop_assert!(-edge.weight - prices > -1e-9, "{:?} costs less than {}", edge, prices);
            }
            for (left, edge) in search.edge_of_left.iter().enumerate() {
                let Some(edge) = edge else { continue };
                prop_assert_eq!(edges[*edge].left, left);
                prop_assert_eq!(search.edge_of_right[edges[*edge].right], Some(*edge));
            }
        }
    }
}
