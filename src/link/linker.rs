//! Who puts mentions into entities?

use std::collections::BTreeMap;

use super::Kind;
use super::collection::Collection;
use super::links::{Draft, Links};
use crate::text::{Alias, Document};

/// How to link.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct LinkOptions {}

/// Puts mentions into entities. Immutable; one serves every thread.
#[derive(Clone, Debug)]
pub struct Linker {
    _options: LinkOptions,
}

impl Linker {
    /// A linker.
    pub fn new(options: LinkOptions) -> Self {
        Self { _options: options }
    }

    /// Links the mentions of one document with each other and writes `entity` and `entities` into it; the ids are `e1`, `e2` … in
    /// the order of the first mentions.
    pub fn link_document(&self, document: &mut Document) {
        let mut collection = Collection::new();
        collection.add(document);
        self.link(&collection).numbered().write(0, document);
    }

    /// Links the mentions of all documents with each other. The ids are made from the content: they depend neither on the order of
    /// the documents nor on the number of threads.
    pub fn link(&self, collection: &Collection) -> Links {
        // For now: one surface and one kind are one entity.
        let mut found: BTreeMap<(&str, Kind), Draft> = BTreeMap::new();
        for (at, listing) in collection.documents.iter().enumerate() {
            for (nth, named) in listing.mentions.iter().enumerate() {
                let surface = collection.surfaces[named.surface as usize].as_str();
                let label = &collection.labels[named.label as usize];
                let draft = found.entry((surface, Kind::of(label))).or_insert_with(|| Draft::new(surface, label));
                draft.mentions.push((at, nth));
                draft.aliases = vec![Alias { name: surface.to_owned(), mentions: draft.mentions.len() }];
            }
        }
        Links::new(collection, found.into_values().collect())
    }
}
