use std::collections::HashMap;

use sha2::{Digest, Sha256};
use smallvec::{SmallVec, smallvec};

use super::definitions::{bracketed, opens_bracket, says_other_name};
use super::known::{AliasRecord, EntityRecord, Known, KnownEntity, KnownName, KnownRecords, NameRecord};
use super::record::{Definition, DocumentRecord, MentionRecord, Weight};
use super::roles::{Role, introduces};
use super::sports;
use super::texts::Texts;
use super::titles::titles_before;
use crate::lexicon::Lexicon;
use crate::link::{Error, Kind};
use crate::text::{Document, Label};

/// The mentions of many documents without their texts; every surface and label is kept once.
///
/// Besides surface and label of a mention it keeps the titles right before it ("Foreign Minister Qureshi"), the short form that the
/// text defines after it ("Economic Cooperation Organisation (ECO)"), and whether the document is a sports report. It is how a corpus
/// that is larger than the memory is linked: add each document, [link](super::super::Linker::link), then read the documents again
/// and [write](super::super::Links::write) the entities into each.
///
/// ```
/// use allonym::link::{Linker, MentionStore};
/// use allonym::{Document, Label, Mention, Span};
///
/// # fn documents() -> Vec<Document> {
/// #     ["Abbas Araghchi", "Abbas Aragchi", "Abbas Araghchi"].map(|text| {
/// #         let mut document = Document::new(text, text);
/// #         document.mentions.push(Mention::new(Span::new(0, text.len()), Label::new("PER")));
/// #         document
/// #     }).into()
/// # }
/// let mut mentions = MentionStore::new();
/// for document in documents() {
///     mentions.add(&document)?;
/// }
/// let links = Linker::default().link(mentions);
/// for (nth, mut document) in documents().into_iter().enumerate() {
///     links.write(nth, &mut document)?;
///     assert_eq!(document.entities[0].name, "Abbas Araghchi");
/// }
/// # Ok::<(), allonym::link::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct MentionStore {
    pub(in crate::link) surfaces: Texts,
    pub(in crate::link) labels: Vec<Label>,
    /// The kind of each label.
    pub(in crate::link) kinds: Vec<Kind>,
    pub(in crate::link) titles: Texts,
    pub(in crate::link) documents: Vec<DocumentRecord>,
    /// What is known before the documents are linked.
    pub(in crate::link) known: KnownRecords,
    label_ids: HashMap<Label, u32>,
}

impl MentionStore {
    /// No mentions, of no documents.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the mentions of a document, which gets the next index: 0, 1, 2 …
    ///
    /// # Errors
    /// [`Error::Span`] if a span does not slice the text. Nothing of the document is added then.
    pub fn add(&mut self, document: &Document) -> Result<(), Error> {
        let surfaces = surfaces(document, self.documents.len())?;
        let mut mentions = Vec::with_capacity(surfaces.len());
        let mut hash = Sha256::new();
        hash.update(&document.id);
        let sentences = sentences(document);
        let mut end = 0;
        for (nth, (mention, surface)) in document.mentions.iter().zip(&surfaces).enumerate() {
            hash.update(format!("\n{:?} {} {surface}", mention.span, mention.label));
            let label = self.label(&mention.label);
            let kind = self.kinds[label as usize];
            let title = match kind {
                Kind::Person | Kind::Other => self.title(&document.text[..mention.span.start()], surface),
                Kind::Organisation | Kind::Place => 0,
            };
            let gap = u8::try_from(mention.span.start().saturating_sub(end)).unwrap_or(u8::MAX);
            end = end.max(mention.span.end());
            let start = MentionRecord::start_of(mention.span);
            let before = &document.text[..mention.span.start()];
            let is_located = matches!(kind, Kind::Place | Kind::Other) && is_located(before);
            let (surface, sentence) = (self.surface(surface), sentences[nth]);
            let is_person = kind == Kind::Person;
            let role = if is_person { Role::around(before, &document.text[mention.span.end()..]) } else { None };
            let is_introduced = is_person && introduces(before);
            mentions.push(MentionRecord {
                surface,
                label,
                title,
                start,
                sentence,
                is_located,
                role,
                is_introduced,
                gap,
            });
        }
        let definitions = self.definitions(document);
        let hash = hash.finalize();
        let hash = u64::from_be_bytes(hash[..8].try_into().expect("a digest has 32 bytes"));
        let is_sports = sports::is_report(&document.text, &surfaces);
        self.documents.push(DocumentRecord {
            mentions: mentions.into(),
            definitions: definitions.into_boxed_slice(),
            aliases: SmallVec::new(),
            is_sports,
            hash,
            weight: Weight::ONE,
        });
        Ok(())
    }

    /// Adds a name that was counted before, without the documents that it is in: `mentions` mentions of one surface and label in
    /// `documents` documents, both at least 1. It gets the next index, as a document with this one mention would; the names of a corpus
    /// are each added once. What only documents tell is not known then: that a surname stands for the full name beside it, offices,
    /// countries, what else is in a text.
    ///
    /// ```
    /// use allonym::Label;
    /// use allonym::link::{Linker, MentionStore};
    ///
    /// let mut names = MentionStore::new();
    /// for (name, mentions, documents) in [("Abbas Araghchi", 900, 410), ("Abbas Aragchi", 70, 64), ("Ali Larijani", 30, 21)] {
    ///     names.add_name(name, &Label::new("PER"), mentions, documents);
    /// }
    /// let links = Linker::default().link(names);
    /// let entity = links.entity_of(1, 0).expect("a name has an entity");
    /// assert_eq!((entity.name.as_str(), entity.mentions(), entity.documents), ("Abbas Araghchi", 970, 474));
    /// assert_eq!(links.entities().len(), 2);
    /// ```
    pub fn add_name(&mut self, name: &str, label: &Label, mentions: u32, documents: u32) {
        let weight = Weight { mentions: mentions.max(1), documents: documents.max(1) };
        let hash = Sha256::digest(format!("\n{label} {name}"));
        let hash = u64::from_be_bytes(hash[..8].try_into().expect("a digest has 32 bytes"));
        let (surface, label) = (self.surface(name), self.label(label));
        let mention = MentionRecord {
            surface,
            label,
            title: 0,
            start: 0,
            sentence: 0,
            is_located: false,
            role: None,
            is_introduced: false,
            gap: 0,
        };
        self.known.n_documents += weight.documents as usize - 1;
        self.documents.push(DocumentRecord {
            mentions: smallvec![mention],
            definitions: Box::default(),
            aliases: SmallVec::new(),
            is_sports: false,
            hash,
            weight,
        });
    }

    /// Says that documents have another name for what a name means that was [added](Self::add_name), by the index of that name. The other
    /// name is not counted here. Where it was added as a name of its own, since some documents have nothing else, it joins the only
    /// entity that it fits.
    ///
    /// ```
    /// use allonym::Label;
    /// use allonym::link::{Linker, MentionStore};
    ///
    /// let (mut names, org) = (MentionStore::new(), Label::new("ORG"));
    /// names.add_name("Northern Fishing Fleet Board", &org, 40, 12);
    /// names.add_name("Norfleet", &org, 9, 8);
    /// let links = Linker::default().link(names.clone());
    /// assert_ne!(links.entity_of(0, 0), links.entity_of(1, 0));
    /// names.add_alias(0, "Norfleet");
    /// let links = Linker::default().link(names);
    /// assert_eq!(links.entity_of(0, 0), links.entity_of(1, 0));
    /// ```
    ///
    /// # Panics
    /// If no document or name has the index.
    pub fn add_alias(&mut self, of: usize, alias: &str) {
        let alias = self.surface(alias);
        self.documents[of].aliases.push(alias);
    }

    /// Takes in what an archive knows. Replaces what was known.
    #[cfg_attr(not(feature = "archive"), allow(dead_code, reason = "only an archive knows entities beforehand"))]
    pub(crate) fn know(&mut self, known: Known) {
        let Known { entities, documents, n_documents, n_persons, never, teams } = known;
        let entities = entities.into_iter().map(|entity| self.known_entity(entity)).collect();
        self.known = KnownRecords { entities, documents, n_documents, n_persons, never, teams };
    }

    fn known_entity(&mut self, entity: KnownEntity) -> EntityRecord {
        let KnownEntity { names, offices, votes, documents, user } = entity;
        let office = |title: &String| self.titles.intern(title) + 1;
        let offices = offices.iter().map(office).collect();
        let names = names.into_iter().map(|name| self.known_name(name)).collect();
        EntityRecord { names, offices, votes, documents, user }
    }

    fn known_name(&mut self, name: KnownName) -> NameRecord {
        let KnownName { row, kind, surface, within, sense, documents, guess, aliases } = name;
        let aliases = aliases.into_iter().map(|alias| AliasRecord {
            surface: self.surface(&alias.surface),
            label: self.label(&alias.label),
            kind: alias.kind,
            mentions: alias.mentions,
            attached: alias.attached,
        });
        let aliases = aliases.collect();
        NameRecord { row, kind, surface: self.surface(&surface), within, sense, documents, guess, aliases }
    }

    #[cfg(feature = "archive")]
    pub(crate) fn surfaces(&self) -> &Texts {
        &self.surfaces
    }

    #[cfg(feature = "archive")]
    pub(crate) fn labels(&self) -> &[Label] {
        &self.labels
    }

    #[cfg(feature = "archive")]
    pub(crate) fn titles(&self) -> &Texts {
        &self.titles
    }

    /// Frees what only additions need.
    pub(in crate::link) fn close(&mut self) {
        self.surfaces.close();
        self.titles.close();
        self.documents.shrink_to_fit();
    }

    /// Number of documents added.
    pub fn n_documents(&self) -> usize {
        self.documents.len()
    }

    /// Number of mentions of all documents.
    pub fn n_mentions(&self) -> usize {
        self.documents.iter().map(|document| document.mentions.len()).sum()
    }

    fn surface(&mut self, text: &str) -> u32 {
        self.surfaces.intern(text)
    }

    fn label(&mut self, label: &Label) -> u32 {
        if let Some(&id) = self.label_ids.get(label) {
            return id;
        }
        let id = u32::try_from(self.labels.len()).expect("fewer than 2^32 labels fit into memory");
        self.labels.push(label.clone());
        self.kinds.push(Kind::of(label));
        self.label_ids.insert(label.clone(), id);
        id
    }

    /// One more than the id of the titles that end right before a name; 0 without titles.
    fn title(&mut self, before: &str, name: &str) -> u32 {
        titles_before(before, name).map_or(0, |title| self.titles.intern(&title) + 1)
    }

    fn definitions(&mut self, document: &Document) -> Vec<Definition> {
        let text = &document.text;
        let mut order: Vec<usize> = (0..document.mentions.len()).collect();
        order.sort_by_key(|&nth| (document.mentions[nth].span, nth));
        let mut definitions = Vec::new();
        for (at, &nth) in order.iter().enumerate() {
            let span = document.mentions[nth].span;
            let mention = u32::try_from(nth).expect("fewer than 2^32 mentions");
            let next =
                order.get(at + 1).map(|&next| document.mentions[next].span).filter(|next| next.start() >= span.end());
            let other_name = next.filter(|next| says_other_name(&text[span.end()..next.start()]));
            if let Some(other) = other_name {
                let surface = self.surface(&text[other.range()]);
                definitions.push(Definition { mention, surface, is_other_name: true });
                continue;
            }
            let next = next.filter(|next| opens_bracket(&text[span.end()..next.start()]));
            let second = next.map(|next| &text[next.range()]).or_else(|| bracketed(&text[span.end()..]));
            if let Some(second) = second {
                definitions.push(Definition { mention, surface: self.surface(second), is_other_name: false });
            }
        }
        definitions
    }
}

/// The number of the sentence of each mention: a full stop, a question or exclamation mark before a blank, a line end, or nothing but
/// stars and rules between two mentions parts sentences.
fn sentences(document: &Document) -> Vec<u32> {
    let mut order: Vec<usize> = (0..document.mentions.len()).collect();
    order.sort_by_key(|&nth| document.mentions[nth].span);
    let mut sentences = vec![0; order.len()];
    let (mut sentence, mut end) = (0, 0);
    for nth in order {
        let span = document.mentions[nth].span;
        let between = document.text.get(end..span.start()).unwrap_or_default();
        let ends = |(at, c): (usize, char)| {
            c == '\n' || matches!(c, '.' | '?' | '!') && between[at + 1..].starts_with(['\u{22}', '”', '’', ' ', '\n'])
        };
        let is_rule = between.contains(['*', '|', '•', '#', '=', '_', '~']) && !between.contains(char::is_alphanumeric);
        sentence += u32::from(is_rule || between.char_indices().any(ends));
        sentences[nth] = sentence;
        end = end.max(span.end());
    }
    sentences
}

/// Whether the word at the end of a text says that a place follows.
fn is_located(before: &str) -> bool {
    let word = before.trim_end().rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    Lexicon::english().is_locative(&word.to_lowercase())
}

/// The surfaces of the mentions of the document at an index.
fn surfaces(document: &Document, index: usize) -> Result<Vec<&str>, Error> {
    let surface = |(nth, span): (usize, crate::text::Span)| {
        let error = || Error::Span { document: index, mention: nth, span, len: document.text.len() };
        span.slice(&document.text).ok_or_else(error)
    };
    document.mentions.iter().map(|mention| mention.span).enumerate().map(surface).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Mention, Span};

    fn document(text: &str, names: &[(&str, &str)]) -> Document {
        let mut document = Document::new("d", text);
        let mut from = 0;
        for (name, label) in names {
            let start = from + text[from..].find(name).expect("the text has the name");
            from = start + name.len();
            document.mentions.push(Mention::new(Span::new(start, from), Label::new(label)));
        }
        document
    }

    #[test]
    fn titles_before_a_name_are_kept() {
        let mut mentions = MentionStore::new();
        let document = document(
            "Earlier, Foreign Minister Qureshi met Dr. Zarif and said Imran Khan left.",
            &[("Qureshi", "PER"), ("Zarif", "PER"), ("Imran Khan", "PER")],
        );
        mentions.add(&document).expect("the spans slice the text");
        let titles: Vec<&str> = mentions.documents[0]
            .mentions
            .iter()
            .map(|record| record.title.checked_sub(1).map_or("", |at| &mentions.titles[at as usize]))
            .collect();
        assert_eq!(titles, ["foreign minister", "dr", ""]);
    }

    #[test]
    fn spans_that_do_not_slice_the_text_are_refused() {
        for (start, end) in [(0, 99), (99, 99), (0, 2), (1, 2)] {
            let mut broken = document("Ö in Oslo", &[("Oslo", "LOC")]);
            broken.mentions.push(Mention::new(Span::new(start, end), Label::new("LOC")));
            let is_sound = broken.mentions[1].span.slice(&broken.text).is_some();
            let mut mentions = MentionStore::new();
            let added = mentions.add(&broken);
            assert_eq!(added.is_ok(), is_sound, "{start}..{end}");
            if let Err(error) = added {
                let want = format!(
                    "document 0: mention 1: expected a span of whole characters in a text of 10 bytes, found {start}..{end}"
                );
                assert_eq!(error.to_string(), want);
                assert_eq!((mentions.n_documents(), mentions.surfaces.len()), (0, 0));
            }
        }
    }
}
