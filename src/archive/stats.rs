//! What an archive holds, in figures.

use super::{Archive, Error};

/// Figures of an archive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Number of documents.
    pub documents: u64,
    /// Number of mentions.
    pub mentions: u64,
    /// Number of entities that have a mention.
    pub entities: u64,
    /// The same by label, the most frequent first, each with the number of mentions.
    pub labels: Vec<(String, u64, u64)>,
    /// Number of ids that redirect to another.
    pub redirects: u64,
    /// Number of decisions that hold.
    pub decisions: u64,
    /// First and last date of the documents, if they have dates.
    pub dates: Option<(String, String)>,
    /// Size of the file in bytes.
    pub bytes: u64,
}

impl Archive {
    /// The figures of the archive.
    ///
    /// # Errors
    /// When the database fails.
    pub fn stats(&self) -> Result<Stats, Error> {
        self.read(|connection| {
            let count = |sql: &str| connection.query_row(sql, (), |row| row.get::<_, u64>(0));
            let mut labels = connection.prepare(
                "SELECT label, count(*), sum(mentions) FROM entities WHERE survivor = row AND mentions > 0
                 GROUP BY label ORDER BY 3 DESC, 1",
            )?;
            let labels: Vec<(String, u64, u64)> = labels
                .query_map((), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
                .collect::<rusqlite::Result<_>>()?;
            let dates: (Option<String>, Option<String>) =
                connection.query_row("SELECT min(date), max(date) FROM documents", (), |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })?;
            Ok(Stats {
                documents: count("SELECT count(*) FROM documents")?,
                mentions: count("SELECT coalesce(sum(mentions), 0) FROM documents")?,
                entities: labels.iter().map(|(_, n, _)| n).sum(),
                labels,
                redirects: count("SELECT count(*) FROM entities WHERE survivor <> row")?,
                decisions: count("SELECT count(*) FROM decisions WHERE undone IS NULL")?,
                dates: dates.0.zip(dates.1),
                bytes: count("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")?,
            })
        })
    }
}
