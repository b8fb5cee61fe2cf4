//! The entities of many documents, which come one by one: which are the same, and how often each is mentioned.

use std::collections::{BTreeMap, HashMap};

use super::{Alias, Document, Entity, Label};

/// The entities of all documents so far.
///
/// Entities that were linked across documents are the same if their ids are. The ids `e1`, `e2` … are those of one document: such entities
/// are the same if they have one name, one label and the same ids in knowledge bases. Mentions that are not linked are the same if they have
/// one surface and one label.
#[derive(Debug, Default)]
pub(crate) struct Roster {
    rows: Vec<Listed>,
    places: HashMap<Key, usize>,
    /// How many mentions were linked, and how.
    pub(crate) across: u64,
    pub(crate) within: u64,
    pub(crate) unlinked: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Id(String),
    /// The last number tells entities of one document apart that are alike in all else.
    Named(String, Label, BTreeMap<String, String>, usize),
    Surface(String, Label),
}

/// An entity of the documents.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    /// Its id, if it was linked across documents.
    pub(crate) id: Option<String>,
    pub(crate) name: String,
    pub(crate) label: Label,
    pub(crate) kb: BTreeMap<String, String>,
    /// What tells it from others of its name.
    pub(crate) context: Option<String>,
    pub(crate) documents: usize,
    /// The surfaces in the order in which they came, each with its number of mentions.
    pub(crate) surfaces: Vec<Alias>,
    surface_places: HashMap<String, usize>,
    /// The number of the last document that has it.
    last: u64,
}

impl Listed {
    #[cfg(any(feature = "files", test))]
    pub(crate) fn mentions(&self) -> usize {
        self.surfaces.iter().map(|surface| surface.mentions).sum()
    }

    /// The surfaces, the most frequent first.
    #[cfg(feature = "link")]
    pub(crate) fn aliases(&self) -> Vec<Alias> {
        Alias::ranked(self.surfaces.iter().map(|surface| (surface.name.as_str(), surface.mentions)).collect())
    }

    fn count(&mut self, surface: &str) -> usize {
        let place = *self.surface_places.entry(surface.to_owned()).or_insert_with(|| {
            self.surfaces.push(Alias { name: surface.to_owned(), mentions: 0 });
            self.surfaces.len() - 1
        });
        self.surfaces[place].mentions += 1;
        place
    }
}

/// What a mention is of: an entity and one of its surfaces, by their places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) entity: usize,
    pub(crate) surface: usize,
}

/// Whether an id is one that linking within a document gives.
pub(crate) fn is_of_one_document(id: &str) -> bool {
    id.strip_prefix('e').is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

impl Roster {
    /// The entities, in the order in which they came.
    pub(crate) fn rows(&self) -> &[Listed] {
        &self.rows
    }

    /// The places of the entities, most mentions first, equals by name.
    #[cfg(any(feature = "files", test))]
    pub(crate) fn ranked(&self) -> Vec<usize> {
        let mut places: Vec<usize> = (0..self.rows.len()).collect();
        places.sort_by(|&a, &b| {
            let (first, second) = (&self.rows[a], &self.rows[b]);
            let by_count = second.mentions().cmp(&first.mentions()).then(second.documents.cmp(&first.documents));
            by_count
                .then_with(|| (&first.name, &first.label, &first.id).cmp(&(&second.name, &second.label, &second.id)))
        });
        places
    }

    /// Counts the mentions of a document, and says what each is of; `None` for a mention without text.
    pub(crate) fn add(&mut self, document: &Document, nth: u64) -> Vec<Option<Place>> {
        let mut alike: HashMap<Key, usize> = HashMap::new();
        let mut here: HashMap<&str, (Key, Option<&Entity>)> = HashMap::new();
        for entity in &document.entities {
            let key = if is_of_one_document(&entity.id) {
                let mut key = Key::Named(entity.name.clone(), entity.label.clone(), entity.kb.clone(), 0);
                let before = alike.entry(key.clone()).or_default();
                if let Key::Named(.., n) = &mut key {
                    *n = *before;
                }
                *before += 1;
                key
            } else {
                Key::Id(entity.id.clone())
            };
            here.entry(&entity.id).or_insert((key, Some(entity)));
        }
        let mut found = Vec::with_capacity(document.mentions.len());
        for mention in &document.mentions {
            let Some(surface) = mention.span.slice(&document.text).filter(|surface| !surface.is_empty()) else {
                found.push(None);
                continue;
            };
            let unlisted = |id: &str| match is_of_one_document(id) {
                true => Key::Named(surface.to_owned(), mention.label.clone(), BTreeMap::new(), 0),
                false => Key::Id(id.to_owned()),
            };
            let (key, entity) = match mention.entity.as_deref() {
                Some(id) => {
                    // An id that no entity of the list has: its first mention names it.
                    let known = here.entry(id).or_insert_with(|| (unlisted(id), None));
                    (known.0.clone(), known.1)
                }
                None => (Key::Surface(surface.to_owned(), mention.label.clone()), None),
            };
            match key {
                Key::Id(_) => self.across += 1,
                Key::Named(..) => self.within += 1,
                Key::Surface(..) => self.unlinked += 1,
            }
            let entity_place = match self.places.get(&key) {
                Some(&place) => place,
                None => {
                    self.rows.push(listed(&key, entity, surface, &mention.label));
                    self.places.insert(key, self.rows.len() - 1);
                    self.rows.len() - 1
                }
            };
            let row = &mut self.rows[entity_place];
            if row.last != nth {
                row.last = nth;
                row.documents += 1;
            }
            found.push(Some(Place { entity: entity_place, surface: row.count(surface) }));
        }
        found
    }
}

fn listed(key: &Key, entity: Option<&Entity>, surface: &str, label: &Label) -> Listed {
    let id = match key {
        Key::Id(id) => Some(id.clone()),
        _ => None,
    };
    let name = entity.map(|entity| entity.name.as_str()).filter(|name| !name.is_empty()).unwrap_or(surface);
    let label = entity.map(|entity| &entity.label).filter(|label| !label.as_str().is_empty()).unwrap_or(label);
    let context = entity.and_then(|entity| entity.extra.get("context"));
    Listed {
        id,
        name: name.to_owned(),
        label: label.clone(),
        kb: entity.map(|entity| entity.kb.clone()).unwrap_or_default(),
        context: context.and_then(|context| context.as_str().map(str::to_owned)),
        documents: 0,
        surfaces: Vec::new(),
        surface_places: HashMap::new(),
        last: u64::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Mention, Span};

    /// A document whose words are mentions, each with the id of its entity.
    fn document(text: &str, ids: &[Option<&str>], entities: &[(&str, &str)]) -> Document {
        let mut document = Document::new("d", text);
        let mut start = 0;
        for (word, id) in text.split(' ').zip(ids) {
            let span = Span::new(start, start + word.len());
            document.mentions.push(Mention { entity: id.map(str::to_owned), ..Mention::new(span, Label::new("PER")) });
            start += word.len() + 1;
        }
        document.entities = entities.iter().map(|(id, name)| Entity::new(*id, *name, Label::new("PER"))).collect();
        document
    }

    fn names(documents: &[Document]) -> Vec<(String, usize, usize)> {
        let mut roster = Roster::default();
        for (nth, document) in (0..).zip(documents) {
            roster.add(document, nth);
        }
        let row = |place: usize| &roster.rows()[place];
        let rows = roster.ranked().into_iter().map(row);
        rows.map(|row| (row.name.clone(), row.mentions(), row.documents)).collect()
    }

    #[test]
    fn what_is_one_entity_depends_on_how_it_was_linked() {
        let row = |name: &str, mentions, documents| (name.to_owned(), mentions, documents);
        let (a, b) = (Some("a"), Some("b"));
        let across = [
            document("Ann Lee", &[a, a], &[("a", "Ann Lee")]),
            document("Ann Ann", &[a, b], &[("a", "Ann Lee"), ("b", "Ann Lee")]),
        ];
        assert_eq!(names(&across), [row("Ann Lee", 3, 2), row("Ann Lee", 1, 1)], "ids tell them apart");
        let (one, two) = (Some("e1"), Some("e2"));
        let within = [
            document("Ann Lee", &[one, one], &[("e1", "Ann Lee")]),
            document("Bo Ann", &[one, two], &[("e1", "Bo"), ("e2", "Ann Lee")]),
        ];
        assert_eq!(names(&within), [row("Ann Lee", 3, 2), row("Bo", 1, 1)], "the same id is not the same entity");
        let twice = [document("Ann Ann", &[one, two], &[("e1", "Ann"), ("e2", "Ann")])];
        assert_eq!(names(&twice), [row("Ann", 1, 1), row("Ann", 1, 1)], "one document knows two");
        let unlinked = [document("Ann Lee", &[None, None], &[]), document("Ann", &[None], &[])];
        assert_eq!(names(&unlinked), [row("Ann", 2, 2), row("Lee", 1, 1)]);
        let unlisted = [document("Ann Lee", &[a, a], &[]), document("Lee Bo", &[a, one], &[])];
        assert_eq!(names(&unlisted), [row("Ann", 3, 2), row("Bo", 1, 1)], "the first mention names it");
    }
}
