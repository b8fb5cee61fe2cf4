//! The schema of an archive, and whether a file has it.

use std::path::Path;

use rusqlite::{Connection, ErrorCode, OptionalExtension};

use super::Error;
use super::options::Access;
use super::version::{APPLICATION, VERSION};

const SCHEMA: &str = include_str!("schema.sql");

/// Makes the tables in an empty file, or checks that a file has them.
pub(super) fn prepare(connection: &Connection, path: &Path, access: Access) -> Result<(), Error> {
    let fail = |source| Error::Database { path: path.to_owned(), source };
    let foreign = |found: &str| Error::Foreign { path: path.to_owned(), found: found.to_owned() };
    let pragma = |name: &str| connection.query_row(&format!("PRAGMA {name}"), (), |row| row.get::<_, i64>(0));
    let n_tables = connection.query_row("SELECT count(*) FROM sqlite_schema", (), |row| row.get::<_, i64>(0));
    let n_tables = n_tables.map_err(|error| match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => foreign("a file that is no SQLite database"),
        _ => fail(error),
    })?;
    match pragma("application_id").map_err(fail)? {
        APPLICATION => {}
        0 if n_tables == 0 && access == Access::Create => return create(connection).map_err(fail),
        0 if n_tables == 0 => return Err(foreign("an empty file")),
        _ => return Err(foreign("a SQLite database of another program")),
    }
    let found = pragma("user_version").map_err(fail)?;
    if found > VERSION {
        let by = connection.query_row("SELECT value FROM meta WHERE key = 'program'", (), |row| row.get(0)).optional();
        let by = by.ok().flatten().unwrap_or_else(|| "of an unknown version".to_owned());
        return Err(Error::Newer { path: path.to_owned(), found, by });
    }
    Ok(())
}

fn create(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch("PRAGMA journal_mode = WAL; BEGIN IMMEDIATE")?;
    // Another program may have been faster.
    let n_tables = connection.query_row("SELECT count(*) FROM sqlite_schema", (), |row| row.get::<_, i64>(0))?;
    if n_tables == 0 {
        connection.execute_batch(SCHEMA)?;
        connection.execute("INSERT INTO meta VALUES ('program', ?1)", [env!("CARGO_PKG_VERSION")])?;
        connection.execute_batch(&format!("PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {VERSION}"))?;
    }
    connection.execute_batch("COMMIT")
}
