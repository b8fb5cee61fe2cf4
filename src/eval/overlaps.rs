//! Which mentions of two sides overlap?

use std::cmp::Ordering;

use crate::text::Span;

/// Pairs equal spans of two sorted lists one to one: the first with the first, the second with the second.
pub(crate) fn same_spans(gold: &[Span], predicted: &[Span]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let (mut g, mut p) = (0, 0);
    while g < gold.len() && p < predicted.len() {
        match gold[g].cmp(&predicted[p]) {
            Ordering::Less => g += 1,
            Ordering::Greater => p += 1,
            Ordering::Equal => {
                pairs.push((g, p));
                g += 1;
                p += 1;
            }
        }
    }
    pairs
}

/// Removes the elements at ascending positions.
pub(crate) fn remove_at(list: &mut Vec<usize>, positions: impl Iterator<Item = usize>) {
    let mut positions = positions.peekable();
    let mut at = 0;
    list.retain(|_| {
        at += 1;
        positions.next_if_eq(&(at - 1)).is_none()
    });
}

/// The indices of overlapping spans of two sorted lists, in the order of the second list, then of the first.
pub(crate) fn overlaps(gold: &[Span], predicted: &[Span]) -> Vec<(usize, usize)> {
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
pub(crate) fn shared(one: Span, other: Span) -> usize {
    one.end().min(other.end()).saturating_sub(one.start().max(other.start()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::eval::Item;
    use crate::eval::fixture::{items, random_items};

    proptest! {
        #[test]
        fn finds_what_comparing_every_pair_finds(gold in random_items(), predicted in random_items()) {
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
        }
    }
}
