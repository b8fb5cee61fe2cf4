//! What came of linking?

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::collection::Collection;
use crate::text::{Alias, Document, Entity, Fields, Label};

/// The entities of a [`Collection`], and which mention is which.
#[derive(Clone, Debug)]
pub struct Links {
    entities: Vec<Entity>,
    /// Per document and mention, the entity's index; `None` where the mention was left alone.
    of_mention: Vec<Vec<Option<u32>>>,
}

/// An entity that is being made.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) label: Label,
    pub(super) aliases: Vec<Alias>,
    /// Indices of a document and of a mention in it.
    pub(super) mentions: Vec<(usize, usize)>,
}

impl Draft {
    pub(super) fn new(name: &str, label: &Label) -> Self {
        Self { name: name.to_owned(), label: label.clone(), aliases: Vec::new(), mentions: Vec::new() }
    }
}

impl Links {
    pub(super) fn new(collection: &Collection, drafts: Vec<Draft>) -> Self {
        let empty = |n: usize| vec![None; n];
        let mut of_mention: Vec<_> = collection.documents.iter().map(|listing| empty(listing.mentions.len())).collect();
        let mut entities = Vec::with_capacity(drafts.len());
        for (at, draft) in drafts.into_iter().enumerate() {
            let mut documents: Vec<usize> = draft.mentions.iter().map(|&(document, _)| document).collect();
            documents.dedup();
            for (document, nth) in draft.mentions {
                of_mention[document][nth] = Some(u32::try_from(at).expect("fewer than 2^32 entities"));
            }
            let hash = Sha256::digest(format!("{}\n{}", draft.label, draft.name));
            let id = hash[..8].iter().map(|byte| format!("{byte:02x}")).collect();
            let (name, label, aliases) = (draft.name, draft.label, draft.aliases);
            let documents = documents.len();
            let (kb, extra) = (BTreeMap::new(), Fields::new());
            entities.push(Entity { id, name, label, aliases, documents, kb, extra });
        }
        Self { entities, of_mention }
    }

    /// The same with ids `e1`, `e2` … in the order of the first mentions.
    pub(super) fn numbered(mut self) -> Self {
        let mut next = 0;
        let mut seen = vec![false; self.entities.len()];
        for &at in self.of_mention.iter().flatten().flatten() {
            if !std::mem::replace(&mut seen[at as usize], true) {
                next += 1;
                self.entities[at as usize].id = format!("e{next}");
            }
        }
        self
    }

    /// All entities, most mentions first, then by name.
    pub fn entities(&self) -> Vec<&Entity> {
        let mut all: Vec<&Entity> = self.entities.iter().collect();
        all.sort_by(|a, b| b.mentions().cmp(&a.mentions()).then_with(|| (&a.name, &a.id).cmp(&(&b.name, &b.id))));
        all
    }

    /// Writes the entities into a document: the `nth` that was added to the collection, with the mentions that it had then.
    ///
    /// `entities` of the document are those that it names, in the order of their first mention; the counts are the document's own.
    ///
    /// # Panics
    /// When the document has other mentions than it had when it was added.
    pub fn write(&self, nth: usize, document: &mut Document) {
        let of_mention = &self.of_mention[nth];
        assert_eq!(of_mention.len(), document.mentions.len(), "the document is the one that was added");
        document.extra.remove("entities");
        let mut here: Vec<(u32, BTreeMap<&str, usize>)> = Vec::new();
        for (mention, &entity) in document.mentions.iter_mut().zip(of_mention) {
            mention.entity = entity.map(|at| self.entities[at as usize].id.clone());
            let Some(at) = entity else { continue };
            let surface = &document.text[mention.span.range()];
            let place = here.iter().position(|(other, _)| *other == at).unwrap_or_else(|| {
                here.push((at, BTreeMap::new()));
                here.len() - 1
            });
            *here[place].1.entry(surface).or_default() += 1;
        }
        let entity = |(at, counts): (u32, BTreeMap<&str, usize>)| {
            let mut aliases: Vec<Alias> =
                counts.into_iter().map(|(name, mentions)| Alias { name: name.to_owned(), mentions }).collect();
            aliases.sort_by(|a, b| b.mentions.cmp(&a.mentions).then_with(|| a.name.cmp(&b.name)));
            Entity { aliases, documents: 1, ..self.entities[at as usize].clone() }
        };
        document.entities = here.into_iter().map(entity).collect();
    }
}
