//! Small corpora for tests.

use proptest::prelude::*;

use crate::eval::{Corpus, EntityTable, EntityTables, Item, Paired};
use crate::label::{LabelId, LabelSet};
use crate::text::Span;

/// A mention: start, end, the id of its label, its score.
pub(crate) type Row = (usize, usize, u16, Option<f32>);

/// Sorted items without duplicates.
pub(crate) fn items(rows: &[Row]) -> Vec<Item> {
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
pub(crate) fn paired(text: &str, gold: &[Row], predicted: &[Row]) -> Paired {
    Paired { id: "toy".into(), text: text.into(), tokens: None, gold: items(gold), systems: vec![items(predicted)] }
}

/// A corpus of such documents with the labels PER, ORG, LOC.
pub(crate) fn corpus(documents: Vec<Paired>) -> Corpus {
    let mut labels = LabelSet::new();
    for name in ["PER", "ORG", "LOC"] {
        labels.add(name).expect("three labels fit");
    }
    let documents = documents
        .into_iter()
        .enumerate()
        .map(|(index, document)| Paired { id: format!("{}{index}", document.id), ..document })
        .collect();
    let entities = EntityTables { systems: vec![EntityTable::default()], ..EntityTables::default() };
    Corpus::new(labels, documents, entities).expect("the mentions are sorted and have known labels")
}

/// Up to 12 mentions in 30 bytes that nest, cross and touch.
pub(crate) fn random_items() -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec((0usize..24, 1usize..7, 0u16..3, prop::option::of(0u8..=10)), 0..12).prop_map(|rows| {
        let row = |(start, len, label, score): (usize, usize, u16, Option<u8>)| {
            (start, start + len, label, score.map(|tenths| f32::from(tenths) / 10.0))
        };
        rows.into_iter().map(row).collect()
    })
}

/// A text for [`random_items`].
pub(crate) const TEXT: &str = "Ann Lee met ann of Bonn, again";
