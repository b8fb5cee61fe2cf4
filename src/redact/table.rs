//! The table that tells which pseudonym stands for whom.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, Write};

use aho_corasick::{AhoCorasick, MatchKind};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::options::Style;
use super::record::Record;
use super::spans::is_whole_word;
use super::{Error, hash};
use crate::text::Document;

/// Who has which pseudonym, and which spelling stood where.
///
/// It is written as JSON Lines: what kind of table it is, an [`Entry`] for each pseudonym, a [`Record`] for each document. Whoever has it
/// can undo the redaction, so it belongs in another place than the redacted texts.
///
/// ```
/// use allonym::redact::{Style, Table};
///
/// let mut bytes = Vec::new();
/// Table::new(Style::Names, 7).write(&mut bytes)?;
/// assert_eq!(bytes, b"{\"table\":\"allonym redact\",\"version\":1,\"style\":\"names\",\"seed\":7}\n");
/// assert_eq!(Table::read(bytes.as_slice(), "table.jsonl")?.seed(), 7);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Table {
    style: Style,
    seed: u64,
    pub(super) entries: Vec<Entry>,
    records: Vec<Record>,
    /// Indices of records, by the hash of the source and by that of the redacted text.
    by_source: HashMap<String, Vec<usize>>,
    by_text: HashMap<String, Vec<usize>>,
    /// The ids of all documents.
    ids: HashSet<String>,
}

/// A person, organisation or place with its pseudonym.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What stands in the texts in place of its names.
    pub pseudonym: String,
    /// Its canonical name.
    pub entity: String,
    /// Its label.
    pub label: String,
    /// Its spellings in the texts, in the order in which they came up.
    pub surfaces: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    table: String,
    version: u32,
    style: Style,
    seed: u64,
}

/// What the first line of a table calls it.
const NAME: &str = "allonym redact";
const VERSION: u32 = 1;

const FIRST: &str = "the first line of a table of allonym redact, of version 1";
const LINE: &str = "an entity with a pseudonym or a redacted document";

impl Table {
    /// A table without pseudonyms. The seed decides which names [`Style::Names`] gives.
    pub fn new(style: Style, seed: u64) -> Self {
        Self { style, seed, ..Self::default() }
    }

    /// Reads a table; `path` is what errors call it. One without any line is a new one.
    ///
    /// # Errors
    /// [`Error::Table`] if a line is not one of such a table, or two entities have one pseudonym.
    pub fn read(reader: impl BufRead, path: &str) -> Result<Self, Error> {
        let mut table = Self::default();
        let mut taken = HashSet::new();
        for (line, number) in reader.lines().zip(1..) {
            let line = line.map_err(|source| Error::Io { path: path.to_owned(), source })?;
            let fail = |expected, found: String| Error::Table { path: path.to_owned(), line: number, expected, found };
            if number == 1 {
                let head: Head = serde_json::from_str(&line).map_err(|error| fail(FIRST, error.to_string()))?;
                if (head.table.as_str(), head.version) != (NAME, VERSION) {
                    return Err(fail(FIRST, format!("{:?}, version {}", head.table, head.version)));
                }
                (table.style, table.seed) = (head.style, head.seed);
            } else if line.starts_with("{\"pseudonym\"") {
                let entry: Entry = serde_json::from_str(&line).map_err(|error| fail(LINE, error.to_string()))?;
                if entry.pseudonym.is_empty() || !taken.insert(entry.pseudonym.clone()) {
                    return Err(fail("a pseudonym of its own", format!("{:?}", entry.pseudonym)));
                }
                table.entries.push(entry);
            } else {
                let record: Record = serde_json::from_str(&line).map_err(|error| fail(LINE, error.to_string()))?;
                table.push(record);
            }
        }
        Ok(table)
    }

    /// Writes the table.
    ///
    /// # Errors
    /// When the system cannot write.
    pub fn write(&self, mut to: impl Write) -> std::io::Result<()> {
        let head = Head { table: NAME.to_owned(), version: VERSION, style: self.style, seed: self.seed };
        let mut line = |value: serde_json::Result<String>| -> std::io::Result<()> {
            to.write_all(value?.as_bytes())?;
            to.write_all(b"\n")
        };
        line(serde_json::to_string(&head))?;
        self.entries.iter().try_for_each(|entry| line(serde_json::to_string(entry)))?;
        self.records.iter().try_for_each(|record| line(serde_json::to_string(record)))?;
        to.flush()
    }

    /// What its pseudonyms look like.
    pub fn style(&self) -> Style {
        self.style
    }

    /// What decides which names [`Style::Names`] gives.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The entities, in the order in which they got their pseudonyms.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The documents that were redacted.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// A redacted document as it was: its text byte for byte, its id, the fields that were redacted, and those that were left out (behind
    /// the others). A document is known by its text; where several became the same text, by its id. It comes without mentions.
    ///
    /// # Errors
    /// [`Error::Unknown`], [`Error::Edited`] or [`Error::Ambiguous`] if it is not a document of this table, or not as it was written.
    pub fn undo(&self, mut document: Document) -> Result<Document, Error> {
        let record = self.find(&document)?;
        let id = document.id.clone();
        let part = record.text().expect("it was found by its text");
        document.text = part.undo(&id, &document.text)?;
        // A text file has no fields.
        let has_fields = !document.extra.is_empty() || record.parts.len() == 1;
        for part in record.parts.iter().filter(|part| part.field.is_some() && has_fields) {
            let name = part.field.clone().unwrap_or_default();
            let Some(Value::String(redacted)) = document.extra.get(&name) else {
                return Err(Error::Edited { id, part: name });
            };
            document.extra.insert(name, part.undo(&id, &redacted)?.into());
        }
        for (name, value) in &record.left_out {
            document.extra.insert_raw(name.clone(), value.clone());
        }
        document.id.clone_from(&record.document);
        document.mentions.clear();
        document.entities.clear();
        document.layout = None;
        Ok(document)
    }

    fn find(&self, document: &Document) -> Result<&Record, Error> {
        let sha256 = hash::sha256(&document.text);
        let all: Vec<&Record> =
            self.by_text.get(&sha256).into_iter().flatten().map(|&nth| &self.records[nth]).collect();
        let of_id: Vec<&Record> = all.iter().copied().filter(|record| record.document == document.id).collect();
        let fits = if of_id.is_empty() { &all } else { &of_id };
        let id = document.id.clone();
        match fits.as_slice() {
            [] if self.ids.contains(&id) => Err(Error::Edited { id, part: "text".to_owned() }),
            [] => Err(Error::Unknown { id }),
            // The same document, redacted again.
            [first, others @ ..] if others.iter().all(|other| other.source == first.source) => Ok(first),
            several => Err(Error::Ambiguous { id, count: several.len() }),
        }
    }

    /// A text that was edited since it was redacted, with the canonical name of each entity for its pseudonym, wherever that stands as a
    /// whole word. Which spelling stood there before is not known.
    ///
    /// ```
    /// use allonym::redact::Table;
    ///
    /// let table = "{\"table\":\"allonym redact\",\"version\":1,\"style\":\"numbers\",\"seed\":0}\n\
    ///              {\"pseudonym\":\"Person 1\",\"entity\":\"Maria Lopez\",\"label\":\"PER\",\"surfaces\":[\"Lopez\"]}\n";
    /// let table = Table::read(table.as_bytes(), "table.jsonl")?;
    /// assert_eq!(table.names_into("In short: Person 1 met Person 12."), "In short: Maria Lopez met Person 12.");
    /// # Ok::<(), allonym::redact::Error>(())
    /// ```
    pub fn names_into(&self, text: &str) -> String {
        let finder = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(self.entries.iter().map(|entry| &entry.pseudonym))
            .expect("pseudonyms are few and short");
        let mut named = String::with_capacity(text.len());
        let mut done = 0;
        for found in finder.find_iter(text).filter(|found| is_whole_word(text, found.range())) {
            named.push_str(&text[done..found.start()]);
            named.push_str(&self.entries[found.pattern().as_usize()].entity);
            done = found.end();
        }
        named.push_str(&text[done..]);
        named
    }

    /// Adds a record, unless the same document became the same text before.
    pub(super) fn add(&mut self, record: Record) {
        let mut same = self.records_of(&record.source);
        if !same.any(|old| old.document == record.document && old.parts == record.parts) {
            drop(same);
            self.push(record);
        }
    }

    /// The records of documents with the source of this hash.
    pub(super) fn records_of(&self, source: &str) -> impl Iterator<Item = &Record> {
        self.by_source.get(source).into_iter().flatten().map(|&nth| &self.records[nth])
    }

    fn push(&mut self, record: Record) {
        let nth = self.records.len();
        self.by_source.entry(record.source.clone()).or_default().push(nth);
        if let Some(text) = record.text() {
            self.by_text.entry(text.sha256.clone()).or_default().push(nth);
        }
        self.ids.insert(record.document.clone());
        self.records.push(record);
    }
}
