//! Who puts mentions into entities?

use super::cluster;
use super::collection::Collection;
use super::kb::Kb;
use super::links::Links;
use crate::text::Document;

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
        Links::new(collection, cluster::drafts(collection, Kb::embedded()))
    }
}
