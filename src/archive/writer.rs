//! Writing what linking found.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::Connection;

use super::added::Added;
use super::code::{code, deflate, kind_code, pack};
use super::log::log;
use super::merging::{merge, recount};
use crate::link::{Attached, Cluster, Kind, MentionStore, Register, RegisteredMention, entity_id_of};
use crate::text::Document;

/// A document that is written.
pub(super) struct New<'d> {
    pub(super) document: &'d Document,
    pub(super) hash: String,
    /// Where the archive has an older version of it.
    pub(super) row: Option<i64>,
}

/// What is written where.
pub(super) struct Writer<'a> {
    pub(super) connection: &'a Connection,
    pub(super) mentions: &'a MentionStore,
    pub(super) register: &'a Register,
    /// Per known entity, its row.
    pub(super) known: &'a [i64],
    pub(super) now: &'a str,
}

/// Name, surface, label and kind of an alias.
pub(super) type AliasKey = (u32, u32, u32, Kind);

impl Writer<'_> {
    /// Writes documents, mentions and entities.
    pub(super) fn write(&self, new: &[New<'_>], added: &mut Added) -> rusqlite::Result<()> {
        let (entities, merged) = self.entities(new, added)?;
        let aliases = self.register(&entities)?;
        self.documents(new, &entities, &aliases)?;
        merged.iter().try_for_each(|&row| recount(self.connection, row))
    }

    /// Writes all but documents and their mentions, by the row of each cluster's entity; returns the row of each alias.
    pub(super) fn register(&self, entities: &[i64]) -> rusqlite::Result<HashMap<AliasKey, i64>> {
        let names = self.names(entities)?;
        let aliases = self.aliases(&names)?;
        for (cluster, &row) in self.register.clusters.iter().zip(entities) {
            self.evidence(cluster, row, entities)?;
        }
        self.offices(entities)?;
        let mut count = self.connection.prepare_cached(
            "INSERT INTO meta VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = CAST(value AS INTEGER) + excluded.value",
        )?;
        for (key, n) in [("teams labelled", self.register.teams.labelled), ("teams", self.register.teams.all)] {
            count.execute((key, n))?;
        }
        Ok(aliases)
    }

    /// Per cluster, the row of its entity; and the entities that took others in.
    fn entities(&self, new: &[New<'_>], added: &mut Added) -> rusqlite::Result<(Vec<i64>, BTreeSet<i64>)> {
        let clusters = &self.register.clusters;
        let mut rows = vec![0; clusters.len()];
        let mut merged = BTreeSet::new();
        // In the order of their first mentions, so that of two entities the one that was named first is the older.
        let mut order: Vec<usize> = (0..clusters.len()).collect();
        order.sort_by_key(|&at| clusters[at].mentions.first().copied());
        for at in order {
            let cluster = &clusters[at];
            let known: Vec<i64> = cluster.known.iter().map(|&at| self.known[at as usize]).collect();
            rows[at] = match known[..] {
                [] => {
                    added.entities += 1;
                    self.insert(cluster, &new[cluster.mentions[0].document as usize].document.id)?
                }
                [row, ..] => row,
            };
            for &other in known.iter().skip(1) {
                added.merged.push(merge(self.connection, rows[at], other, (self.now, "linking"))?);
                merged.insert(rows[at]);
            }
        }
        Ok((rows, merged))
    }

    /// Inserts a new entity. Its id is made from its first mention, and is one that the archive has never had.
    pub(super) fn insert(&self, cluster: &Cluster, document: &str) -> rusqlite::Result<i64> {
        let first = cluster.mentions[0];
        let start = self.register.of_mention[first.document as usize][first.index as usize].start;
        let seed = format!("{}\n{}\n{document}\n{start}", cluster.label, cluster.name);
        let hash = entity_id_of(&seed);
        let mut insert = self.connection.prepare_cached(
            "INSERT OR IGNORE INTO entities (row, id, survivor, name, label, mentions, documents)
             VALUES ((SELECT coalesce(max(row), 0) + 1 FROM entities), ?1, (SELECT coalesce(max(row), 0) + 1 FROM entities), ?2, ?3, 0, 0)",
        )?;
        let mut id = hash.clone();
        for copy in 2.. {
            if insert.execute((&id, &cluster.name, cluster.label.as_str()))? > 0 {
                break;
            }
            id = format!("{hash}-{copy}");
        }
        Ok(self.connection.last_insert_rowid())
    }

    /// Per name of the register, its row.
    fn names(&self, entities: &[i64]) -> rusqlite::Result<Vec<i64>> {
        let mut of_name: Vec<Option<i64>> = vec![None; self.register.names.len()];
        for (cluster, &entity) in self.register.clusters.iter().zip(entities) {
            for mention in &cluster.mentions {
                let name = self.register.of_mention[mention.document as usize][mention.index as usize].name;
                of_name[name as usize] = Some(entity);
            }
        }
        let mut insert = self.connection.prepare_cached(
            "INSERT INTO names (entity, kind, surface, within, sense, documents, reason, scope, probability)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?;
        let mut update = self.connection.prepare_cached(
            "UPDATE names SET documents = documents + ?2, reason = coalesce(reason, ?3), scope = coalesce(scope, ?4),
             probability = coalesce(probability, ?5) WHERE row = ?1",
        )?;
        let mut key = self.connection.prepare_cached("INSERT OR IGNORE INTO keys VALUES (?1, ?2)")?;
        let mut rows = Vec::with_capacity(of_name.len());
        for (name, entity) in self.register.names.iter().zip(of_name) {
            let guess = name.guess.map(|guess| (code(guess.reason), code(guess.scope), guess.probability));
            let (reason, scope, probability) = match guess {
                Some((reason, scope, probability)) => (Some(reason), Some(scope), Some(probability)),
                None => (None, None, None),
            };
            if let Some(row) = name.row {
                update.execute((row, name.documents, reason, scope, probability))?;
                rows.push(row);
                continue;
            }
            insert.execute((
                entity.expect("a name that is registered has a mention"),
                kind_code(name.kind),
                &self.mentions.surfaces()[name.surface as usize],
                name.within.cast_signed(),
                name.sense.map(u64::cast_signed),
                name.documents,
                reason,
                scope,
                probability,
            ))?;
            let row = self.connection.last_insert_rowid();
            for value in name.keys.all() {
                key.execute((value.cast_signed(), row))?;
            }
            rows.push(row);
        }
        Ok(rows)
    }

    /// The row of each alias that mentions have.
    fn aliases(&self, names: &[i64]) -> rusqlite::Result<HashMap<AliasKey, i64>> {
        let mut counts: BTreeMap<AliasKey, (u32, Option<Attached>)> = BTreeMap::new();
        for mention in self.register.of_mention.iter().flatten() {
            let (n, attached) = counts.entry(alias(mention)).or_insert((0, mention.attached));
            *n += 1;
            *attached = match (*attached, mention.attached) {
                (Some(a), Some(b)) => Some(if b.probability > a.probability { b } else { a }),
                _ => None,
            };
        }
        let mut upsert = self.connection.prepare_cached(
            "INSERT INTO aliases (name, surface, label, kind, mentions, reason, probability) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (name, surface, label, kind) DO UPDATE SET mentions = mentions + excluded.mentions,
             reason = CASE WHEN excluded.reason IS NULL OR reason IS NULL THEN NULL WHEN excluded.probability > probability THEN excluded.reason ELSE reason END,
             probability = CASE WHEN excluded.reason IS NULL OR reason IS NULL THEN NULL ELSE max(probability, excluded.probability) END
             RETURNING row",
        )?;
        let mut rows = HashMap::with_capacity(counts.len());
        for (key @ (name, surface, label, kind), (n, attached)) in counts {
            let reason = attached.map(|attached| code(attached.reason));
            let row = upsert.query_row(
                (
                    names[name as usize],
                    &self.mentions.surfaces()[surface as usize],
                    self.mentions.labels()[label as usize].as_str(),
                    kind_code(kind),
                    n,
                    reason,
                    attached.map(|attached| attached.probability),
                ),
                |row| row.get(0),
            )?;
            rows.insert(key, row);
        }
        Ok(rows)
    }

    fn documents(&self, new: &[New<'_>], entities: &[i64], aliases: &HashMap<AliasKey, i64>) -> rusqlite::Result<()> {
        let mut here: Vec<BTreeSet<i64>> = vec![BTreeSet::new(); new.len()];
        for (cluster, &row) in self.register.clusters.iter().zip(entities) {
            cluster.mentions.iter().for_each(|mention| _ = here[mention.document as usize].insert(row));
        }
        let mut insert = self.connection.prepare_cached(
            "INSERT INTO documents (row, id, sha256, date, source, added, mentions, entities, text) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (row) DO UPDATE SET sha256 = excluded.sha256, date = excluded.date, source = excluded.source,
             added = excluded.added, mentions = excluded.mentions, entities = excluded.entities, text = excluded.text",
        )?;
        for ((nth, new), here) in new.iter().enumerate().zip(here) {
            let New { document, hash, row } = new;
            let field = |names: &[&str]| -> Option<String> {
                let value = names.iter().find_map(|name| document.extra.get(name))?;
                value.as_str().map(str::to_owned)
            };
            let here: Vec<i64> = here.into_iter().collect();
            insert.execute((
                row,
                &document.id,
                hash,
                field(&["date", "published"]),
                field(&["source"]),
                self.now,
                document.mentions.len(),
                pack(&here),
                deflate(&document.text),
            ))?;
            let row = row.unwrap_or_else(|| self.connection.last_insert_rowid());
            if new.row.is_some() {
                log(self.connection, self.now, ("replace", None, Some(&document.id)), "other content")?;
            }
            self.mentions_of(nth, row, aliases)?;
        }
        Ok(())
    }

    /// Writes the mentions of a document, by its index and its row.
    pub(super) fn mentions_of(&self, nth: usize, row: i64, aliases: &HashMap<AliasKey, i64>) -> rusqlite::Result<()> {
        let mut insert = self.connection.prepare_cached("INSERT INTO mentions VALUES (?1, ?2, ?3, ?4)")?;
        for (at, mention) in self.register.of_mention[nth].iter().enumerate() {
            insert.execute((row, at, mention.start, aliases[&alias(mention)]))?;
        }
        Ok(())
    }

    /// Name, counts, ids and reasons of an entity.
    fn evidence(&self, cluster: &Cluster, row: i64, entities: &[i64]) -> rusqlite::Result<()> {
        if cluster.mentions.is_empty() && cluster.known.len() < 2 {
            return Ok(());
        }
        let mut documents: Vec<u32> = cluster.mentions.iter().map(|mention| mention.document).collect();
        documents.dedup();
        let pinned = cluster.row.map(|_| "row");
        self.connection
            .prepare_cached(
                "UPDATE entities SET name = CASE WHEN pinned IS NULL OR (pinned = 'row' AND ?6 IS NOT NULL) THEN ?2 ELSE name END,
                 label = CASE WHEN pinned = 'row' AND ?6 IS NULL THEN label ELSE ?3 END,
                 mentions = mentions + ?4, documents = documents + ?5, pinned = coalesce(pinned, ?6) WHERE row = ?1",
            )?
            .execute((row, &cluster.name, cluster.label.as_str(), cluster.mentions.len(), documents.len(), pinned))?;
        self.ids(cluster, row)?;
        let mut vote = self.connection.prepare_cached(
            "INSERT INTO votes VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO UPDATE SET ids = excluded.ids, mentions = mentions + excluded.mentions, by_context = by_context + excluded.by_context",
        )?;
        for new in &cluster.votes {
            let ids = serde_json::to_string(&new.ids).expect("texts are written as JSON");
            vote.execute((row, &new.entry, ids, new.mentions, new.by_context))?;
        }
        let mut reason = self.connection.prepare_cached(
            "INSERT INTO reasons VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT DO UPDATE SET documents = documents + excluded.documents, probability = max(probability, excluded.probability)",
        )?;
        for merge in &cluster.merges {
            let name = |at: usize| &self.mentions.surfaces()[cluster.names[at].surface as usize];
            let (name, of) = (name(merge.from), name(merge.to));
            let it = merge.merge;
            if name != of {
                reason.execute((row, name, of, code(it.reason), code(it.scope), it.probability, it.documents))?;
            }
        }
        self.connection.prepare_cached("DELETE FROM candidates WHERE entity = ?1")?.execute([row])?;
        let mut candidate = self.connection.prepare_cached("INSERT OR REPLACE INTO candidates VALUES (?1, ?2, ?3)")?;
        for &(other, probability) in &cluster.candidates {
            if entities[other] != row {
                candidate.execute((row, entities[other], probability))?;
            }
        }
        Ok(())
    }

    /// The ids of an entity in knowledge bases. Those that the user once gave stay.
    fn ids(&self, cluster: &Cluster, row: i64) -> rusqlite::Result<()> {
        let has_user: bool = self
            .connection
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM kb WHERE entity = ?1 AND base = 'user')")?
            .query_row([row], |row| row.get(0))?;
        if has_user && cluster.row.is_none() {
            return Ok(());
        }
        self.connection.prepare_cached("DELETE FROM kb WHERE entity = ?1")?.execute([row])?;
        let mut insert = self.connection.prepare_cached("INSERT INTO kb VALUES (?1, ?2, ?3)")?;
        for (base, id) in &cluster.kb {
            insert.execute((row, base, id))?;
        }
        Ok(())
    }

    fn offices(&self, entities: &[i64]) -> rusqlite::Result<()> {
        let mut counts: BTreeMap<(i64, u32), u32> = BTreeMap::new();
        for (cluster, &row) in self.register.clusters.iter().zip(entities) {
            for mention in &cluster.mentions {
                let office = self.register.of_mention[mention.document as usize][mention.index as usize].office;
                if let Some(office) = office {
                    *counts.entry((row, office)).or_default() += 1;
                }
            }
        }
        let mut upsert = self.connection.prepare_cached(
            "INSERT INTO offices VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET mentions = mentions + excluded.mentions",
        )?;
        for ((row, office), n) in counts {
            upsert.execute((row, &self.mentions.titles()[office as usize], n))?;
        }
        Ok(())
    }
}

fn alias(mention: &RegisteredMention) -> AliasKey {
    (mention.name, mention.surface, mention.label, mention.kind)
}
