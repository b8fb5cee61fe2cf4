//! The best pairing of gold mentions with overlapping predictions.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::Item;
use super::overlaps::shared;
use super::strict::{Shared, merge};

/// Pairs gold and predicted mentions that overlap, each with one at most, and returns the indices of the pairs in the order
/// of the gold.
///
/// Two mentions can be paired if they share a byte or have the same span. Of all pairings this is a best one: it has the
/// most pairs with the same span and label; among those, the most pairs with the same span; then the most pairs with the
/// same label; then the most pairs; then the largest sum of overlaps (shared bytes over bytes of either, to 30 bits). Such
/// a matching is called rank-maximal (Irving et al. 2006). It is exact, and found with the Hungarian method (Kuhn 1955) on
/// the overlaps alone.
///
/// The order of the mentions does not matter. Ties are broken by spans and labels alone.
pub(crate) fn matched_pairs(gold: &[Item], predicted: &[Item]) -> Vec<(usize, usize)> {
    let (gold_order, predicted_order) = (sorted(gold), sorted(predicted));
    let sorted_gold: Vec<Item> = gold_order.iter().map(|&index| gold[index]).collect();
    let sorted_predicted: Vec<Item> = predicted_order.iter().map(|&index| predicted[index]).collect();
    let mut pairs = Vec::new();
    let (mut gold_left, mut predicted_left) = (Vec::new(), Vec::new());
    // No two pairs with the same span and label compete, so all of them are in every best matching.
    for shared in merge(&sorted_gold, &sorted_predicted) {
        match shared {
            Shared::Both(gold, predicted) => pairs.push((gold, predicted)),
            Shared::GoldOnly(gold) => gold_left.push(gold),
            Shared::PredictedOnly(predicted) => predicted_left.push(predicted),
        }
    }
    let rows: Vec<Item> = gold_left.iter().map(|&index| sorted_gold[index]).collect();
    let columns: Vec<Item> = predicted_left.iter().map(|&index| sorted_predicted[index]).collect();
    let matching = Matching::of(candidates(&rows, &columns), columns.len());
    pairs.extend(matching.pairs().map(|(row, column)| (gold_left[row], predicted_left[column])));
    let mut pairs: Vec<(usize, usize)> =
        pairs.into_iter().map(|(gold, predicted)| (gold_order[gold], predicted_order[predicted])).collect();
    pairs.sort_unstable();
    pairs
}

fn sorted(items: &[Item]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by_key(|&index| items[index].key());
    order
}

/// The weight of a pair. From the highest bits down, an `i128` holds the number of pairs with the same span, with the same
/// label, of all pairs, and the sum of overlaps. They are 24 bits apart, which is enough for 16 million pairs.
fn worth(gold: Item, predicted: Item) -> i128 {
    let shared = shared(gold.span, predicted.span);
    let either = gold.span.len() + predicted.span.len() - shared;
    let overlap = if either == 0 { 0 } else { ((shared as u128) << 30) / either as u128 };
    let tier = if gold.span == predicted.span {
        102
    } else if gold.label == predicted.label {
        78
    } else {
        54
    };
    (1 << tier) + i128::try_from(overlap).expect("a ratio of 30 bits fits")
}

/// The columns that each row can be paired with, and the weight of the pair. Both sides are sorted.
fn candidates(rows: &[Item], columns: &[Item]) -> Vec<Vec<(usize, i128)>> {
    let mut reach = 0;
    let reaches: Vec<usize> = columns
        .iter()
        .map(|column| {
            reach = reach.max(column.span.end());
            reach
        })
        .collect();
    rows.iter()
        .map(|row| {
            let first = reaches.partition_point(|&reach| reach < row.span.start());
            let candidates = columns.iter().enumerate().skip(first);
            candidates
                .take_while(|(_, column)| column.span.start() <= row.span.end())
                .filter(|(_, column)| column.span.overlaps(row.span) || column.span == row.span)
                .map(|(index, column)| (index, worth(*row, *column)))
                .collect()
        })
        .collect()
}

/// A matching of rows and columns with the largest total weight. Rows are added one by one, along the shortest augmenting
/// path over slacks, which a price for every row and column keeps from becoming negative.
struct Matching {
    edges: Vec<Vec<(usize, i128)>>,
    row_price: Vec<i128>,
    column_price: Vec<i128>,
    column_of: Vec<Option<usize>>,
    row_of: Vec<Option<usize>>,
}

/// Where the shortest augmenting path ends.
enum End {
    /// At a free column.
    Column(usize),
    /// At a row that becomes free.
    Row(usize),
}

/// How the search reached a column.
#[derive(Clone, Copy)]
struct Reached {
    distance: i128,
    from: usize,
    is_final: bool,
}

impl Matching {
    fn of(edges: Vec<Vec<(usize, i128)>>, n_columns: usize) -> Self {
        let n_rows = edges.len();
        let mut matching = Self {
            edges,
            row_price: vec![0; n_rows],
            column_price: vec![0; n_columns],
            column_of: vec![None; n_rows],
            row_of: vec![None; n_columns],
        };
        let mut reached = vec![None; n_columns];
        // Short mentions first: every other mention would move one that covers the whole document, with a search from end to
        // end each time.
        let mut order: Vec<usize> = (0..n_rows).collect();
        order.sort_by_key(|&row| matching.edges[row].len());
        for row in order {
            matching.add(row, &mut reached);
        }
        matching
    }

    fn pairs(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.column_of.iter().enumerate().filter_map(|(row, column)| column.map(|column| (row, column)))
    }

    /// Adds a row and moves others if that pays: Dijkstra's search over the slacks.
    fn add(&mut self, start: usize, reached: &mut [Option<Reached>]) {
        let surplus = |&(column, worth): &(usize, i128)| worth - self.column_price[column];
        self.row_price[start] = self.edges[start].iter().map(surplus).max().unwrap_or(0).max(0);
        let mut queue = BinaryHeap::new();
        let mut touched = Vec::new();
        let mut rows = vec![(start, 0)];
        let (mut length, mut end) = (self.row_price[start], End::Row(start));
        let mut current = Some((start, 0));
        while let Some((row, distance)) = current {
            for &(column, worth) in &self.edges[row] {
                let distance = distance + self.row_price[row] + self.column_price[column] - worth;
                let is_shorter = match reached[column] {
                    None => true,
                    Some(old) => !old.is_final && distance < old.distance,
                };
                if distance < length && is_shorter {
                    if reached[column].is_none() {
                        touched.push(column);
                    }
                    reached[column] = Some(Reached { distance, from: row, is_final: false });
                    queue.push(Reverse((distance, column)));
                }
            }
            current = None;
            while let Some(Reverse((distance, column))) = queue.pop() {
                if distance >= length {
                    break;
                }
                let reach = reached[column].as_mut().expect("a column in the queue was reached");
                if std::mem::replace(&mut reach.is_final, true) {
                    continue;
                }
                let Some(row) = self.row_of[column] else {
                    (length, end) = (distance, End::Column(column));
                    break;
                };
                rows.push((row, distance));
                if distance + self.row_price[row] < length {
                    (length, end) = (distance + self.row_price[row], End::Row(row));
                }
                current = Some((row, distance));
                break;
            }
        }
        for &(row, distance) in &rows {
            if distance < length {
                self.row_price[row] -= length - distance;
            }
        }
        for &column in &touched {
            if let Some(Reached { distance, is_final: true, .. }) = reached[column]
                && distance < length
            {
                self.column_price[column] += length - distance;
            }
        }
        self.augment(end, reached);
        for column in touched {
            reached[column] = None;
        }
    }

    /// Moves every row of the path to the next column.
    fn augment(&mut self, end: End, reached: &[Option<Reached>]) {
        let mut free = match end {
            End::Column(column) => Some(column),
            End::Row(row) => self.column_of[row].take(),
        };
        while let Some(column) = free {
            let row = reached[column].expect("the path goes through columns that were reached").from;
            self.row_of[column] = Some(row);
            free = self.column_of[row].replace(column);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::strict::tests::{items, mentions};
    use super::*;

    /// The number of pairs with the same span and label, the same span, the same label, neither; and their overlaps.
    type Quality = [i128; 5];

    fn quality(gold: &[Item], predicted: &[Item], pairs: &[(usize, usize)]) -> Quality {
        let mut quality = [0; 5];
        for &(left, right) in pairs {
            let (gold, predicted) = (gold[left], predicted[right]);
            let tier = match (gold.span == predicted.span, gold.label == predicted.label) {
                (true, true) => 0,
                (true, false) => 1,
                (false, true) => 2,
                (false, false) => 3,
            };
            quality[tier] += 1;
            let (gold, predicted) = (gold.span.range(), predicted.span.range());
            let shared = gold.clone().filter(|byte| predicted.contains(byte)).count() as i128;
            let either = (gold.len() + predicted.len()) as i128 - shared;
            quality[4] += if either == 0 { 0 } else { (shared << 30) / either };
        }
        quality
    }

    /// The best quality of all matchings, by trying each.
    fn best(gold: &[Item], predicted: &[Item], from: usize, pairs: &mut Vec<(usize, usize)>) -> Quality {
        if from == gold.len() {
            return quality(gold, predicted, pairs);
        }
        let mut result = best(gold, predicted, from + 1, pairs);
        for (index, candidate) in predicted.iter().enumerate() {
            let fits = candidate.span == gold[from].span || candidate.span.overlaps(gold[from].span);
            if fits && pairs.iter().all(|pair| pair.1 != index) {
                pairs.push((from, index));
                result = result.max(best(gold, predicted, from + 1, pairs));
                pairs.pop();
            }
        }
        result
    }

    #[test]
    fn pairs_what_belongs_together() {
        type Case<'a> = (&'a str, &'a [(usize, usize, u16)], &'a [(usize, usize, u16)], &'a [(usize, usize)]);
        let cases: [Case<'_>; 13] = [
            ("nothing", &[], &[], &[]),
            ("touching is not overlapping", &[(0, 3, 0)], &[(3, 5, 0)], &[]),
            ("an early overlap steals nothing", &[(5, 10, 0)], &[(4, 6, 0), (5, 10, 0)], &[(0, 1)]),
            ("the label decides", &[(0, 13, 0), (14, 18, 1)], &[(0, 18, 1)], &[(1, 0)]),
            ("the span before the label", &[(0, 4, 0)], &[(0, 4, 1), (0, 5, 0)], &[(0, 0)]),
            ("the larger overlap", &[(0, 9, 0)], &[(0, 3, 1), (2, 9, 1)], &[(0, 1)]),
            ("two pairs before one better one", &[(0, 4, 0), (3, 9, 1)], &[(2, 5, 2), (8, 9, 2)], &[(0, 0), (1, 1)]),
            ("one label before two pairs", &[(0, 4, 0), (3, 9, 1)], &[(2, 5, 1), (12, 13, 1)], &[(1, 0)]),
            ("the pair makes room", &[(0, 5, 0), (4, 9, 0)], &[(0, 3, 0), (2, 8, 0)], &[(0, 0), (1, 1)]),
            (
                "a chain shifts",
                &[(0, 4, 0), (3, 8, 0), (7, 12, 0)],
                &[(3, 5, 0), (7, 9, 0), (11, 12, 0)],
                &[(0, 0), (1, 1), (2, 2)],
            ),
            ("nested of one span", &[(0, 4, 0), (0, 4, 1)], &[(0, 4, 1), (0, 4, 2)], &[(0, 1), (1, 0)]),
            ("empty spans are alike", &[(4, 4, 0), (6, 6, 0)], &[(4, 4, 1), (6, 6, 0)], &[(0, 0), (1, 1)]),
            ("an empty span overlaps nothing", &[(2, 2, 0)], &[(0, 4, 0)], &[]),
        ];
        for (name, gold, predicted, want) in cases {
            assert_eq!(matched_pairs(&items(gold), &items(predicted)), want, "{name}");
        }
    }

    /// Nested mentions that all overlap: only pairing the k-th longest with the k-th longest gains every overlap.
    #[test]
    fn hundreds_of_nested_mentions_are_paired() {
        let n = 400;
        let gold = items(&(0..n).map(|depth| (2 * depth, 8000 - 2 * depth, 0)).collect::<Vec<_>>());
        let predicted = items(&(0..n).map(|depth| (2 * depth + 1, 8000 - 2 * depth, 0)).collect::<Vec<_>>());
        let want: Vec<(usize, usize)> = (0..n).map(|depth| (depth, depth)).collect();
        assert_eq!(matched_pairs(&gold, &predicted), want);
    }

    /// Mentions in order and shuffled.
    fn shuffled() -> impl Strategy<Value = (Vec<Item>, Vec<Item>)> {
        let sorted = mentions(10).prop_map(|list| items(&list));
        sorted.prop_flat_map(|list| (Just(list.clone()), Just(list).prop_shuffle()))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]
        #[test]
        fn no_matching_is_better(gold in mentions(6), predicted in mentions(6), crowd in 1usize..12) {
            // Close together, so that most overlap.
            let press = |list: Vec<(usize, usize, u16)>| {
                let press = |(start, end, label)| (start / crowd, start / crowd + end - start, label);
                items(&list.into_iter().map(press).collect::<Vec<_>>())
            };
            let (gold, predicted) = (press(gold), press(predicted));
            let pairs = matched_pairs(&gold, &predicted);
            prop_assert!(pairs.windows(2).all(|pair| pair[0].0 < pair[1].0));
            let mut columns: Vec<usize> = pairs.iter().map(|pair| pair.1).collect();
            columns.sort_unstable();
            prop_assert!(columns.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert_eq!(quality(&gold, &predicted, &pairs), best(&gold, &predicted, 0, &mut Vec::new()));
        }

        #[test]
        fn the_order_does_not_matter(
            (gold, shuffled_gold) in shuffled(),
            (predicted, shuffled_predicted) in shuffled(),
        ) {
            let keys = |gold: &[Item], predicted: &[Item]| {
                let pairs = matched_pairs(gold, predicted).into_iter();
                let mut keys: Vec<_> = pairs.map(|(left, right)| (gold[left].key(), predicted[right].key())).collect();
                keys.sort_unstable();
                keys
            };
            prop_assert_eq!(keys(&shuffled_gold, &shuffled_predicted), keys(&gold, &predicted));
        }
    }
}
