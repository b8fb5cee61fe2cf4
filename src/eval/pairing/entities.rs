//! Which entities does a side refer to?

use std::collections::{BTreeMap, HashMap};

use crate::eval::corpus::{EntityId, EntityTable};
use crate::text::{Document, Entity};

/// The entities of one side, by name and knowledge-base id: if two documents use one name for two things, they stay apart.
pub(super) struct Entities<'b> {
    pub(super) table: EntityTable,
    bases: &'b Bases,
    ids: HashMap<(String, Option<String>), EntityId>,
    /// The knowledge-base ids of the current document's entities, by name.
    kb_ids: HashMap<String, String>,
}

/// The knowledge bases whose ids the gold has, the most frequent first, then by name.
///
/// An entity may have ids in several bases, and both sides must compare ids of the same one. An id in a base that the gold
/// does not use can be neither right nor wrong, so it is ignored.
pub(super) struct Bases(Vec<String>);

impl Bases {
    pub(super) fn of(gold: &[Document]) -> Self {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for document in gold {
            for base in document.entities.iter().flat_map(|entity| entity.kb.keys()) {
                *counts.entry(base.clone()).or_default() += 1;
            }
        }
        let mut order: Vec<(String, usize)> = counts.into_iter().collect();
        order.sort_by(|(_, n), (_, m)| m.cmp(n));
        Self(order.into_iter().map(|(base, _)| base).collect())
    }

    /// The id to compare. An id without the name of its base may be of any base.
    fn choose<'k>(&self, kb: &'k BTreeMap<String, String>) -> Option<&'k String> {
        let known = self.0.iter().find_map(|base| kb.get(base)).or_else(|| kb.get(Entity::UNNAMED_BASE));
        let any = || kb.get("wikidata").or_else(|| kb.values().next());
        known.or_else(|| any().filter(|_| self.0.is_empty() || self.0.iter().any(|base| base == Entity::UNNAMED_BASE)))
    }
}

impl<'b> Entities<'b> {
    pub(super) fn new(bases: &'b Bases) -> Self {
        Self { table: EntityTable::default(), bases, ids: HashMap::new(), kb_ids: HashMap::new() }
    }

    /// Reads the entities of the next document.
    pub(super) fn enter(&mut self, document: &Document) {
        self.kb_ids.clear();
        for entity in &document.entities {
            if let Some(id) = self.bases.choose(&entity.kb) {
                self.kb_ids.insert(entity.id.clone(), id.clone());
            }
        }
    }

    /// The entity of this name in the current document.
    pub(super) fn id(&mut self, name: &str) -> EntityId {
        let kb_id = self.kb_ids.get(name).cloned();
        let table = &mut self.table;
        *self.ids.entry((name.to_owned(), kb_id.clone())).or_insert_with(|| table.add(name, kb_id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Label;

    #[test]
    fn ids_are_compared_in_the_bases_of_the_gold() {
        let ids = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
            pairs.iter().map(|(base, id)| ((*base).into(), (*id).into())).collect()
        };
        let document = |pairs: &[(&str, &str)]| {
            let mut document = Document::new("a", "Oslo");
            document.entities.push(Entity { kb: ids(pairs), ..Entity::new("x", "Oslo", Label::new("LOC")) });
            document
        };
        let wikidata = Bases::of(&[document(&[("wikidata", "Q585")])]);
        let unnamed = Bases::of(&[document(&[(Entity::UNNAMED_BASE, "Q585")])]);
        let none = Bases::of(&[document(&[])]);
        for (kb, want) in [
            (ids(&[("geonames", "3143244"), ("wikidata", "Q585")]), [Some("Q585"); 3]),
            (ids(&[("geonames", "3143244")]), [None, Some("3143244"), Some("3143244")]),
            (ids(&[(Entity::UNNAMED_BASE, "Q585")]), [Some("Q585"); 3]),
            (ids(&[]), [None; 3]),
        ] {
            let got = [&wikidata, &unnamed, &none].map(|bases| bases.choose(&kb).map(String::as_str));
            assert_eq!(got, want, "{kb:?}");
        }
    }
}
