//! Two entities become one: the younger one redirects to the older.

use rusqlite::Connection;

use super::log::log;

/// Merges an entity into another by their rows, at a time and for a reason; returns both ids, the merged one first.
pub(super) fn merge(
    connection: &Connection,
    row: i64,
    other: i64,
    (now, why): (&str, &str),
) -> rusqlite::Result<(String, String)> {
    let id = |id: &mut rusqlite::CachedStatement<'_>, row: i64| id.query_row([row], |row| row.get::<_, String>(0));
    let mut statement = connection.prepare_cached("SELECT id FROM entities WHERE row = ?1")?;
    let (into, from) = (id(&mut statement, row)?, id(&mut statement, other)?);
    connection.prepare_cached("UPDATE entities SET survivor = ?1 WHERE survivor = ?2")?.execute((row, other))?;
    log(connection, now, ("merge", Some(&from), Some(&into)), why)?;
    Ok((from, into))
}

/// Counts the mentions and documents of an entity anew.
pub(super) fn recount(connection: &Connection, row: i64) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "UPDATE entities SET (mentions, documents) =
             (SELECT count(*), count(DISTINCT m.document) FROM entities e JOIN names n ON n.entity = e.row
              JOIN aliases a ON a.name = n.row JOIN mentions m ON m.alias = a.row WHERE e.survivor = ?1) WHERE row = ?1",
        )?
        .execute([row])?;
    Ok(())
}
