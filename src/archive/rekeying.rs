//! The keys of names that are there already.

use rusqlite::Connection;

use super::code::kind_of;
use crate::link::name_keys;

/// Number of names whose keys are made at a time.
const BATCH: usize = 20_000;

/// Makes the keys of some names anew, by their rows.
pub(super) fn rekey(connection: &Connection, rows: &[i64]) -> rusqlite::Result<()> {
    let mut find = connection.prepare_cached("SELECT kind, surface, within, sense FROM names WHERE row = ?1")?;
    let mut insert = connection.prepare_cached("INSERT OR IGNORE INTO keys VALUES (?1, ?2)")?;
    for rows in rows.chunks(BATCH) {
        let mut names = Vec::with_capacity(rows.len());
        for &row in rows {
            names.push(find.query_row([row], |row| {
                let kind = kind_of(row.get_ref(0)?.as_str()?);
                let (within, sense): (i64, Option<i64>) = (row.get(2)?, row.get(3)?);
                Ok((kind, row.get::<_, String>(1)?, within.cast_unsigned(), sense.map(i64::cast_unsigned)))
            })?);
        }
        for (keys, row) in name_keys(names).iter().zip(rows) {
            for key in keys.all() {
                insert.execute((key.cast_signed(), row))?;
            }
        }
    }
    Ok(())
}

/// Makes the keys of all names anew if another version of the program made them.
pub(super) fn renew(connection: &Connection) -> rusqlite::Result<()> {
    const PROGRAM: &str = env!("CARGO_PKG_VERSION");
    let by: String = connection.query_row("SELECT value FROM meta WHERE key = 'program'", (), |row| row.get(0))?;
    if by != PROGRAM {
        rekey_all(connection)?;
        connection.execute("UPDATE meta SET value = ?1 WHERE key = 'program'", [PROGRAM])?;
    }
    Ok(())
}

/// Makes the keys of all names anew.
pub(super) fn rekey_all(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM keys", ())?;
    let mut find = connection.prepare("SELECT row FROM names ORDER BY row")?;
    let rows: Vec<i64> = find.query_map((), |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    rekey(connection, &rows)
}
