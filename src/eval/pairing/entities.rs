//! Which entities does a side name?

use std::collections::HashMap;

use crate::eval::{EntityId, EntityTable};
use crate::io::entities_of;
use crate::text::Document;

/// The entities of one side, by name and knowledge-base id: where two documents use one name for two things, they stay apart.
#[derive(Default)]
pub(super) struct Entities {
    pub(super) table: EntityTable,
    ids: HashMap<(String, Option<String>), EntityId>,
    /// The knowledge-base ids of the current document's entities.
    kb: HashMap<String, String>,
}

impl Entities {
    /// Reads the document's own list of entities.
    pub(super) fn enter(&mut self, document: &Document) {
        self.kb.clear();
        for entity in entities_of(document).iter() {
            // Both sides must take the id of one base: Wikidata's where there is one, else that of the first base by the alphabet.
            let kb = entity.kb.get("wikidata").or_else(|| entity.kb.values().next());
            if let Some(kb) = kb {
                self.kb.insert(entity.id.clone(), kb.clone());
            }
        }
    }

    pub(super) fn id(&mut self, name: &str) -> EntityId {
        let key = (name.to_owned(), self.kb.get(name).cloned());
        if let Some(&id) = self.ids.get(&key) {
            return id;
        }
        let id = EntityId(u32::try_from(self.table.names.len()).expect("fewer than 2^32 entities"));
        self.table.names.push(key.0.clone());
        self.table.kb.push(key.1.clone());
        self.ids.insert(key, id);
        id
    }
}
