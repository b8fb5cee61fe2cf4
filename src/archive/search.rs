//! Finding entities by their names.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::known::load;
use super::{Archive, Error};
use crate::link::names::NameModel;
use crate::link::{Kind, KnownEntity, name_keys_sought};

/// Least probability at which a spelling counts as the name that was looked for.
const LEAST: f64 = 0.5;

/// An entity that a name was found in.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Found {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: String,
    /// Number of its mentions.
    pub mentions: u64,
    /// Number of documents that mention it.
    pub documents: u64,
    /// The spelling that fits best.
    pub alias: String,
    /// How well it fits, from 0 to 1: 1 for the same letters, the probability of one person for another spelling, less for a part.
    pub fit: f64,
}

impl Archive {
    /// The entities that have a name, in any spelling, or that have it as a part of their names; the best first, at most `limit`. The
    /// id of an entity finds it too, and an id of a knowledge base.
    ///
    /// # Errors
    /// When the database fails.
    pub fn search(&self, query: &str, limit: usize) -> Result<Vec<Found>, Error> {
        let mut best: BTreeMap<i64, (f64, String)> = BTreeMap::new();
        self.read(|connection| {
            let mut add = |row: i64, alias: String, fit: f64| {
                let known = best.entry(row).or_insert((fit, alias.clone()));
                if fit > known.0 {
                    *known = (fit, alias);
                }
            };
            by_id(connection, query, &mut add)?;
            by_text(connection, query, &mut add)?;
            by_spelling(connection, query, &mut add)
        })?;
        let mut found = Vec::with_capacity(best.len());
        for (row, (fit, alias)) in best {
            found.push(self.read(|connection| {
                let mut find = connection
                    .prepare_cached("SELECT id, name, label, mentions, documents FROM entities WHERE row = ?1")?;
                find.query_row([row], |row| {
                    let (id, name, label) = (row.get(0)?, row.get(1)?, row.get(2)?);
                    Ok(Found { id, name, label, mentions: row.get(3)?, documents: row.get(4)?, alias, fit })
                })
            })?);
        }
        found.retain(|found| found.mentions > 0);
        found.sort_by(|a, b| {
            b.fit.total_cmp(&a.fit).then_with(|| b.mentions.cmp(&a.mentions)).then_with(|| a.id.cmp(&b.id))
        });
        found.truncate(limit);
        Ok(found)
    }
}

fn by_id(connection: &Connection, query: &str, add: &mut impl FnMut(i64, String, f64)) -> rusqlite::Result<()> {
    let mut find = connection.prepare_cached(
        "SELECT survivor FROM entities WHERE id = ?1 UNION SELECT e.survivor FROM kb k JOIN entities e ON e.row = k.entity WHERE k.id = ?1",
    )?;
    for row in find.query_map([query], |row| row.get(0))? {
        add(row?, query.to_owned(), 1.0);
    }
    Ok(())
}

/// Names with the same letters, and names that have them as a part.
fn by_text(connection: &Connection, query: &str, add: &mut impl FnMut(i64, String, f64)) -> rusqlite::Result<()> {
    let mut find = connection.prepare_cached(
        "SELECT e.survivor, a.surface FROM aliases a JOIN names n ON n.row = a.name JOIN entities e ON e.row = n.entity
         WHERE a.surface LIKE '%' || replace(replace(?1, '%', ' '), '_', ' ') || '%' AND a.mentions > 0 LIMIT 10000",
    )?;
    for pair in find.query_map([query], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))? {
        let (row, alias) = pair?;
        let share = query.chars().count() as f64 / alias.chars().count().max(1) as f64;
        let fit = if alias.to_lowercase() == query.to_lowercase() { 1.0 } else { 0.45 * share.min(1.0) };
        add(row, alias, fit);
    }
    Ok(())
}

/// Other spellings of names of persons, and names that share a key.
fn by_spelling(connection: &Connection, query: &str, add: &mut impl FnMut(i64, String, f64)) -> rusqlite::Result<()> {
    let model = NameModel::embedded();
    let sought = model.parse(query);
    let loaded = load(connection, &name_keys_sought(query))?;
    for (entity, &row) in loaded.known.entities.iter().zip(&loaded.rows) {
        let KnownEntity { names, .. } = entity;
        for alias in names.iter().flat_map(|name| &name.aliases).filter(|alias| alias.mentions > 0) {
            if alias.kind == Kind::Person || alias.kind == Kind::Other {
                let fit = model.probability(&sought, &model.parse(&alias.surface));
                if fit >= LEAST {
                    add(row, alias.surface.clone(), 0.99 * fit);
                }
            }
        }
    }
    Ok(())
}
