//! Which mentions of the two sides are the same, and which overlap?

use crate::eval::Item;
use crate::text::Span;

/// What strict matching says of every mention of a document.
pub(in crate::eval) struct Strict {
    /// Whether each gold mention was predicted.
    pub(in crate::eval) gold: Vec<bool>,
    /// Whether each predicted mention is in the gold.
    pub(in crate::eval) predicted: Vec<bool>,
}

impl Strict {
    /// The gold mentions that were not predicted, in order.
    pub(in crate::eval) fn wrong_gold(&self) -> Vec<usize> {
        wrong(&self.gold)
    }

    /// The predicted mentions that are not in the gold, in order.
    pub(in crate::eval) fn wrong_predicted(&self) -> Vec<usize> {
        wrong(&self.predicted)
    }
}

fn wrong(right: &[bool]) -> Vec<usize> {
    (0..right.len()).filter(|&index| !right[index]).collect()
}

/// Matches the mentions of two sides by span and label; both are sorted and free of duplicates.
pub(in crate::eval) fn strict(gold: &[Item], predicted: &[Item]) -> Strict {
    let mut result = Strict { gold: vec![false; gold.len()], predicted: vec![false; predicted.len()] };
    let (mut g, mut p) = (0, 0);
    while g < gold.len() && p < predicted.len() {
        match gold[g].key().cmp(&predicted[p].key()) {
            std::cmp::Ordering::Less => g += 1,
            std::cmp::Ordering::Greater => p += 1,
            std::cmp::Ordering::Equal => {
                result.gold[g] = true;
                result.predicted[p] = true;
                g += 1;
                p += 1;
            }
        }
    }
    result
}

/// Pairs the places of equal spans in two sorted lists one to one: the first with the first, the second with the second.
pub(in crate::eval) fn same_spans(gold: &[Span], predicted: &[Span]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let (mut g, mut p) = (0, 0);
    while g < gold.len() && p < predicted.len() {
        match gold[g].cmp(&predicted[p]) {
            std::cmp::Ordering::Less => g += 1,
            std::cmp::Ordering::Greater => p += 1,
            std::cmp::Ordering::Equal => {
                pairs.push((g, p));
                g += 1;
                p += 1;
            }
        }
    }
    pairs
}

/// Takes the rising places out of a list.
pub(in crate::eval) fn take_out(list: &mut Vec<usize>, places: impl Iterator<Item = usize>) {
    let mut places = places.peekable();
    let mut at = 0;
    list.retain(|_| {
        at += 1;
        places.next_if_eq(&(at - 1)).is_none()
    });
}

/// The places in two sorted lists whose spans overlap, in the order of the second list, then of the first.
pub(in crate::eval) fn overlaps(gold: &[Span], predicted: &[Span]) -> Vec<(usize, usize)> {
    let ends: Vec<usize> = gold
        .iter()
        .scan(0, |last, span| {
            *last = span.end().max(*last);
            Some(*last)
        })
        .collect();
    let mut pairs = Vec::new();
    for (p, &span) in predicted.iter().enumerate() {
        let first = ends.partition_point(|&end| end <= span.start());
        let near = gold[first..].iter().take_while(|other| other.start() < span.end()).enumerate();
        pairs.extend(near.filter(|(_, other)| other.overlaps(span)).map(|(offset, _)| (first + offset, p)));
    }
    pairs
}

/// How many bytes two spans share.
pub(in crate::eval) fn shared(one: Span, other: Span) -> usize {
    one.end().min(other.end()).saturating_sub(one.start().max(other.start()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::eval::errors::fixture::{items, random_items};

    proptest! {
        #[test]
        fn the_sweep_finds_what_every_pair_compared_finds(gold in random_items(), predicted in random_items()) {
            let gold = items(&gold);
            let predicted = items(&predicted);
            let spans = |items: &[Item]| items.iter().map(|item| item.span).collect::<Vec<_>>();
            let (g, p) = (spans(&gold), spans(&predicted));
            let mut want = Vec::new();
            for (j, right) in p.iter().enumerate() {
                for (i, left) in g.iter().enumerate() {
                    if left.range().any(|byte| right.range().contains(&byte)) {
                        want.push((i, j));
                        prop_assert_eq!(shared(*left, *right), left.range().filter(|b| right.range().contains(b)).count());
                    }
                }
            }
            prop_assert_eq!(overlaps(&g, &p), want);
            let found = strict(&gold, &predicted);
            for (index, item) in gold.iter().enumerate() {
                prop_assert_eq!(found.gold[index], predicted.iter().any(|other| other.key() == item.key()));
            }
            for (index, item) in predicted.iter().enumerate() {
                prop_assert_eq!(found.predicted[index], gold.iter().any(|other| other.key() == item.key()));
            }
        }
    }
}
