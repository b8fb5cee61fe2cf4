//! Entities by their ids, those that redirect included.

use rusqlite::{Connection, OptionalExtension};

use super::Error;
use super::archive::Failure;

/// An entity as somebody names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct EntityRef {
    /// The row of the id itself.
    pub(super) row: i64,
    /// The row of the entity that it redirects to; `row` if it does not.
    pub(super) survivor: i64,
}

impl EntityRef {
    /// The entity of an id; `None` if the archive has never had it.
    pub(super) fn find(connection: &Connection, id: &str) -> rusqlite::Result<Option<Self>> {
        let mut find = connection.prepare_cached("SELECT row, survivor FROM entities WHERE id = ?1")?;
        find.query_row([id], |row| Ok(Self { row: row.get(0)?, survivor: row.get(1)? })).optional()
    }

    /// The same, where there has to be one.
    pub(super) fn of(connection: &Connection, id: &str) -> Result<Self, Failure> {
        Ok(Self::find(connection, id)?.ok_or_else(|| Error::NoEntity { id: id.to_owned() })?)
    }
}

/// The id of a row.
pub(super) fn id_of(connection: &Connection, row: i64) -> rusqlite::Result<String> {
    connection.prepare_cached("SELECT id FROM entities WHERE row = ?1")?.query_row([row], |row| row.get(0))
}
