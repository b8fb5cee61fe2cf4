//! Which small corpora do the tests score?

use proptest::prelude::*;

use crate::eval::{Corpus, Item, Paired};
use crate::label::{LabelId, LabelSet};
use crate::text::Span;

/// A mention: its first byte, the one past its last, its label's id, its score.
pub(in crate::eval) type Row = (usize, usize, u16, Option<f32>);

/// Sorted items without duplicates.
pub(in crate::eval) fn items(rows: &[Row]) -> Vec<Item> {
    let mut items: Vec<Item> = rows
        .iter()
        .map(|&(start, end, label, score)| Item {
            span: Span::new(start, end),
            label: LabelId(label),
            score,
            entity: None,
        })
        .collect();
    items.sort_by_key(Item::key);
    items.dedup_by_key(|item| item.key());
    items
}

/// A document with one system.
pub(in crate::eval) fn paired(text: &str, gold: &[Row], predicted: &[Row]) -> Paired {
    Paired { id: "toy".into(), text: text.into(), tokens: None, gold: items(gold), systems: vec![items(predicted)] }
}

/// A corpus of such documents with the labels PER, ORG, LOC.
pub(in crate::eval) fn corpus(documents: Vec<Paired>) -> Corpus {
    let mut labels = LabelSet::new();
    for name in ["PER", "ORG", "LOC"] {
        labels.add(name).expect("three labels fit");
    }
    let documents = documents
        .into_iter()
        .enumerate()
        .map(|(index, document)| Paired { id: format!("{}{index}", document.id), ..document })
        .collect();
    Corpus { labels, documents, n_systems: 1, ..Corpus::default() }
}

/// Up to 12 mentions in 30 bytes, which nest, cross and touch.
pub(in crate::eval) fn random_items() -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec((0usize..24, 1usize..7, 0u16..3, prop::option::of(0u8..=10)), 0..12).prop_map(|rows| {
        let row = |(start, len, label, score): (usize, usize, u16, Option<u8>)| {
            (start, start + len, label, score.map(|tenths| f32::from(tenths) / 10.0))
        };
        rows.into_iter().map(row).collect()
    })
}

/// A text for [`random_items`].
pub(in crate::eval) const TEXT: &str = "Ann Lee met ann of Bonn, again";
