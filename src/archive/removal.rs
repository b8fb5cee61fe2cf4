//! Taking the mentions of a document out of an archive.

use rusqlite::Connection;

/// Removes the mentions of a document, whose row stays. Its entities keep ids and names, with fewer mentions or none: what the next
/// version of the document names is what it was.
pub(super) fn remove(connection: &Connection, document: i64) -> rusqlite::Result<()> {
    for sql in [
        "UPDATE entities SET documents = documents - 1 WHERE row IN (SELECT DISTINCT e.survivor FROM mentions m JOIN aliases a ON a.row = m.alias JOIN names n ON n.row = a.name JOIN entities e ON e.row = n.entity WHERE m.document = ?1)",
        "UPDATE entities SET mentions = mentions - s.n FROM (SELECT e.survivor AS row, count(*) AS n FROM mentions m JOIN aliases a ON a.row = m.alias JOIN names n ON n.row = a.name JOIN entities e ON e.row = n.entity WHERE m.document = ?1 GROUP BY 1) s WHERE entities.row = s.row",
        "UPDATE names SET documents = documents - 1 WHERE row IN (SELECT DISTINCT a.name FROM mentions m JOIN aliases a ON a.row = m.alias WHERE m.document = ?1)",
        "UPDATE aliases SET mentions = mentions - s.n FROM (SELECT alias, count(*) AS n FROM mentions WHERE document = ?1 GROUP BY 1) s WHERE aliases.row = s.alias",
        "DELETE FROM mentions WHERE document = ?1",
    ] {
        connection.prepare_cached(sql)?.execute([document])?;
    }
    Ok(())
}
