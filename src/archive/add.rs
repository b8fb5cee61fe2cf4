//! Adding documents to an archive.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension};
use sha2::{Digest, Sha256};

use super::added::Added;
use super::archive::Failure;
use super::constraints::constraints;
use super::known::load;
use super::rekeying::renew;
use super::removal::remove;
use super::writer::{New, Writer};
use super::{Archive, Error};
use crate::io::hex;
use crate::link::{Linker, MentionStore};
use crate::text::Document;

impl Archive {
    /// Links documents with each other and with what the archive has, and adds them, all or none. Entities of `documents` are ignored;
    /// [`write`](Self::write) writes those of the archive.
    ///
    /// A document is known by its id. One that the archive has with the same text and mentions changes nothing; one that it has with
    /// others is replaced.
    ///
    /// # Errors
    /// [`Error::Twice`] if two documents have one id, [`Error::Link`] if a span does not slice its text, [`Error::Busy`] if another
    /// program keeps on writing. Nothing is added then.
    pub fn link(&mut self, linker: &Linker, documents: &[Document]) -> Result<Added, Error> {
        let mut ids = HashSet::new();
        if let Some(twice) = documents.iter().find(|document| !ids.insert(&document.id)) {
            return Err(Error::Twice { id: twice.id.clone() });
        }
        let now = self.now()?;
        self.change(|transaction| {
            let mut added = Added::default();
            let mut new = Vec::new();
            for document in documents {
                let hash = fingerprint(document);
                match stored(transaction, &document.id)? {
                    Some((_, known)) if known == hash => added.unchanged += 1,
                    Some((row, _)) => {
                        added.replaced.push(document.id.clone());
                        new.push(New { document, hash, row: Some(row) });
                    }
                    None => {
                        added.documents += 1;
                        new.push(New { document, hash, row: None });
                    }
                }
            }
            if !new.is_empty() {
                for row in new.iter().filter_map(|new| new.row) {
                    remove(transaction, row)?;
                }
                add(transaction, linker, &new, &now, &mut added)?;
            }
            Ok(added)
        })
    }
}

fn add(connection: &Connection, linker: &Linker, new: &[New<'_>], now: &str, added: &mut Added) -> Result<(), Failure> {
    let mut mentions = MentionStore::new();
    for New { document, .. } in new {
        mentions.add(document).map_err(|source| Error::Link { id: document.id.clone(), source })?;
    }
    renew(connection)?;
    let linker = constraints(connection, linker)?;
    let keys = linker.keys(&mentions);
    let loaded = load(connection, &keys)?;
    mentions.know(loaded.known);
    let register = linker.register(&mentions);
    added.mentions += mentions.n_mentions();
    let writer = Writer { connection, mentions: &mentions, register: &register, known: &loaded.rows, now };
    writer.write(new, added)?;
    Ok(())
}

/// Row and hash of a document.
pub(super) fn stored(connection: &Connection, id: &str) -> rusqlite::Result<Option<(i64, String)>> {
    let mut find = connection.prepare_cached("SELECT row, sha256 FROM documents WHERE id = ?1")?;
    find.query_row([id], |row| Ok((row.get(0)?, row.get(1)?))).optional()
}

/// Hash of all that linking reads of a document, and of its text.
pub(super) fn fingerprint(document: &Document) -> String {
    let mut hash = Sha256::new();
    hash.update(document.text.len().to_le_bytes());
    hash.update(&document.text);
    for mention in &document.mentions {
        hash.update(format!("\n{:?} {}", mention.span, mention.label));
    }
    hex(hash.finalize())
}
