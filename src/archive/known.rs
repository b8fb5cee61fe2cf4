//! What an archive knows of the names in new documents.

use std::collections::{BTreeSet, HashMap};

use rusqlite::{CachedStatement, Connection, OptionalExtension, Row};

use super::code::{decode, kind_of, unpack};
use crate::link::{Attached, Guess, Known, KnownAlias, KnownEntity, KnownName, KnownVote, NameKeys, Teams};
use crate::text::Label;

/// Most names of a key that names are the same by. Only damage could make more.
const MOST_EXACT: i64 = 4096;
/// Most names of a key that many names share, the oldest first.
const MOST_COMMON: i64 = 100;
/// Entities in more documents than this tell little by what is around them.
const MOST_DOCUMENTS: u32 = 16;

/// Known entities with the rows that the archive has them in.
#[derive(Default)]
pub(super) struct Loaded {
    /// Per entity, its row.
    pub(super) rows: Vec<i64>,
    pub(super) known: Known,
}

/// Loads the entities that have a name with one of some keys.
pub(super) fn load(connection: &Connection, keys: &NameKeys) -> rusqlite::Result<Loaded> {
    let mut find = connection.prepare_cached("SELECT name FROM keys WHERE key = ?1 LIMIT ?2")?;
    let mut names: BTreeSet<i64> = BTreeSet::new();
    for (keys, most) in [(&keys.exact, MOST_EXACT), (&keys.common, MOST_COMMON)] {
        for key in keys {
            for name in find.query_map((key.cast_signed(), most), |row| row.get::<_, i64>(0))? {
                names.insert(name?);
            }
        }
    }
    let mut find = connection
        .prepare_cached("SELECT e.survivor FROM names n JOIN entities e ON e.row = n.entity WHERE n.row = ?1")?;
    let mut rows: BTreeSet<i64> = BTreeSet::new();
    for name in names {
        rows.extend(find.query_row([name], |row| row.get::<_, i64>(0)).optional()?);
    }
    entities(connection, &rows.into_iter().collect::<Vec<_>>())
}

/// Loads some entities by their rows, which are sorted.
pub(super) fn entities(connection: &Connection, rows: &[i64]) -> rusqlite::Result<Loaded> {
    let mut reader = Reader::new(connection)?;
    let mut loaded = Loaded { rows: rows.to_vec(), known: Known::default() };
    let mut at_of: HashMap<i64, u32> = HashMap::with_capacity(rows.len());
    let mut groups = Vec::with_capacity(rows.len());
    for (at, &row) in (0_u32..).zip(rows) {
        let group = reader.group(row)?;
        at_of.extend(group.iter().map(|&member| (member, at)));
        loaded.known.entities.push(reader.entity(row, &group)?);
        groups.push(group);
    }
    let mut documents: BTreeSet<i64> = BTreeSet::new();
    for (entity, group) in loaded.known.entities.iter().zip(&groups) {
        if (1..=MOST_DOCUMENTS).contains(&entity.documents) {
            for &member in group {
                documents.extend(reader.documents(member)?);
            }
        }
    }
    for document in documents {
        let here: BTreeSet<u32> = reader.around(document)?.iter().filter_map(|row| at_of.get(row)).copied().collect();
        if here.len() > 1 {
            loaded.known.documents.push(here.into_iter().collect());
        }
    }
    loaded.known.n_documents = connection.query_row("SELECT count(*) FROM documents", (), |row| row.get(0))?;
    let persons = "SELECT count(*) FROM names WHERE kind = 'person'";
    loaded.known.n_persons = connection.query_row(persons, (), |row| row.get(0))?;
    loaded.known.teams = teams(connection)?;
    let mut never = connection.prepare_cached(
        "SELECT a.row, b.row FROM decisions d JOIN entities a ON a.id = d.first JOIN entities b ON b.id = d.second
         WHERE d.what IN ('never', 'split') AND d.undone IS NULL",
    )?;
    for pair in never.query_map((), |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))? {
        let (a, b) = pair?;
        if let (Some(&a), Some(&b)) = (at_of.get(&a), at_of.get(&b))
            && a != b
        {
            loaded.known.never.insert((a.min(b), a.max(b)));
        }
    }
    Ok(loaded)
}

/// How the labels of all documents tell teams from countries.
fn teams(connection: &Connection) -> rusqlite::Result<Teams> {
    let mut find =
        connection.prepare_cached("SELECT coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE key = ?1), 0)")?;
    let mut count = |key: &str| find.query_row([key], |row| row.get(0));
    Ok(Teams { labelled: count("teams labelled")?, all: count("teams")? })
}

/// The statements that read entities.
struct Reader<'c> {
    group: CachedStatement<'c>,
    counts: CachedStatement<'c>,
    names: CachedStatement<'c>,
    aliases: CachedStatement<'c>,
    offices: CachedStatement<'c>,
    votes: CachedStatement<'c>,
    documents: CachedStatement<'c>,
    around: CachedStatement<'c>,
}

impl<'c> Reader<'c> {
    fn new(connection: &'c Connection) -> rusqlite::Result<Self> {
        let statement = |sql| connection.prepare_cached(sql);
        Ok(Self {
            group: statement("SELECT row FROM entities WHERE survivor = ?1 AND survivor <> row ORDER BY row")?,
            counts: statement(
                "SELECT e.documents, k.id FROM entities e LEFT JOIN kb k ON k.entity = e.row AND k.base = 'user' WHERE e.row = ?1",
            )?,
            names: statement(
                "SELECT row, kind, surface, within, sense, documents, reason, scope, probability FROM names WHERE entity = ?1 ORDER BY row",
            )?,
            aliases: statement(
                "SELECT surface, label, kind, mentions, reason, probability FROM aliases WHERE name = ?1 ORDER BY row",
            )?,
            offices: statement("SELECT office FROM offices WHERE entity = ?1")?,
            votes: statement("SELECT entry, ids, mentions, by_context FROM votes WHERE entity = ?1")?,
            documents: statement(
                "SELECT DISTINCT m.document FROM names n JOIN aliases a ON a.name = n.row JOIN mentions m ON m.alias = a.row
                 WHERE n.entity = ?1",
            )?,
            around: statement("SELECT entities FROM documents WHERE row = ?1")?,
        })
    }

    /// The rows of an entity and of those that were merged into it.
    fn group(&mut self, row: i64) -> rusqlite::Result<Vec<i64>> {
        let others = self.group.query_map([row], |row| row.get(0))?;
        std::iter::once(Ok(row)).chain(others).collect()
    }

    fn entity(&mut self, row: i64, group: &[i64]) -> rusqlite::Result<KnownEntity> {
        let (documents, user) = self.counts.query_row([row], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let mut entity = KnownEntity { names: Vec::new(), offices: Vec::new(), votes: Vec::new(), documents, user };
        let mut votes: Vec<KnownVote> = Vec::new();
        for &member in group {
            let names: Vec<KnownName> = self.names.query_map([member], name)?.collect::<rusqlite::Result<_>>()?;
            for mut name in names {
                name.aliases = self.aliases.query_map([name.row], alias)?.collect::<rusqlite::Result<_>>()?;
                entity.names.push(name);
            }
            for office in self.offices.query_map([member], |row| row.get(0))? {
                entity.offices.push(office?);
            }
            for vote in self.votes.query_map([member], vote)? {
                votes.push(vote?);
            }
        }
        entity.votes = KnownVote::sums(&votes).into_values().collect();
        Ok(entity)
    }

    fn documents(&mut self, entity: i64) -> rusqlite::Result<Vec<i64>> {
        self.documents.query_map([entity], |row| row.get(0))?.collect()
    }

    /// The rows of entities that a document had when it was linked.
    fn around(&mut self, document: i64) -> rusqlite::Result<Vec<i64>> {
        let packed: Option<Vec<u8>> = self.around.query_row([document], |row| row.get(0)).optional()?;
        Ok(unpack(&packed.unwrap_or_default()))
    }
}

fn name(row: &Row<'_>) -> rusqlite::Result<KnownName> {
    let reason: Option<String> = row.get(6)?;
    let scope: Option<String> = row.get(7)?;
    let guess = reason.zip(scope).and_then(|(reason, scope)| Some((decode(&reason)?, decode(&scope)?)));
    let probability = row.get::<_, Option<f32>>(8)?.unwrap_or_default();
    Ok(KnownName {
        row: row.get(0)?,
        kind: kind_of(row.get_ref(1)?.as_str()?),
        surface: row.get(2)?,
        within: row.get::<_, i64>(3)?.cast_unsigned(),
        sense: row.get::<_, Option<i64>>(4)?.map(i64::cast_unsigned),
        documents: row.get(5)?,
        guess: guess.map(|(reason, scope)| Guess { reason, scope, probability }),
        aliases: Vec::new(),
    })
}

fn alias(row: &Row<'_>) -> rusqlite::Result<KnownAlias> {
    let reason: Option<String> = row.get(4)?;
    let probability = row.get::<_, Option<f32>>(5)?.unwrap_or_default();
    Ok(KnownAlias {
        surface: row.get(0)?,
        label: Label::new(row.get_ref(1)?.as_str()?),
        kind: kind_of(row.get_ref(2)?.as_str()?),
        mentions: row.get(3)?,
        attached: reason.and_then(|reason| decode(&reason)).map(|reason| Attached { reason, probability }),
    })
}

fn vote(row: &Row<'_>) -> rusqlite::Result<KnownVote> {
    let ids: Vec<(String, String)> = serde_json::from_str(row.get_ref(1)?.as_str()?).unwrap_or_default();
    Ok(KnownVote { entry: row.get(0)?, ids, mentions: row.get(2)?, by_context: row.get(3)? })
}
