//! From documents with mentions to documents with pseudonyms.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::value::RawValue;

use super::fields::{self, Fate, PartOf};
use super::hash::sha256;
use super::pseudonyms::{Giver, Seen, clashes};
use super::spans::{Replaced, replaced};
use super::{Entry, Error, Occurrence, Part, Record, RedactOptions, Table};
use crate::link::{Linker, Links, MentionStore};
use crate::text::{Document, Fields, Kind, Label, Mention, Span};

/// What a mention that was redacted before counts for, against a spelling of an entity.
const SAME_PLACE: u64 = 1_000;

/// Takes in the documents that are to be redacted. Memory grows with their mentions, not with their texts.
#[derive(Debug)]
pub struct Redactor {
    table: Table,
    options: RedactOptions,
    mentions: MentionStore,
    /// Per document, the label of each mention.
    labels: Vec<Vec<Label>>,
    seen: Seen,
    /// The entries of mentions, by document and index, that the table has at the same place of the same text.
    before: HashMap<(usize, usize), usize>,
    /// The entries of the table, by pseudonym.
    by_pseudonym: HashMap<String, usize>,
}

impl Redactor {
    /// A redactor that goes on with a table; [`Table::default`] is a new one.
    pub fn new(table: Table, options: RedactOptions) -> Self {
        let mut seen = Seen::default();
        table.entries.iter().flat_map(|entry| &entry.surfaces).for_each(|surface| seen.add(surface, table.style()));
        let by_pseudonym = table.entries.iter().zip(0..).map(|(entry, nth)| (entry.pseudonym.clone(), nth)).collect();
        let (mentions, labels, before) = (MentionStore::new(), Vec::new(), HashMap::new());
        Self { table, options, mentions, labels, seen, before, by_pseudonym }
    }

    /// The document with those of its fields behind its text that are redacted like it: so it is to be tagged, added and redacted.
    ///
    /// ```
    /// use allonym::redact::{RedactOptions, Redactor, Table};
    /// use allonym::Document;
    ///
    /// let mut document = Document::new("a", "She left Oslo.");
    /// document.extra.insert("title".into(), "Maria Lopez leaves".into());
    /// let redactor = Redactor::new(Table::default(), RedactOptions::default());
    /// assert_eq!(redactor.join(document).text, "She left Oslo.\n\nMaria Lopez leaves");
    /// ```
    pub fn join(&self, document: Document) -> Document {
        fields::join(document, &self.options.fields)
    }

    /// Adds a document with its mentions, which gets the next index: 0, 1, 2 …
    ///
    /// # Errors
    /// [`Error::Link`] if a span does not slice the text. Nothing is added then.
    pub fn add(&mut self, document: &Document) -> Result<(), Error> {
        self.mentions.add(document)?;
        let nth = self.labels.len();
        self.seen.add(&document.text, self.table.style());
        let parts = fields::parts(document, &self.options.fields);
        let source = sha256(&document.text[parts[0].range.clone()]);
        let of_id = self.table.records_of(&source).filter(|record| record.document == document.id).last();
        if let Some(record) = of_id.or_else(|| self.table.records_of(&source).last()) {
            let old = |part: &PartOf| record.parts.iter().find(|old| old.field == part.field);
            let places: HashMap<usize, &Occurrence> = parts
                .iter()
                .filter_map(|part| Some((part.range.start, old(part)?)))
                .flat_map(|(first, old)| old.before().map(move |(start, occurrence)| (first + start, occurrence)))
                .collect();
            for (index, mention) in document.mentions.iter().enumerate() {
                let old = places.get(&mention.span.start());
                let same = old.filter(|old| mention.span.slice(&document.text) == Some(old.text.as_str()));
                if let Some(&entry) = same.and_then(|old| self.by_pseudonym.get(&old.pseudonym)) {
                    self.before.insert((nth, index), entry);
                }
            }
        }
        self.labels.push(document.mentions.iter().map(|mention| mention.label.clone()).collect());
        Ok(())
    }

    /// Links all mentions with each other and with the entities of the table, and gives a pseudonym to each entity that has none: in the
    /// order of the documents and of the mentions in them.
    pub fn link(self, linker: &Linker) -> Redaction {
        let Self { mut table, options, mut mentions, labels, seen, before, .. } = self;
        let n = labels.len();
        for entry in &table.entries {
            mentions.add(&anchor(entry)).expect("the spans are made with the text");
        }
        let clashes = clashes(&table.entries, &seen);
        let links = linker.link(mentions);
        let entry_of = known(&links, &table, n, &before);
        let mut redaction = Redaction {
            table: Table::default(),
            options,
            links,
            labels,
            entry_of,
            before,
            clashes,
            left_out: BTreeMap::new(),
            named_ids: (0, None),
            surfaces: table.entries.iter().map(|entry| entry.surfaces.iter().cloned().collect()).collect(),
        };
        redaction.name(&mut table, &seen);
        redaction.table = table;
        redaction
    }
}

/// The spellings of an entity as a document, so that linking sees them.
fn anchor(entry: &Entry) -> Document {
    let mut document = Document::new(format!("\u{0}{}", entry.pseudonym), "");
    for surface in &entry.surfaces {
        let start = document.text.len();
        document.text.push_str(surface);
        let span = Span::new(start, document.text.len());
        document.mentions.push(Mention::new(span, Label::new(&entry.label)));
        document.text.push_str(".\n\n");
    }
    document
}

/// The entries that linked entities have already, by the id of the entity: the one that most speaks for, the oldest of equals.
fn known(links: &Links, table: &Table, n: usize, before: &HashMap<(usize, usize), usize>) -> HashMap<String, usize> {
    let mut votes: HashMap<&str, BTreeMap<usize, u64>> = HashMap::new();
    let mut vote = |document: usize, mention: usize, entry: usize, weight: u64| {
        if let Some(entity) = links.entity_of(document, mention) {
            *votes.entry(&entity.id).or_default().entry(entry).or_default() += weight;
        }
    };
    for (nth, entry) in table.entries.iter().enumerate() {
        (0..entry.surfaces.len()).for_each(|surface| vote(n + nth, surface, nth, 1));
    }
    before.iter().for_each(|(&(document, mention), &entry)| vote(document, mention, entry, SAME_PLACE));
    let most = |votes: BTreeMap<usize, u64>| votes.into_iter().max_by_key(|&(entry, n)| (n, std::cmp::Reverse(entry)));
    votes.into_iter().filter_map(|(id, votes)| Some((id.to_owned(), most(votes)?.0))).collect()
}

/// Writes documents with pseudonyms, and the table that undoes it.
#[derive(Debug)]
pub struct Redaction {
    table: Table,
    options: RedactOptions,
    links: Links,
    /// Per document, the label of each mention.
    labels: Vec<Vec<Label>>,
    /// By the id of a linked entity.
    entry_of: HashMap<String, usize>,
    /// Of mentions that were redacted before.
    before: HashMap<(usize, usize), usize>,
    clashes: Vec<String>,
    left_out: BTreeMap<String, u64>,
    named_ids: (u64, Option<String>),
    /// Per entry, its surfaces.
    surfaces: Vec<HashSet<String>>,
}

impl Redaction {
    /// Gives pseudonyms to the entities that have none.
    fn name(&mut self, table: &mut Table, seen: &Seen) {
        let mut giver = Giver::new(table, seen);
        let mut new = Vec::new();
        for (nth, labels) in self.labels.iter().enumerate() {
            for (index, label) in labels.iter().enumerate() {
                let entity = self.links.entity_of(nth, index).expect("all mentions were linked");
                let is_taken = self.options.has(label) || self.options.has(&entity.label);
                if !is_taken || self.entry_of.contains_key(&entity.id) {
                    continue;
                }
                let kind = match Kind::of(&entity.label) {
                    Kind::Other => Kind::of(label),
                    kind => kind,
                };
                let pseudonym = giver.give(kind, &entity.name);
                self.entry_of.insert(entity.id.clone(), table.entries.len() + new.len());
                let (entity, label) = (entity.name.clone(), entity.label.to_string());
                new.push(Entry { pseudonym, entity, label, surfaces: Vec::new() });
            }
        }
        self.surfaces.resize_with(table.entries.len() + new.len(), HashSet::new);
        table.entries.extend(new);
    }

    /// What is replaced in a document, in order.
    ///
    /// # Errors
    /// [`Error::Changed`] if it is not the document that was added with this index.
    pub fn replaced(&self, nth: usize, document: &Document) -> Result<Vec<Replaced>, Error> {
        let expected = self.labels.get(nth).map_or(0, Vec::len);
        let found = document.mentions.len();
        if expected != found || nth >= self.labels.len() {
            return Err(Error::Changed { nth, expected, found });
        }
        let entry = |(index, mention): (usize, &Mention)| {
            let entity = self.links.entity_of(nth, index)?;
            let entry = self.before.get(&(nth, index)).or_else(|| self.entry_of.get(&entity.id)).copied();
            entry.filter(|_| self.options.takes(mention, entity))
        };
        let entries: Vec<Option<usize>> = document.mentions.iter().enumerate().map(entry).collect();
        Ok(replaced(document, &entries, self.options.occurrences))
    }

    /// The document with pseudonyms: in its text, which has nothing but its own part again, and in its fields. Its mentions are the
    /// pseudonyms of its text. The table gets what undoes it.
    ///
    /// `nth` is the index of the document, in the order of [`Redactor::add`].
    ///
    /// # Errors
    /// [`Error::Changed`] if it is not the document that was added with this index.
    pub fn redact(&mut self, nth: usize, document: Document) -> Result<Document, Error> {
        let all = self.replaced(nth, &document)?;
        let mut redacted = Document::new(document.id.clone(), "");
        let mut record = Record {
            document: document.id.clone(),
            source: sha256(text_of(&document, &self.options)),
            parts: Vec::new(),
            left_out: Vec::new(),
        };
        let mut texts: HashMap<String, String> = HashMap::new();
        for PartOf { field, range } in fields::parts(&document, &self.options.fields) {
            let (text, occurrences) = self.part(&document.text, range, &all);
            record.parts.push(Part { field: field.clone(), sha256: sha256(&text), occurrences });
            match field {
                Some(field) => drop(texts.insert(field, text)),
                None => redacted.text = text,
            }
        }
        // The text is the first part.
        let entries: Vec<usize> = all.iter().map(|replaced| replaced.entry).collect();
        redacted.mentions = record.text().map_or(Vec::new(), |part| self.mentions(part, &entries));
        let field = |name: &str, value: &RawValue| (name.to_owned(), value.to_owned());
        let mut kept = Fields::new();
        for (name, value) in document.extra.iter() {
            match self.options.fields.fate(name, value) {
                Fate::Kept => kept.insert_raw(name.to_owned(), value.to_owned()),
                Fate::Text(_) => kept.insert(name.to_owned(), texts.remove(name).unwrap_or_default().into()),
                Fate::LeftOut => {
                    *self.left_out.entry(name.to_owned()).or_default() += 1;
                    record.left_out.push(field(name, value));
                }
            }
        }
        redacted.extra = kept;
        self.look_at_id(&record);
        self.table.add(record);
        Ok(redacted)
    }

    /// A part of a text with pseudonyms, and where they are.
    fn part(&mut self, text: &str, range: std::ops::Range<usize>, all: &[Replaced]) -> (String, Vec<Occurrence>) {
        let mut redacted = String::with_capacity(range.len());
        let mut occurrences = Vec::new();
        let mut done = range.start;
        for Replaced { span, entry } in all {
            let (start, end) = (span.start().max(range.start), span.end().min(range.end));
            if start >= end {
                continue;
            }
            redacted.push_str(&text[done..start]);
            let surface = &text[start..end];
            if self.surfaces[*entry].insert(surface.to_owned()) {
                self.table.entries[*entry].surfaces.push(surface.to_owned());
            }
            let pseudonym = &self.table.entries[*entry].pseudonym;
            occurrences.push(Occurrence {
                start: redacted.len(),
                pseudonym: pseudonym.clone(),
                text: surface.to_owned(),
            });
            redacted.push_str(pseudonym);
            done = end;
        }
        redacted.push_str(&text[done..range.end]);
        (redacted, occurrences)
    }

    /// The mentions of a redacted text, which `entries` are in.
    fn mentions(&self, part: &Part, entries: &[usize]) -> Vec<Mention> {
        let mention = |(Occurrence { start, pseudonym, .. }, entry): (&Occurrence, &usize)| {
            let label = Label::new(&self.table.entries[*entry].label);
            Mention {
                entity: Some(pseudonym.clone()),
                ..Mention::new(Span::new(*start, start + pseudonym.len()), label)
            }
        };
        part.occurrences.iter().zip(entries).map(mention).collect()
    }

    /// Whether the id has a word of a name that was replaced.
    fn look_at_id(&mut self, record: &Record) {
        let words = |text: &str| -> HashSet<String> {
            let words = text.split(|c: char| !c.is_alphabetic()).filter(|word| word.chars().count() > 2);
            words.map(str::to_lowercase).collect()
        };
        let of_id = words(&record.document);
        let mut names =
            record.parts.iter().flat_map(|part| &part.occurrences).map(|occurrence| words(&occurrence.text));
        if names.any(|name| !name.is_disjoint(&of_id)) {
            self.named_ids.0 += 1;
            self.named_ids.1.get_or_insert_with(|| record.document.clone());
        }
    }

    /// The pseudonyms of the table as it was that the documents have already, as something else.
    pub fn clashes(&self) -> &[String] {
        &self.clashes
    }

    /// The names of the fields that were left out, with the number of documents.
    pub fn left_out(&self) -> &BTreeMap<String, u64> {
        &self.left_out
    }

    /// The number of documents whose id has a word of a name that was replaced, and the first such id.
    pub fn named_ids(&self) -> Option<(u64, &str)> {
        self.named_ids.1.as_deref().map(|first| (self.named_ids.0, first))
    }

    /// The table, with what was redacted so far.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// The table, with all that was redacted.
    pub fn into_table(self) -> Table {
        self.table
    }
}

/// The text of a joined document without its fields.
fn text_of<'d>(document: &'d Document, options: &RedactOptions) -> &'d str {
    let parts = fields::parts(document, &options.fields);
    &document.text[parts[0].range.clone()]
}
