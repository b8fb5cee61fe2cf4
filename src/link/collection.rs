//! What does linking need of the documents?

use std::collections::HashMap;

use crate::text::{Document, Label};

/// The mentions of many documents, without their texts: every surface and label is kept once.
#[derive(Clone, Debug, Default)]
pub struct Collection {
    pub(super) surfaces: Vec<String>,
    pub(super) labels: Vec<Label>,
    pub(super) documents: Vec<Listing>,
    surface_ids: HashMap<String, u32>,
    label_ids: HashMap<Label, u32>,
}

/// What is kept of one document.
#[derive(Clone, Debug)]
pub(super) struct Listing {
    pub(super) mentions: Vec<Named>,
}

/// What is kept of one mention, in the order of the document's mentions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named {
    pub(super) surface: u32,
    pub(super) label: u32,
}

impl Collection {
    /// No documents yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a document in; it is the next in the order of [`Links::write`](super::Links::write).
    pub fn add(&mut self, document: &Document) {
        let mut mentions = Vec::with_capacity(document.mentions.len());
        for mention in &document.mentions {
            let surface = &document.text[mention.span.range()];
            let surface = match self.surface_ids.get(surface) {
                Some(&id) => id,
                None => {
                    let id = u32::try_from(self.surfaces.len()).expect("fewer than 2^32 surfaces fit into memory");
                    self.surfaces.push(surface.to_owned());
                    self.surface_ids.insert(surface.to_owned(), id);
                    id
                }
            };
            let labels = &mut self.labels;
            let label = *self.label_ids.entry(mention.label.clone()).or_insert_with(|| {
                labels.push(mention.label.clone());
                u32::try_from(labels.len() - 1).expect("fewer than 2^32 labels fit into memory")
            });
            mentions.push(Named { surface, label });
        }
        self.documents.push(Listing { mentions });
    }

    /// How many documents it has.
    pub fn len(&self) -> usize {
        self.documents.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }
}
