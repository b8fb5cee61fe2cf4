//! Linking all documents of an archive again, with what is known today, and giving the entities their old ids.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rusqlite::Connection;

use super::archive::Failure;
use super::code::{inflate, pack};
use super::constraints::constraints;
use super::entity_ref::id_of;
use super::known::{Loaded, entities};
use super::log::log;
use super::merging::{merge, recount};
use super::splitting::{Pinned, pin};
use super::writer::Writer;
use super::{Archive, Error};
use crate::link::{Linker, MentionStore, Register, Teams};
use crate::text::{Document, Label, Mention, Span};

/// What linking again changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Relinked {
    /// Number of mentions.
    pub mentions: usize,
    /// Number of mentions whose id is another one now. That an id redirects to theirs is no change.
    pub moved: usize,
    /// Number of entities that have a mention, before.
    pub before: usize,
    /// The same, after.
    pub after: usize,
    /// Ids that redirect now, each with the one that it redirects to.
    pub merged: Vec<(String, String)>,
    /// Ids of which a part left, each with the new id of the part.
    pub split: Vec<(String, String)>,
    /// Ids whose entity has another name, with the old and the new one.
    pub renamed: Vec<(String, String, String)>,
}

impl Archive {
    /// Links all documents again. Of the mentions of an old entity, the new one with most of them gets its id; other ids redirect to
    /// where most of their mentions are. Decisions hold.
    ///
    /// # Errors
    /// When the database fails or is damaged. Nothing is changed then.
    pub fn relink(&mut self, linker: &Linker) -> Result<Relinked, Error> {
        let now = self.now()?;
        let damaged = Error::Foreign { path: self.path.clone(), found: "damaged texts".to_owned() };
        self.change(|connection| {
            let linker = constraints(connection, linker)?;
            let Corpus { mut mentions, rows, old } = Corpus::read(connection, damaged)?;
            let loaded = pinned(connection)?;
            mentions.know(loaded.known.clone());
            let register = linker.register(&mentions);
            let relinking = Relinking { connection, register: &register, old: &old, loaded: &loaded, now: &now };
            let report = relinking.write(&mentions, &rows)?;
            connection.execute("UPDATE meta SET value = ?1 WHERE key = 'program'", [env!("CARGO_PKG_VERSION")])?;
            Ok(report)
        })
    }
}

/// All that an archive has been given.
struct Corpus {
    mentions: MentionStore,
    /// Per document, its row.
    rows: Vec<i64>,
    /// Per document and mention, the row of its entity.
    old: Vec<Vec<i64>>,
}

impl Corpus {
    fn read(connection: &Connection, damaged: Error) -> Result<Self, Failure> {
        let mut corpus = Self { mentions: MentionStore::new(), rows: Vec::new(), old: Vec::new() };
        let mut documents = connection.prepare("SELECT row, id, text FROM documents ORDER BY row")?;
        let mut mentions = connection.prepare(
            "SELECT m.start, a.surface, a.label, e.survivor FROM mentions m JOIN aliases a ON a.row = m.alias
             JOIN names n ON n.row = a.name JOIN entities e ON e.row = n.entity WHERE m.document = ?1 ORDER BY m.nth",
        )?;
        let mut found = documents.query(())?;
        while let Some(row) = found.next()? {
            let at: i64 = row.get(0)?;
            let Some(text) = inflate(row.get_ref(2)?.as_blob().unwrap_or_default()) else { return Err(damaged.into()) };
            let mut document = Document::new(row.get::<_, String>(1)?, text);
            let mut old = Vec::new();
            let mut of_document = mentions.query([at])?;
            while let Some(mention) = of_document.next()? {
                let start: usize = mention.get(0)?;
                let span = Span::new(start, start + mention.get_ref(1)?.as_str().unwrap_or_default().len());
                document
                    .mentions
                    .push(Mention::new(span, Label::new(mention.get_ref(2)?.as_str().unwrap_or_default())));
                old.push(mention.get(3)?);
            }
            if corpus.mentions.add(&document).is_err() {
                return Err(damaged.into());
            }
            corpus.rows.push(at);
            corpus.old.push(old);
        }
        Ok(corpus)
    }
}

/// The entities that somebody decided on, or has an id for, without their mentions.
fn pinned(connection: &Connection) -> rusqlite::Result<Loaded> {
    let mut find = connection.prepare(
        "SELECT e.survivor FROM decisions d JOIN entities e ON e.id IN (d.first, d.second) WHERE d.undone IS NULL
         UNION SELECT e.survivor FROM kb k JOIN entities e ON e.row = k.entity WHERE k.base = 'user'
         UNION SELECT e.survivor FROM entities e WHERE e.pinned IS NOT NULL ORDER BY 1",
    )?;
    let rows: Vec<i64> = find.query_map((), |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let mut loaded = entities(connection, &rows)?;
    loaded.known.documents.clear();
    loaded.known.n_documents = 0;
    loaded.known.teams = Teams::default();
    for entity in &mut loaded.known.entities {
        entity.documents = 0;
        entity.offices.clear();
        entity.votes.clear();
        for name in &mut entity.names {
            name.documents = 0;
            name.aliases.iter_mut().for_each(|alias| alias.mentions = 0);
        }
    }
    Ok(loaded)
}

struct Relinking<'a> {
    connection: &'a Connection,
    register: &'a Register,
    old: &'a [Vec<i64>],
    loaded: &'a Loaded,
    now: &'a str,
}

impl Relinking<'_> {
    fn write(&self, mentions: &MentionStore, rows: &[i64]) -> Result<Relinked, Failure> {
        let connection = self.connection;
        let names_before = self.names()?;
        let mut report = Relinked { before: names_before.len(), ..Relinked::default() };
        let splits = splits(connection)?;
        let shares = self.shares();
        let mut entities = self.known_ids(&mut report)?;
        self.assign(&shares, &mut entities);
        for sql in ["mentions", "aliases", "names", "keys", "votes", "offices", "reasons", "candidates"] {
            connection.execute(&format!("DELETE FROM {sql}"), ())?;
        }
        connection.execute("DELETE FROM kb WHERE entity NOT IN (SELECT entity FROM kb WHERE base = 'user')", ())?;
        connection.execute("UPDATE entities SET mentions = 0, documents = 0", ())?;
        connection.execute("DELETE FROM meta WHERE key LIKE 'teams%'", ())?;
        let mut register = self.register.clone();
        register.names.iter_mut().for_each(|name| name.row = None);
        let writer = Writer { connection, mentions, register: &register, known: &self.loaded.rows, now: self.now };
        let entities = self.complete(entities, &writer, &shares, &mut report)?;
        let aliases = writer.register(&entities)?;
        let mut update = connection.prepare("UPDATE documents SET entities = ?2 WHERE row = ?1")?;
        let mut here: Vec<BTreeSet<i64>> = vec![BTreeSet::new(); rows.len()];
        for (cluster, &row) in register.clusters.iter().zip(&entities) {
            cluster.mentions.iter().for_each(|mention| _ = here[mention.document as usize].insert(row));
        }
        for ((nth, &row), here) in rows.iter().enumerate().zip(here) {
            update.execute((row, pack(&here.into_iter().collect::<Vec<_>>())))?;
            writer.mentions_of(nth, row, &aliases)?;
        }
        self.redirect(&entities, &shares, &mut report)?;
        for (part, mentions) in splits {
            for mention in mentions {
                pin(connection, part, &mention)?;
            }
            recount(connection, part)?;
        }
        self.compare(&entities, &names_before, &mut report)?;
        let Relinked { moved, merged, split, .. } = &report;
        let why = format!("{moved} mentions moved, {} entities merged, {} split", merged.len(), split.len());
        log(connection, self.now, ("relink", None, None), &why)?;
        Ok(report)
    }

    /// The names of all entities that have a mention, by row.
    fn names(&self) -> rusqlite::Result<BTreeMap<i64, String>> {
        let mut find =
            self.connection.prepare("SELECT row, name FROM entities WHERE survivor = row AND mentions > 0")?;
        find.query_map((), |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
    }

    /// Per cluster, how many mentions of each old entity it has.
    fn shares(&self) -> Vec<BTreeMap<i64, usize>> {
        let of_cluster = |cluster: &crate::link::Cluster| {
            let mut shares: BTreeMap<i64, usize> = BTreeMap::new();
            for mention in &cluster.mentions {
                *shares.entry(self.old[mention.document as usize][mention.index as usize]).or_default() += 1;
            }
            shares
        };
        self.register.clusters.iter().map(of_cluster).collect()
    }

    /// Per cluster, the entity that somebody has decided it to be.
    fn known_ids(&self, report: &mut Relinked) -> rusqlite::Result<Vec<Option<i64>>> {
        let mut entities = Vec::with_capacity(self.register.clusters.len());
        for cluster in &self.register.clusters {
            let known: Vec<i64> = cluster.known.iter().map(|&at| self.loaded.rows[at as usize]).collect();
            for &other in known.iter().skip(1) {
                report.merged.push(merge(self.connection, known[0], other, (self.now, "relink"))?);
            }
            entities.push(known.first().copied());
        }
        Ok(entities)
    }

    /// Gives old ids to clusters, those that share most mentions first.
    fn assign(&self, shares: &[BTreeMap<i64, usize>], entities: &mut [Option<i64>]) {
        let mut given: HashSet<i64> = self.loaded.rows.iter().copied().collect();
        let mut pairs: Vec<(usize, i64, usize)> = Vec::new();
        for (at, shares) in shares.iter().enumerate().filter(|(at, _)| entities[*at].is_none()) {
            pairs.extend(shares.iter().map(|(&row, &n)| (n, row, at)));
        }
        pairs.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| (a.1, a.2).cmp(&(b.1, b.2))));
        for (_, row, at) in pairs {
            if entities[at].is_none() && given.insert(row) {
                entities[at] = Some(row);
            }
        }
    }

    /// New ids for the clusters that have none.
    fn complete(
        &self,
        entities: Vec<Option<i64>>,
        writer: &Writer<'_>,
        shares: &[BTreeMap<i64, usize>],
        report: &mut Relinked,
    ) -> Result<Vec<i64>, Failure> {
        let mut rows = Vec::with_capacity(entities.len());
        for ((entity, cluster), shares) in entities.into_iter().zip(&self.register.clusters).zip(shares) {
            let row = match entity {
                Some(row) => row,
                None => {
                    let document: String = self.connection.query_row(
                        "SELECT id FROM documents ORDER BY row LIMIT 1 OFFSET ?1",
                        [cluster.mentions[0].document],
                        |row| row.get(0),
                    )?;
                    let row = writer.insert(cluster, &document)?;
                    if let Some(old) = largest(shares) {
                        let (old, new) = (id_of(self.connection, old)?, id_of(self.connection, row)?);
                        log(self.connection, self.now, ("split", Some(&old), Some(&new)), "relink")?;
                        report.split.push((old, new));
                    }
                    row
                }
            };
            rows.push(row);
        }
        Ok(rows)
    }

    /// Redirects the old ids that no cluster got to where most of their mentions are.
    fn redirect(
        &self,
        entities: &[i64],
        shares: &[BTreeMap<i64, usize>],
        report: &mut Relinked,
    ) -> Result<(), Failure> {
        let given: HashSet<i64> = entities.iter().copied().chain(self.loaded.rows.iter().copied()).collect();
        let mut targets: BTreeMap<i64, BTreeMap<i64, usize>> = BTreeMap::new();
        for (shares, &entity) in shares.iter().zip(entities) {
            for (&old, &n) in shares.iter().filter(|(old, _)| !given.contains(old)) {
                *targets.entry(old).or_default().entry(entity).or_default() += n;
            }
        }
        for (old, targets) in targets {
            if let Some(into) = largest(&targets) {
                report.merged.push(merge(self.connection, into, old, (self.now, "relink"))?);
            }
        }
        Ok(())
    }

    fn compare(&self, entities: &[i64], before: &BTreeMap<i64, String>, report: &mut Relinked) -> rusqlite::Result<()> {
        let mut redirects = self.connection.prepare("SELECT row, survivor FROM entities WHERE survivor <> row")?;
        let redirects: HashMap<i64, i64> =
            redirects.query_map((), |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
        for (cluster, &row) in self.register.clusters.iter().zip(entities) {
            for mention in &cluster.mentions {
                let old = self.old[mention.document as usize][mention.index as usize];
                report.mentions += 1;
                report.moved +=
                    usize::from(*redirects.get(&old).unwrap_or(&old) != *redirects.get(&row).unwrap_or(&row));
            }
        }
        let after = self.names()?;
        report.after = after.len();
        for (row, name) in after {
            if let Some(old) = before.get(&row).filter(|old| **old != name) {
                report.renamed.push((id_of(self.connection, row)?, old.clone(), name));
            }
        }
        Ok(())
    }
}

/// The row with the largest number; of equals, the first.
fn largest(shares: &BTreeMap<i64, usize>) -> Option<i64> {
    shares.iter().reduce(|best, next| if next.1 > best.1 { next } else { best }).map(|(&row, _)| row)
}

/// The parts that somebody took out: the row of each, with its mentions.
fn splits(connection: &Connection) -> rusqlite::Result<Vec<(i64, Vec<Pinned>)>> {
    let mut find = connection.prepare(
        "SELECT e.survivor, d.state FROM decisions d JOIN entities e ON e.id = d.second WHERE d.what = 'split' AND d.undone IS NULL ORDER BY d.row",
    )?;
    find.query_map((), |row| {
        let state: serde_json::Value = serde_json::from_str(row.get_ref(1)?.as_str()?).unwrap_or_default();
        Ok((row.get(0)?, serde_json::from_value(state["mentions"].clone()).unwrap_or_default()))
    })?
    .collect()
}
