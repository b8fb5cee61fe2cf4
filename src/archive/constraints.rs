//! What people have decided about names, for the linker.

use rusqlite::Connection;

use super::Error;
use super::archive::Failure;
use crate::link::{Constraints, Linker};

/// A linker that also heeds the decisions about names.
pub(super) fn constraints(connection: &Connection, linker: &Linker) -> Result<Linker, Failure> {
    let pairs = |what: &str| -> rusqlite::Result<Vec<(String, String)>> {
        let mut find = connection.prepare_cached(
            "SELECT first, second FROM decisions WHERE what = ?1 AND undone IS NULL
             AND NOT EXISTS (SELECT 1 FROM entities WHERE id IN (first, second)) ORDER BY row",
        )?;
        find.query_map([what], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
    };
    let (same, never) = (pairs("same")?, pairs("never")?);
    if same.is_empty() && never.is_empty() {
        return Ok(linker.clone());
    }
    let failed = |error: crate::link::Error| Error::Decision {
        expected: "decisions on names that agree with each other and with those of this run".to_owned(),
        found: error.to_string(),
    };
    let own = Constraints::new(&same, &never).map_err(failed)?;
    Ok(linker.constrained(&own).map_err(failed)?)
}
