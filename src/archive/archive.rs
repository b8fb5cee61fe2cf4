//! An open archive.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};

use super::options::{Access, ArchiveOptions};
use super::{Error, schema};

/// Linked documents in one SQLite file: what is added later is linked with what is there, and ids stay.
///
/// ```
/// use allonym::archive::{Archive, ArchiveOptions};
/// use allonym::link::Linker;
/// use allonym::{Document, Label, Mention, Span};
///
/// let folder = tempfile::tempdir()?;
/// let mut archive = Archive::open(&folder.path().join("news.db"), ArchiveOptions::default())?;
/// let mut ids = Vec::new();
/// for text in ["Abbas Araghchi", "Abbas Aragchi"] {
///     let mut document = Document::new(text, text);
///     document.mentions.push(Mention::new(Span::new(0, text.len()), Label::new("PER")));
///     archive.link(&Linker::default(), std::slice::from_ref(&document))?;
///     archive.write(&mut document)?;
///     ids.push(document.mentions[0].entity.clone().unwrap());
/// }
/// assert_eq!(ids[0], ids[1]);
/// assert_eq!(archive.show(&ids[0])?.mentions, 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Archive {
    pub(super) connection: Connection,
    pub(super) path: PathBuf,
    as_of: Option<String>,
    patience: Duration,
}

impl Archive {
    /// Opens an archive.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::Foreign`] and [`Error::Newer`] for a file that is no archive of this version; [`Error::Date`] if
    /// `as_of` is no date.
    pub fn open(path: &Path, options: ArchiveOptions) -> Result<Self, Error> {
        let ArchiveOptions { access, as_of, patience } = options;
        let fail = |source| Error::Database { path: path.to_owned(), source };
        if access != Access::Create && !path.exists() {
            return Err(Error::Missing { path: path.to_owned() });
        }
        let flags = match access {
            Access::Create => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
            Access::Write => OpenFlags::SQLITE_OPEN_READ_WRITE,
            Access::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
        };
        let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(fail)?;
        connection.busy_timeout(patience).map_err(fail)?;
        connection.set_prepared_statement_cache_capacity(128);
        schema::prepare(&connection, path, access)?;
        let tune = "PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY";
        connection.execute_batch(tune).map_err(fail)?;
        if let Some(day) = &as_of {
            let is_day = connection.query_row("SELECT date(?1) IS ?1", [day], |row| row.get::<_, bool>(0));
            if !is_day.map_err(fail)? {
                return Err(Error::Date { found: day.clone() });
            }
        }
        Ok(Self { connection, path: path.to_owned(), as_of, patience })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The time that changes are made at: the day of the options, or now in UTC.
    pub(super) fn now(&self) -> Result<String, Error> {
        match &self.as_of {
            Some(day) => Ok(day.clone()),
            None => self.read(|it| it.query_row("SELECT strftime('%Y-%m-%dT%H:%M:%SZ', 'now')", (), |row| row.get(0))),
        }
    }

    /// Runs a query.
    pub(super) fn read<T>(&self, query: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, Error> {
        query(&self.connection).map_err(|source| self.failed(source))
    }

    /// Changes all or nothing: what `change` does is kept if it returns `Ok`.
    pub(super) fn change<T>(
        &mut self,
        change: impl FnOnce(&Transaction<'_>) -> Result<T, Failure>,
    ) -> Result<T, Error> {
        let (path, patience) = (self.path.clone(), self.patience);
        let run = || -> Result<T, Failure> {
            let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = change(&transaction)?;
            transaction.commit()?;
            Ok(done)
        };
        run().map_err(|failure| match failure {
            Failure::Known(error) => error,
            Failure::Database(source) => database(path, patience, source),
        })
    }

    fn failed(&self, source: rusqlite::Error) -> Error {
        database(self.path.clone(), self.patience, source)
    }
}

fn database(path: PathBuf, patience: Duration, source: rusqlite::Error) -> Error {
    match source.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Error::Busy { path, seconds: patience.as_secs() },
        _ => Error::Database { path, source },
    }
}

/// Why a change was not made.
#[derive(Debug)]
pub(super) enum Failure {
    Known(Error),
    Database(rusqlite::Error),
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Known(error)
    }
}
