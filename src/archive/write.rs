//! The entities of an archive in a document.

use std::collections::{BTreeMap, HashMap};

use rusqlite::Connection;
use serde_json::json;

use super::add::{fingerprint, stored};
use super::{Archive, Error};
use crate::text::{Alias, Document, Entity, Fields, Label};

impl Archive {
    /// Writes the entities of the archive into a document that it has: `entity` of each mention, and `entities` in the order of their
    /// first mentions, with the counts of this document.
    ///
    /// # Errors
    /// [`Error::Unlinked`] if the archive does not have the document, or with other content. It is left as it is then.
    pub fn write(&self, document: &mut Document) -> Result<(), Error> {
        let unlinked = |found| Error::Unlinked { id: document.id.clone(), found };
        let Some((row, hash)) = self.read(|connection| stored(connection, &document.id))? else {
            return Err(unlinked("which it does not have"));
        };
        if hash != fingerprint(document) {
            return Err(unlinked("which has another text or other mentions there"));
        }
        let of_mention = self.read(|connection| of_mention(connection, row))?;
        if of_mention.len() != document.mentions.len() {
            return Err(unlinked("which has another number of mentions there"));
        }
        let mut here: Vec<(i64, BTreeMap<&str, usize>)> = Vec::new();
        let mut places: HashMap<i64, usize> = HashMap::new();
        for (mention, &entity) in document.mentions.iter().zip(&of_mention) {
            let place = *places.entry(entity).or_insert_with(|| {
                here.push((entity, BTreeMap::new()));
                here.len() - 1
            });
            *here[place].1.entry(&document.text[mention.span.range()]).or_default() += 1;
        }
        let mut entities = Vec::with_capacity(here.len());
        let mut ids: HashMap<i64, String> = HashMap::with_capacity(here.len());
        for (row, counts) in here {
            let entity = self.read(|connection| entity(connection, row))?;
            ids.insert(row, entity.id.clone());
            entities.push(Entity { aliases: Alias::ranked(counts), ..entity });
        }
        document.entities = entities;
        for (mention, entity) in document.mentions.iter_mut().zip(of_mention) {
            mention.entity = Some(ids[&entity].clone());
        }
        Ok(())
    }
}

/// The rows of the entities of a document's mentions.
fn of_mention(connection: &Connection, document: i64) -> rusqlite::Result<Vec<i64>> {
    let mut find = connection.prepare_cached(
        "SELECT e.survivor FROM mentions m JOIN aliases a ON a.row = m.alias JOIN names n ON n.row = a.name
         JOIN entities e ON e.row = n.entity WHERE m.document = ?1 ORDER BY m.nth",
    )?;
    find.query_map([document], |row| row.get(0))?.collect()
}

/// An entity with its ids and candidates, as one document has it: without aliases.
pub(super) fn entity(connection: &Connection, row: i64) -> rusqlite::Result<Entity> {
    let mut entity =
        connection.prepare_cached("SELECT id, name, label FROM entities WHERE row = ?1")?.query_row([row], |row| {
            let label = Label::new(row.get_ref(2)?.as_str()?);
            Ok(Entity::new(row.get::<_, String>(0)?, row.get::<_, String>(1)?, label))
        })?;
    entity.kb = ids(connection, row)?;
    let mut find = connection.prepare_cached(
        "SELECT s.id, s.name, max(c.probability) FROM candidates c JOIN entities o ON o.row = c.other JOIN entities s ON s.row = o.survivor
         WHERE c.entity = ?1 AND s.row <> ?1 GROUP BY s.row ORDER BY 3 DESC, s.row LIMIT 5",
    )?;
    let candidates: Vec<serde_json::Value> = find
        .query_map([row], |row| {
            let (id, name, probability): (String, String, f64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(json!({"entity": id, "name": name, "probability": (probability * 1e4).round() / 1e4}))
        })?
        .collect::<rusqlite::Result<_>>()?;
    if !candidates.is_empty() {
        entity.extra = Fields::new();
        entity.extra.insert("candidates".to_owned(), candidates.into());
    }
    Ok(entity)
}

/// The ids of an entity in knowledge bases.
pub(super) fn ids(connection: &Connection, row: i64) -> rusqlite::Result<BTreeMap<String, String>> {
    let mut find = connection.prepare_cached("SELECT base, id FROM kb WHERE entity = ?1")?;
    find.query_map([row], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}
