//! What people decide. It holds for ever, whatever is linked later, until it is undone.

use rusqlite::{Connection, OptionalExtension};
use serde_json::{Value, json};

use super::archive::Failure;
use super::entity_ref::{EntityRef, id_of};
use super::log::log;
use super::merging::{merge, recount};
use super::splitting::{Part, split};
use super::{Archive, Error};

/// Who decides, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Author {
    /// A name, or what else tells who it was.
    pub who: String,
    /// The reason; may be empty.
    pub why: String,
}

impl Archive {
    /// Makes two entities one for ever; returns the id that redirects and the one that it redirects to: the younger and the older.
    ///
    /// # Errors
    /// [`Error::NoEntity`] for an unknown id; [`Error::Decision`] if both are one already or a decision parts them.
    pub fn merge(&mut self, first: &str, second: &str, author: &Author) -> Result<(String, String), Error> {
        let now = self.now()?;
        self.change(|connection| {
            let (a, b) = (EntityRef::of(connection, first)?, EntityRef::of(connection, second)?);
            merge_by(connection, ("merge", first, second), (a.survivor, b.survivor), (author, &now))
        })
    }

    /// Takes a part out of an entity, for ever; returns the id of the part, which is new unless it was one before.
    ///
    /// # Errors
    /// [`Error::NoEntity`] for an unknown id; [`Error::Decision`] if the part is empty or the whole.
    pub fn split(&mut self, id: &str, part: &Part, author: &Author) -> Result<String, Error> {
        let now = self.now()?;
        self.change(|connection| {
            let (from, new, pinned) = split(connection, id, part, &now)?;
            let (from, new) = (id_of(connection, from)?, id_of(connection, new)?);
            decide(connection, ("split", &from, &new), &json!({"mentions": pinned}), (author, &now))?;
            Ok(new)
        })
    }

    /// Gives an entity a name, for ever; returns the one that it had.
    ///
    /// # Errors
    /// [`Error::NoEntity`] for an unknown id; [`Error::Decision`] for a name without letters and digits.
    pub fn rename(&mut self, id: &str, name: &str, author: &Author) -> Result<String, Error> {
        let now = self.now()?;
        if !name.contains(char::is_alphanumeric) {
            let (expected, found) = ("a name with a letter or digit".to_owned(), format!("{name:?}"));
            return Err(Error::Decision { expected, found });
        }
        self.change(|connection| {
            let row = EntityRef::of(connection, id)?.survivor;
            let (before, pinned): (String, Option<String>) =
                connection.query_row("SELECT name, pinned FROM entities WHERE row = ?1", [row], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })?;
            connection.execute("UPDATE entities SET name = ?2, pinned = 'decision' WHERE row = ?1", (row, name))?;
            let state = json!({"name": before, "pinned": pinned});
            decide(connection, ("rename", &id_of(connection, row)?, name), &state, (author, &now))?;
            Ok(before)
        })
    }

    /// Parts two entities, or all entities of two names, for ever.
    ///
    /// # Errors
    /// [`Error::Decision`] if both are one entity now (split it first), or if one is an id and the other a name.
    pub fn never(&mut self, first: &str, second: &str, author: &Author) -> Result<(), Error> {
        let now = self.now()?;
        self.change(|connection| {
            if let Some((a, b)) = both(connection, first, second)? {
                if a.survivor == b.survivor {
                    let expected = "two entities, or a split before it".to_owned();
                    let found = format!("{first} and {second}, which are one");
                    return Err(Error::Decision { expected, found }.into());
                }
            } else {
                crate::link::Constraints::new(&[], &[(first, second)]).map_err(contradiction)?;
            }
            decide(connection, ("never", first, second), &json!({}), (author, &now))
        })
    }

    /// Makes two entities, or the entities of two names, one for ever. Names that several entities have count for what is linked later.
    ///
    /// # Errors
    /// As [`merge`](Self::merge), or if one is an id and the other a name.
    pub fn same(&mut self, first: &str, second: &str, author: &Author) -> Result<Option<(String, String)>, Error> {
        let now = self.now()?;
        self.change(|connection| {
            let pair = match both(connection, first, second)? {
                Some((a, b)) => Some((a.survivor, b.survivor)),
                None => {
                    crate::link::Constraints::new(&[(first, second)], &[]).map_err(contradiction)?;
                    let pair = only(connection, first)?.zip(only(connection, second)?);
                    pair.filter(|(a, b)| a != b)
                }
            };
            match pair {
                Some(pair) => merge_by(connection, ("same", first, second), pair, (author, &now)).map(Some),
                None => decide(connection, ("same", first, second), &json!({}), (author, &now)).map(|()| None),
            }
        })
    }

    /// Undoes the last decision that holds, or that of a number; returns what it was.
    ///
    /// # Errors
    /// [`Error::Decision`] if there is none.
    pub fn undo(&mut self, number: Option<i64>, author: &Author) -> Result<Decision, Error> {
        let now = self.now()?;
        self.change(|connection| {
            let found = connection
                .query_row(
                    "SELECT row, at, who, why, what, first, second, state FROM decisions
                     WHERE undone IS NULL AND row = coalesce(?1, (SELECT max(row) FROM decisions WHERE undone IS NULL))",
                    [number],
                    |row| Ok((Decision::read(row)?, row.get::<_, String>(7)?)),
                )
                .optional()?;
            let (expected, found_none) = ("a decision that holds".to_owned(), "none".to_owned());
            let (decision, state) = found.ok_or(Error::Decision { expected, found: found_none })?;
            revert(connection, &decision, &serde_json::from_str(&state).unwrap_or_default())?;
            connection.execute("UPDATE decisions SET undone = ?2 WHERE row = ?1", (decision.number, &now))?;
            let why = format!("{} undid {} {}: {}", author.who, decision.what, decision.number, author.why);
            log(connection, &now, ("undo", Some(&decision.first), Some(&decision.second)), &why)?;
            Ok(decision)
        })
    }

    /// All decisions, the oldest first, those that were undone left out.
    ///
    /// # Errors
    /// When the database fails.
    pub fn decisions(&self) -> Result<Vec<Decision>, Error> {
        self.read(|connection| {
            let mut find = connection.prepare(
                "SELECT row, at, who, why, what, first, second FROM decisions WHERE undone IS NULL ORDER BY row",
            )?;
            find.query_map((), Decision::read)?.collect()
        })
    }
}

/// A decision that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Decision {
    /// By which it is undone.
    pub number: i64,
    /// When it was made.
    pub at: String,
    /// Who made it.
    pub who: String,
    /// Why.
    pub why: String,
    /// `merge`, `split`, `rename`, `never` or `same`.
    pub what: String,
    /// An id or a name.
    pub first: String,
    /// An id or a name.
    pub second: String,
}

impl Decision {
    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            number: row.get(0)?,
            at: row.get(1)?,
            who: row.get(2)?,
            why: row.get(3)?,
            what: row.get(4)?,
            first: row.get(5)?,
            second: row.get(6)?,
        })
    }
}

fn contradiction(error: crate::link::Error) -> Error {
    Error::Decision { expected: "two names that can be decided on".to_owned(), found: error.to_string() }
}

/// Two entities if both texts are ids, none if neither is.
fn both(connection: &Connection, first: &str, second: &str) -> Result<Option<(EntityRef, EntityRef)>, Failure> {
    match (EntityRef::find(connection, first)?, EntityRef::find(connection, second)?) {
        (Some(a), Some(b)) => Ok(Some((a, b))),
        (None, None) => Ok(None),
        (a, _) => {
            let (id, name) = if a.is_some() { (first, second) } else { (second, first) };
            let expected = "two ids, or two names".to_owned();
            Err(Error::Decision { expected, found: format!("the id {id} and {name:?}, which is none") }.into())
        }
    }
}

/// The only entity that has a name.
fn only(connection: &Connection, name: &str) -> rusqlite::Result<Option<i64>> {
    let mut find = connection.prepare_cached(
        "SELECT DISTINCT e.survivor FROM aliases a JOIN names n ON n.row = a.name JOIN entities e ON e.row = n.entity
         WHERE a.surface = ?1 COLLATE NOCASE AND a.mentions > 0 LIMIT 2",
    )?;
    let found: Vec<i64> = find.query_map([name], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(if let [one] = found[..] { Some(one) } else { None })
}

/// Merges two entities by a decision.
fn merge_by(
    connection: &Connection,
    (what, first, second): (&str, &str, &str),
    (a, b): (i64, i64),
    (author, now): (&Author, &str),
) -> Result<(String, String), Failure> {
    let error = |expected: &str, found: String| Failure::from(Error::Decision { expected: expected.to_owned(), found });
    if a == b {
        return Err(error("two entities", format!("{first} and {second}, which are one already")));
    }
    let parting: Option<i64> = connection
        .query_row(
            "SELECT d.row FROM decisions d JOIN entities a ON a.id = d.first JOIN entities b ON b.id = d.second
             WHERE d.what IN ('never', 'split') AND d.undone IS NULL AND (a.survivor, b.survivor) IN ((?1, ?2), (?2, ?1))",
            (a, b),
            |row| row.get(0),
        )
        .optional()?;
    if let Some(number) = parting {
        return Err(error("two entities that no decision parts", format!("decision {number}; undo it first")));
    }
    let (row, other) = (a.min(b), a.max(b));
    let mut find = connection.prepare_cached("SELECT row FROM entities WHERE survivor = ?1")?;
    let rows: Vec<i64> = find.query_map([other], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let ids = merge(connection, row, other, (now, &author.why))?;
    recount(connection, row)?;
    // The name of more mentions, unless somebody gave one.
    connection.execute(
        "UPDATE entities SET name = o.name, pinned = o.pinned FROM entities o WHERE entities.row = ?1 AND o.row = ?2
         AND entities.pinned IS NULL AND (o.pinned IS NOT NULL OR 2 * o.mentions > entities.mentions)",
        (row, other),
    )?;
    decide(connection, (what, first, second), &json!({"into": row, "from": other, "rows": rows}), (author, now))?;
    Ok(ids)
}

/// Records a decision.
fn decide(
    connection: &Connection,
    (what, first, second): (&str, &str, &str),
    state: &Value,
    (author, now): (&Author, &str),
) -> Result<(), Failure> {
    connection.execute(
        "INSERT INTO decisions (at, who, why, what, first, second, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        (now, &author.who, &author.why, what, first, second, state.to_string()),
    )?;
    let why = format!("{} decided: {what}", author.who);
    log(connection, now, ("decision", Some(first), Some(second)), &why)?;
    Ok(())
}

/// Takes back what a decision did.
fn revert(connection: &Connection, decision: &Decision, state: &Value) -> Result<(), Failure> {
    match decision.what.as_str() {
        "merge" | "same" => {
            let (Some(into), Some(from)) = (state["into"].as_i64(), state["from"].as_i64()) else { return Ok(()) };
            let mut revive = connection.prepare_cached("UPDATE entities SET survivor = ?2 WHERE row = ?1")?;
            for row in state["rows"].as_array().into_iter().flatten().filter_map(Value::as_i64) {
                revive.execute((row, from))?;
            }
            recount(connection, into)?;
            recount(connection, from)?;
        }
        "split" => {
            let from = EntityRef::of(connection, &decision.first)?.survivor;
            let part = EntityRef::of(connection, &decision.second)?.survivor;
            if from != part {
                connection.execute("UPDATE entities SET survivor = ?1 WHERE survivor = ?2", (from, part))?;
                recount(connection, from)?;
            }
        }
        "rename" => {
            let row = EntityRef::of(connection, &decision.first)?.survivor;
            let (name, pinned) = (state["name"].as_str(), state["pinned"].as_str());
            connection.execute(
                "UPDATE entities SET name = coalesce(?2, name), pinned = ?3 WHERE row = ?1",
                (row, name, pinned),
            )?;
        }
        _ => {}
    }
    Ok(())
}
