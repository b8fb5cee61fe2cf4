//! All that an archive knows of one entity.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::code::{decode, inflate};
use super::decision::Decision;
use super::entity_ref::EntityRef;
use super::write::entity;
use super::{Archive, Error};
use crate::io::Merged;
use crate::link::{MergeReason, MergeScope};
use crate::text::{Alias, Entity};

/// Bytes of a text on each side of a mention, about.
const CONTEXT: usize = 60;

/// An entity of an archive.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Shown {
    /// Name, label, ids, all aliases with their counts, and the candidates of an ambiguous name.
    pub entity: Entity,
    /// Number of its mentions.
    pub mentions: usize,
    /// Ids that redirect to it.
    pub redirects: Vec<String>,
    /// Why its names are names of one entity.
    pub merges: Vec<Merged>,
    /// Offices that texts give to it, with the number of mentions.
    pub offices: Vec<(String, u64)>,
    /// Decisions on it that hold.
    pub decisions: Vec<Decision>,
    /// Some mentions, the latest documents first.
    pub examples: Vec<Example>,
}

/// A mention in its text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Example {
    /// Id of the document.
    pub document: String,
    /// Date of the document, if it has one.
    pub date: Option<String>,
    /// First byte of the mention.
    pub start: usize,
    /// The text before it, in one line.
    pub before: String,
    /// The mention.
    pub surface: String,
    /// The text after it, in one line.
    pub after: String,
}

impl Archive {
    /// All that the archive knows of an entity, with some mentions. An id that redirects shows the entity that it redirects to.
    ///
    /// # Errors
    /// [`Error::NoEntity`] for an unknown id.
    pub fn show(&self, id: &str) -> Result<Shown, Error> {
        self.show_with(id, 10)
    }

    /// The same with at most so many mentions.
    ///
    /// # Errors
    /// [`Error::NoEntity`] for an unknown id.
    pub fn show_with(&self, id: &str, n_examples: usize) -> Result<Shown, Error> {
        let found = self.read(|connection| EntityRef::find(connection, id))?;
        let row = found.ok_or_else(|| Error::NoEntity { id: id.to_owned() })?.survivor;
        let (entity, redirects, merges, offices, examples) = self.read(|connection| {
            let entity = counted(connection, row)?;
            let mut find = connection
                .prepare_cached("SELECT id FROM entities WHERE survivor = ?1 AND survivor <> row ORDER BY row")?;
            let redirects: Vec<String> = find.query_map([row], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
            let merges = merges(connection, row)?;
            let mut find = connection.prepare_cached(
                "SELECT o.office, sum(o.mentions) FROM offices o JOIN entities e ON e.row = o.entity WHERE e.survivor = ?1
                 GROUP BY 1 ORDER BY 2 DESC, 1",
            )?;
            let offices = find.query_map([row], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
            Ok((entity, redirects, merges, offices, examples(connection, row, n_examples)?))
        })?;
        let ids: Vec<&str> = redirects.iter().map(String::as_str).chain([entity.id.as_str()]).collect();
        let is_on = |text: &str| ids.contains(&text) || entity.aliases.iter().any(|alias| alias.name == text);
        let decisions = self.decisions()?;
        let decisions = decisions.into_iter().filter(|it| is_on(&it.first) || is_on(&it.second)).collect();
        let mentions = entity.mentions();
        Ok(Shown { entity, mentions, redirects, merges, offices, decisions, examples })
    }
}

/// An entity with all its aliases and its number of documents.
pub(super) fn counted(connection: &Connection, row: i64) -> rusqlite::Result<Entity> {
    let mut found = entity(connection, row)?;
    found.documents = connection
        .prepare_cached("SELECT documents FROM entities WHERE row = ?1")?
        .query_row([row], |row| row.get(0))?;
    let mut find = connection.prepare_cached(
        "SELECT a.surface, sum(a.mentions) FROM aliases a JOIN names n ON n.row = a.name WHERE n.entity = ?1 AND a.mentions > 0 GROUP BY 1",
    )?;
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for member in group(connection, row)? {
        for pair in find.query_map([member], |row| Ok((row.get::<_, String>(0)?, row.get::<_, usize>(1)?)))? {
            let (surface, n) = pair?;
            *counts.entry(surface).or_default() += n;
        }
    }
    found.aliases = Alias::ranked(counts.iter().map(|(name, n)| (name.as_str(), *n)).collect());
    Ok(found)
}

/// The rows of an entity and of those that were merged into it.
fn group(connection: &Connection, row: i64) -> rusqlite::Result<Vec<i64>> {
    let mut find = connection.prepare_cached("SELECT row FROM entities WHERE survivor = ?1 AND survivor <> row")?;
    let others = find.query_map([row], |row| row.get(0))?;
    std::iter::once(Ok(row)).chain(others).collect()
}

/// Why the names of an entity are its names.
pub(super) fn merges(connection: &Connection, row: i64) -> rusqlite::Result<Vec<Merged>> {
    let mut find = connection.prepare_cached(
        "SELECT name, of, reason, scope, probability, documents FROM reasons WHERE entity = ?1 ORDER BY of, name",
    )?;
    let mut merges = Vec::new();
    for member in group(connection, row)? {
        let found = find.query_map([member], |row| {
            let (reason, scope): (String, String) = (row.get(2)?, row.get(3)?);
            let said = decode::<MergeReason>(&reason).map_or(reason, |reason| reason.to_string());
            let place = decode::<MergeScope>(&scope).map_or(scope, |scope| scope.to_string());
            let documents: u32 = row.get(5)?;
            let n = if documents > 1 { format!(" ({documents} documents)") } else { String::new() };
            let reason = format!("{said}, {place}{n}");
            Ok(Merged { name: row.get(0)?, into: row.get(1)?, reason, probability: row.get(4)? })
        })?;
        for merged in found {
            merges.push(merged?);
        }
    }
    Ok(merges)
}

fn examples(connection: &Connection, row: i64, n: usize) -> rusqlite::Result<Vec<Example>> {
    let mut find = connection.prepare_cached(
        "SELECT d.id, d.date, m.start, a.surface, d.text FROM entities e JOIN names n ON n.entity = e.row
         JOIN aliases a ON a.name = n.row JOIN mentions m ON m.alias = a.row JOIN documents d ON d.row = m.document
         WHERE e.survivor = ?1 ORDER BY coalesce(d.date, '') DESC, d.row DESC, m.start LIMIT ?2",
    )?;
    let n = i64::try_from(n).unwrap_or(i64::MAX);
    let found = find.query_map((row, n), |row| {
        let (start, surface): (usize, String) = (row.get(2)?, row.get(3)?);
        let text = inflate(row.get_ref(4)?.as_blob()?).unwrap_or_default();
        let end = start + surface.len();
        let one_line = |part: &str| part.split_whitespace().collect::<Vec<_>>().join(" ");
        let from = text.floor_char_boundary(start.saturating_sub(CONTEXT));
        let before = text.get(from..start).map(one_line).unwrap_or_default();
        let to = text.ceil_char_boundary(end + CONTEXT);
        let after = text.get(end..to).map(one_line).unwrap_or_default();
        Ok(Example { document: row.get(0)?, date: row.get(1)?, start, before, surface, after })
    })?;
    found.collect()
}
