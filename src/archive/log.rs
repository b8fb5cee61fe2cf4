//! What happened to which entity.

use rusqlite::Connection;

/// Appends to the log: what happened, to which entity, with which other.
pub(super) fn log(
    connection: &Connection,
    now: &str,
    (what, entity, other): (&str, Option<&str>, Option<&str>),
    why: &str,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT INTO log (at, what, entity, other, why) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute((now, what, entity, other, why))?;
    Ok(())
}
