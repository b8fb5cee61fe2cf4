//! Which entities does a side name?

use std::collections::HashMap;

use serde_json::Value;

use crate::eval::{EntityId, EntityTable};
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
        let Some(Value::Array(list)) = document.extra.get("entities") else { return };
        for entity in list {
            let Some(name) = entity.get("id").and_then(Value::as_str) else { continue };
            let kb = match entity.get("kb") {
                Some(Value::String(id)) => Some(id.clone()),
                Some(Value::Object(ids)) => ids.values().find_map(Value::as_str).map(str::to_owned),
                _ => None,
            };
            if let Some(kb) = kb {
                self.kb.insert(name.to_owned(), kb);
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
