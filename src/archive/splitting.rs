//! Taking a part out of an entity.

use rusqlite::{Connection, OptionalExtension};
use sha2::{Digest, Sha256};

use super::Error;
use super::archive::Failure;
use super::code::{kind_code, kind_of};
use super::entity_ref::{EntityRef, id_of};
use super::log::log;
use super::merging::recount;
use super::rekeying::rekey;
use crate::link::entity_id_of;

/// The part of an entity that is taken out.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Part {
    /// What the id stood for before it was merged into another.
    Merged,
    /// The mentions of some names, written as the texts have them.
    Names(Vec<String>),
    /// The mentions in some documents, by their ids.
    Documents(Vec<String>),
}

/// A mention by its document's id and its first byte.
pub(super) type Pinned = (String, i64);

/// Splits an entity; returns the rows of what stays and of what leaves, and the mentions that leave.
pub(super) fn split(
    connection: &Connection,
    id: &str,
    part: &Part,
    now: &str,
) -> Result<(i64, i64, Vec<Pinned>), Failure> {
    let error = |expected: String, found: String| Failure::from(Error::Decision { expected, found });
    let EntityRef { row, survivor } = EntityRef::of(connection, id)?;
    if *part == Part::Merged {
        if row == survivor {
            let found = format!("{id}, which is none, and no --name or --document");
            return Err(error("an id that redirects to another, or what to take out".to_owned(), found));
        }
        connection.execute("UPDATE entities SET survivor = row WHERE row = ?1", [row])?;
        recount(connection, row)?;
        recount(connection, survivor)?;
        log(connection, now, ("revive", Some(id), Some(&id_of(connection, survivor)?)), "split")?;
        let mentions = mentions(connection, row)?;
        return Ok((survivor, row, mentions));
    }
    let new = insert(connection, survivor)?;
    let n = match part {
        Part::Names(names) => {
            names.iter().map(|name| move_name(connection, (survivor, new), name)).sum::<Result<usize, _>>()?
        }
        Part::Documents(ids) => {
            ids.iter().map(|id| move_document(connection, (survivor, new), id)).sum::<Result<usize, _>>()?
        }
        Part::Merged => unreachable!("it has returned"),
    };
    let left: i64 = connection.query_row(
        "SELECT coalesce(sum(a.mentions), 0) FROM entities e JOIN names n ON n.entity = e.row JOIN aliases a ON a.name = n.row
         WHERE e.survivor = ?1",
        [survivor],
        |row| row.get(0),
    )?;
    if n == 0 || left == 0 {
        let found = if n == 0 { "no mention that fits" } else { "all of its mentions" };
        return Err(error(format!("a part of the mentions of {id}"), found.to_owned()));
    }
    for entity in [survivor, new] {
        recount(connection, entity)?;
    }
    connection.execute(
        "UPDATE entities SET (name, label) = (SELECT a.surface, a.label FROM names n JOIN aliases a ON a.name = n.row
         WHERE n.entity = ?1 ORDER BY a.mentions DESC, length(a.surface) DESC, a.row LIMIT 1) WHERE row = ?1",
        [new],
    )?;
    log(connection, now, ("split", Some(&id_of(connection, survivor)?), Some(&id_of(connection, new)?)), "decision")?;
    Ok((survivor, new, mentions(connection, new)?))
}

/// A new entity for a part of another.
fn insert(connection: &Connection, of: i64) -> rusqlite::Result<i64> {
    let row: i64 = connection.query_row("SELECT max(row) + 1 FROM entities", (), |row| row.get(0))?;
    let id = entity_id_of(&format!("{}\nsplit\n{row}", id_of(connection, of)?));
    connection.execute(
        "INSERT INTO entities (row, id, survivor, name, label, mentions, documents) VALUES (?1, ?2, ?1, '', '', 0, 0)",
        (row, id),
    )?;
    Ok(row)
}

/// Moves the mentions of one surface.
fn move_name(connection: &Connection, (from, to): (i64, i64), surface: &str) -> Result<usize, Failure> {
    let mut find = connection.prepare_cached(
        "SELECT a.row, a.name, a.kind, a.mentions, (SELECT count(*) FROM aliases b WHERE b.name = a.name AND b.surface <> a.surface)
         FROM entities e JOIN names n ON n.entity = e.row JOIN aliases a ON a.name = n.row WHERE e.survivor = ?1 AND a.surface = ?2",
    )?;
    let found: Vec<(i64, i64, String, usize, i64)> = find
        .query_map((from, surface), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let mut n = 0;
    for (alias, name, kind, mentions, others) in found {
        if others == 0 {
            connection.execute(
                "UPDATE names SET entity = ?2, reason = NULL, scope = NULL, probability = NULL WHERE row = ?1",
                (name, to),
            )?;
        } else {
            let own = own_name(connection, to, (&kind, surface), 0)?;
            connection.execute(
                "UPDATE aliases SET name = ?2, reason = NULL, probability = NULL WHERE row = ?1",
                (alias, own),
            )?;
        }
        n += mentions;
    }
    Ok(n)
}

/// Moves the mentions in one document. What other documents name so stays what it is.
fn move_document(connection: &Connection, (from, to): (i64, i64), id: &str) -> Result<usize, Failure> {
    let mut find = connection.prepare_cached(
        "SELECT m.document, m.nth FROM documents d JOIN mentions m ON m.document = d.row JOIN aliases a ON a.row = m.alias
         JOIN names n ON n.row = a.name JOIN entities e ON e.row = n.entity WHERE d.id = ?2 AND e.survivor = ?1",
    )?;
    let found: Vec<(i64, i64)> =
        find.query_map((from, id), |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
    found.iter().try_for_each(|&mention| move_mention(connection, mention, to))?;
    Ok(found.len())
}

/// Moves a mention, by the row of its document and its index there.
fn move_mention(connection: &Connection, (document, nth): (i64, i64), to: i64) -> Result<(), Failure> {
    let mut find = connection.prepare_cached(
        "SELECT a.row, a.surface, a.label, a.kind FROM mentions m JOIN aliases a ON a.row = m.alias WHERE m.document = ?1 AND m.nth = ?2",
    )?;
    let (alias, surface, label, kind): (i64, String, String, String) =
        find.query_row((document, nth), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    let name = own_name(connection, to, (&kind, &surface), within(connection, to)?)?;
    let own: i64 = connection.query_row(
        "INSERT INTO aliases (name, surface, label, kind, mentions) VALUES (?1, ?2, ?3, ?4, 1)
         ON CONFLICT (name, surface, label, kind) DO UPDATE SET mentions = mentions + 1 RETURNING row",
        (name, &surface, &label, &kind),
        |row| row.get(0),
    )?;
    connection.execute("UPDATE aliases SET mentions = mentions - 1 WHERE row = ?1", [alias])?;
    connection.execute("UPDATE mentions SET alias = ?3 WHERE document = ?1 AND nth = ?2", (document, nth, own))?;
    Ok(())
}

/// Gives a mention to an entity, whatever it has been linked to.
pub(super) fn pin(connection: &Connection, to: i64, (id, start): &Pinned) -> Result<(), Failure> {
    let found: Option<(i64, i64, i64)> = connection
        .prepare_cached(
            "SELECT m.document, m.nth, e.survivor FROM documents d JOIN mentions m ON m.document = d.row JOIN aliases a ON a.row = m.alias
             JOIN names n ON n.row = a.name JOIN entities e ON e.row = n.entity WHERE d.id = ?1 AND m.start = ?2",
        )?
        .query_row((id, start), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    if let Some((document, nth, from)) = found
        && from != to
    {
        move_mention(connection, (document, nth), to)?;
        recount(connection, from)?;
    }
    Ok(())
}

/// A key that no document has, so that a name is not that of others.
fn within(connection: &Connection, entity: i64) -> rusqlite::Result<i64> {
    let hash = Sha256::digest(id_of(connection, entity)?);
    Ok(i64::from_be_bytes(hash[..8].try_into().expect("a digest has 32 bytes")))
}

/// The row of a name of an entity, which is made if there is none.
fn own_name(connection: &Connection, entity: i64, (kind, surface): (&str, &str), within: i64) -> rusqlite::Result<i64> {
    let mut find = connection
        .prepare_cached("SELECT row FROM names WHERE entity = ?1 AND kind = ?2 AND surface = ?3 AND within = ?4")?;
    if let Some(row) = find.query_map((entity, kind, surface, within), |row| row.get(0))?.next() {
        return row;
    }
    connection.execute(
        "INSERT INTO names (entity, kind, surface, within, documents) VALUES (?1, ?2, ?3, ?4, 1)",
        (entity, kind_code(kind_of(kind)), surface, within),
    )?;
    let row = connection.last_insert_rowid();
    rekey(connection, &[row])?;
    Ok(row)
}

/// The mentions of an entity's own names.
fn mentions(connection: &Connection, entity: i64) -> rusqlite::Result<Vec<Pinned>> {
    let mut find = connection.prepare_cached(
        "SELECT d.id, m.start FROM names n JOIN aliases a ON a.name = n.row JOIN mentions m ON m.alias = a.row
         JOIN documents d ON d.row = m.document WHERE n.entity = ?1 ORDER BY d.row, m.nth",
    )?;
    find.query_map([entity], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}
