//! Whether an archive is sound.

use super::{Archive, Error};

/// What has to be empty: what it is, and how many rows of it there are.
const RULES: &[(&str, &str)] = &[
    (
        "entities that redirect to one that redirects",
        "SELECT count(*) FROM entities e JOIN entities s ON s.row = e.survivor WHERE s.survivor <> s.row",
    ),
    (
        "entities that redirect to none",
        "SELECT count(*) FROM entities e LEFT JOIN entities s ON s.row = e.survivor WHERE s.row IS NULL",
    ),
    (
        "names without an entity",
        "SELECT count(*) FROM names n LEFT JOIN entities e ON e.row = n.entity WHERE e.row IS NULL",
    ),
    (
        "spellings without a name",
        "SELECT count(*) FROM aliases a LEFT JOIN names n ON n.row = a.name WHERE n.row IS NULL",
    ),
    (
        "mentions without a spelling or a document",
        "SELECT count(*) FROM mentions m LEFT JOIN aliases a ON a.row = m.alias LEFT JOIN documents d ON d.row = m.document
         WHERE a.row IS NULL OR d.row IS NULL",
    ),
    (
        "spellings with another number of mentions than there are",
        "SELECT count(*) FROM aliases a LEFT JOIN (SELECT alias, count(*) AS n FROM mentions GROUP BY alias) m ON m.alias = a.row
         WHERE a.mentions <> coalesce(m.n, 0)",
    ),
    (
        "documents with another number of mentions than there are",
        "SELECT count(*) FROM documents d LEFT JOIN (SELECT document, count(*) AS n FROM mentions GROUP BY document) m
         ON m.document = d.row WHERE d.mentions <> coalesce(m.n, 0)",
    ),
    (
        "entities with another number of mentions or documents than there are",
        "SELECT count(*) FROM entities e LEFT JOIN (SELECT e.survivor AS row, count(*) AS n, count(DISTINCT m.document) AS d
         FROM mentions m JOIN aliases a ON a.row = m.alias JOIN names n ON n.row = a.name JOIN entities e ON e.row = n.entity GROUP BY 1) f
         ON f.row = e.row WHERE e.survivor = e.row AND (e.mentions <> coalesce(f.n, 0) OR e.documents <> coalesce(f.d, 0))",
    ),
    (
        "pairs that a decision parts and that are one",
        "SELECT count(*) FROM decisions d JOIN entities a ON a.id = d.first JOIN entities b ON b.id = d.second
         WHERE d.what IN ('never', 'split') AND d.undone IS NULL AND a.survivor = b.survivor",
    ),
    (
        "pairs that a decision merges and that are two",
        "SELECT count(*) FROM decisions d JOIN entities a ON a.id = d.first JOIN entities b ON b.id = d.second
         WHERE d.what IN ('merge', 'same') AND d.undone IS NULL AND a.survivor <> b.survivor",
    ),
    ("names without a key", "SELECT count(*) FROM names WHERE row NOT IN (SELECT name FROM keys)"),
];

impl Archive {
    /// What is wrong with the archive, each in one line; nothing if it is sound.
    ///
    /// # Errors
    /// When the database fails.
    pub fn check(&self) -> Result<Vec<String>, Error> {
        self.read(|connection| {
            let mut find = connection.prepare("PRAGMA integrity_check")?;
            let lines: Vec<String> = find.query_map((), |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
            let mut wrong: Vec<String> = lines.into_iter().filter(|line| line != "ok").collect();
            for (what, sql) in RULES {
                let n: u64 = connection.query_row(sql, (), |row| row.get(0))?;
                if n > 0 {
                    wrong.push(format!("expected no {what}, found {n}"));
                }
            }
            Ok(wrong)
        })
    }
}
