//! Gold and predicted mentions side by side: what every score is computed from.

use std::borrow::Cow;
use std::fmt;

use crate::label::{LabelId, LabelSet};
use crate::text::{Span, segment};

/// The index of an entity in the [`EntityTable`] of its side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntityId(pub u32);

/// A mention to score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Item {
    /// The bytes of [`Paired::text`] that it covers.
    pub span: Span,
    /// Its label, one of [`Corpus::labels`].
    pub label: LabelId,
    /// The system's confidence, from 0 to 1; `None` if it gave none.
    pub score: Option<f32>,
    /// Its entity in the table of its side; `None` if it is not linked.
    pub entity: Option<EntityId>,
}

impl Item {
    /// What strict matching compares: exact boundaries and label.
    pub fn key(&self) -> (Span, LabelId) {
        (self.span, self.label)
    }
}

/// The entities that one side refers to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntityTable {
    entities: Vec<(String, Option<String>)>,
}

impl EntityTable {
    /// Adds an entity under the name that its file uses, with its id in a knowledge base if it has one.
    ///
    /// # Panics
    /// On the 2^32nd entity.
    pub fn add(&mut self, name: impl Into<String>, kb_id: Option<String>) -> EntityId {
        let id = EntityId(u32::try_from(self.entities.len()).expect("fewer than 2^32 entities"));
        self.entities.push((name.into(), kb_id));
        id
    }

    /// The number of entities.
    pub fn len(&self) -> usize {
        self.entities.len()
    }

    /// Whether the side has no entities.
    pub fn is_empty(&self) -> bool {
        self.entities.is_empty()
    }

    /// The names and knowledge-base ids, by [`EntityId`].
    pub fn iter(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.entities.iter().map(|(name, kb_id)| (name.as_str(), kb_id.as_deref()))
    }
}

/// The entities of all sides; by default there are none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntityTables {
    /// Those of the gold.
    pub gold: EntityTable,
    /// Those of each system.
    pub systems: Vec<EntityTable>,
}

/// The gold, or one of the systems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The gold mentions.
    Gold,
    /// The mentions of a system, counted from 0.
    System(usize),
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gold => f.write_str("gold"),
            Self::System(index) => write!(f, "system {index}"),
        }
    }
}

/// A document with its gold mentions and those of every system.
///
/// The mentions of each side are sorted by span, then label, without duplicates. They may nest and overlap, and a span may
/// reach beyond the text: such a mention counts, but is never right.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Paired {
    /// The document's id.
    pub id: String,
    /// The text that the spans of all sides point into.
    pub text: String,
    /// The words, sentence by sentence; `None` segments the text when words are needed.
    pub tokens: Option<Vec<Vec<Span>>>,
    /// The gold mentions.
    pub gold: Vec<Item>,
    /// The mentions of each system.
    pub systems: Vec<Vec<Item>>,
}

impl Paired {
    /// The mentions of a side.
    ///
    /// # Panics
    /// If there is no such system.
    pub fn items(&self, side: Side) -> &[Item] {
        match side {
            Side::Gold => &self.gold,
            Side::System(index) => &self.systems[index],
        }
    }

    /// The words, sentence by sentence: [`tokens`](Self::tokens), or else those of [`segment::sentences`].
    pub fn words(&self) -> Cow<'_, [Vec<Span>]> {
        match &self.tokens {
            Some(tokens) => Cow::Borrowed(tokens),
            None => Cow::Owned(segment::sentences(&self.text)),
        }
    }
}

/// Documents with gold mentions and those of one system or more.
///
/// [`pair`](super::pair) makes one from documents. To score mentions that come from elsewhere, use [`Corpus::new`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Corpus {
    pub(crate) labels: LabelSet,
    pub(crate) documents: Vec<Paired>,
    pub(crate) n_systems: usize,
    pub(crate) entities: EntityTables,
}

impl Corpus {
    /// Checks and joins documents, their labels and their entities.
    ///
    /// ```
    /// use allonym::Span;
    /// use allonym::eval::{Corpus, CorpusError, EntityTables, Item, Paired, score_mentions};
    /// use allonym::label::LabelSet;
    ///
    /// let mut labels = LabelSet::new();
    /// let per = labels.add("PER").expect("there is room for a label");
    /// let item = |start, end| Item { span: Span::new(start, end), label: per, score: None, entity: None };
    /// let document = Paired {
    ///     text: "Ann met Bo".into(),
    ///     gold: vec![item(0, 3), item(8, 10)],
    ///     systems: vec![vec![item(0, 3)]],
    ///     ..Paired::default()
    /// };
    /// let corpus = Corpus::new(labels.clone(), vec![document.clone()], EntityTables::default())?;
    /// assert_eq!(score_mentions(&corpus, 0).micro.recall, Some(0.5));
    ///
    /// let unsorted = Paired { gold: vec![item(8, 10), item(0, 3)], ..document };
    /// let error = Corpus::new(labels, vec![unsorted], EntityTables::default()).unwrap_err();
    /// assert!(matches!(error, CorpusError::Order { index: 1, .. }));
    /// # Ok::<(), CorpusError>(())
    /// ```
    ///
    /// # Errors
    /// If the documents differ in their number of systems, mentions are not sorted or occur twice, or a label or an entity
    /// is not in its table.
    pub fn new(labels: LabelSet, documents: Vec<Paired>, mut entities: EntityTables) -> Result<Self, CorpusError> {
        let n_systems = documents.first().map_or(entities.systems.len(), |document| document.systems.len());
        if entities.systems.is_empty() {
            entities.systems.resize(n_systems, EntityTable::default());
        } else if entities.systems.len() != n_systems {
            return Err(CorpusError::EntityTables { expected: n_systems, found: entities.systems.len() });
        }
        let corpus = Self { labels, documents, n_systems, entities };
        corpus.documents.iter().try_for_each(|document| corpus.check(document))?;
        Ok(corpus)
    }

    fn check(&self, document: &Paired) -> Result<(), CorpusError> {
        let id = || document.id.clone();
        if document.systems.len() != self.n_systems {
            return Err(CorpusError::Systems { id: id(), expected: self.n_systems, found: document.systems.len() });
        }
        for side in self.sides() {
            let items = document.items(side);
            if let Some(at) = items.windows(2).position(|pair| pair[0].key() >= pair[1].key()) {
                return Err(CorpusError::Order { id: id(), side, index: at + 1 });
            }
            let n_entities = self.entities(side).len();
            for (index, item) in items.iter().enumerate() {
                if usize::from(item.label.0) >= self.labels.len() {
                    return Err(CorpusError::Label {
                        id: id(),
                        side,
                        index,
                        expected: self.labels.len(),
                        found: item.label,
                    });
                }
                if let Some(found) = item.entity.filter(|entity| entity.0 as usize >= n_entities) {
                    return Err(CorpusError::Entity { id: id(), side, index, expected: n_entities, found });
                }
            }
        }
        Ok(())
    }

    fn sides(&self) -> impl Iterator<Item = Side> + use<> {
        std::iter::once(Side::Gold).chain((0..self.n_systems).map(Side::System))
    }

    /// The labels of all sides.
    pub fn labels(&self) -> &LabelSet {
        &self.labels
    }

    /// The documents, in the order of the gold.
    pub fn documents(&self) -> &[Paired] {
        &self.documents
    }

    /// How many systems there are; every document has the mentions of each.
    pub fn n_systems(&self) -> usize {
        self.n_systems
    }

    /// The entities of a side.
    ///
    /// # Panics
    /// If there is no such system.
    pub fn entities(&self, side: Side) -> &EntityTable {
        match side {
            Side::Gold => &self.entities.gold,
            Side::System(index) => &self.entities.systems[index],
        }
    }
}

/// Why documents are no [`Corpus`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CorpusError {
    /// A document has more or fewer systems than the first one.
    #[error("document {id:?}: expected the mentions of {expected} systems, found {found}")]
    Systems {
        /// The document's id.
        id: String,
        /// The number of systems of the first document.
        expected: usize,
        /// The number of systems of this document.
        found: usize,
    },
    /// A mention is not after the one before it, by span and label.
    #[error("document {id:?}, {side}: expected sorted mentions without duplicates, found mention {index} out of order")]
    Order {
        /// The document's id.
        id: String,
        /// Whose mention it is.
        side: Side,
        /// The index of the mention.
        index: usize,
    },
    /// A mention has a label that the label set lacks.
    #[error("document {id:?}, {side}: expected one of {expected} labels for mention {index}, found number {}", found.0)]
    Label {
        /// The document's id.
        id: String,
        /// Whose mention it is.
        side: Side,
        /// The index of the mention.
        index: usize,
        /// The number of labels.
        expected: usize,
        /// The label.
        found: LabelId,
    },
    /// A mention has an entity that its side's table lacks.
    #[error("document {id:?}, {side}: expected one of {expected} entities for mention {index}, found number {}", found.0)]
    Entity {
        /// The document's id.
        id: String,
        /// Whose mention it is.
        side: Side,
        /// The index of the mention.
        index: usize,
        /// The number of entities of the side.
        expected: usize,
        /// The entity.
        found: EntityId,
    },
    /// The number of entity tables is not the number of systems.
    #[error("expected the entities of {expected} systems, found those of {found}")]
    EntityTables {
        /// The number of systems.
        expected: usize,
        /// The number of tables.
        found: usize,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(start: usize, label: u16, entity: Option<u32>) -> Item {
        Item { span: Span::new(start, start + 1), label: LabelId(label), score: None, entity: entity.map(EntityId) }
    }

    fn document(gold: Vec<Item>, systems: Vec<Vec<Item>>) -> Paired {
        Paired { id: "a".into(), text: "x y z".into(), tokens: None, gold, systems }
    }

    fn labels() -> LabelSet {
        let mut labels = LabelSet::new();
        labels.add("PER");
        labels.add("LOC");
        labels
    }

    fn entities() -> EntityTables {
        let mut tables = EntityTables { gold: EntityTable::default(), systems: vec![EntityTable::default()] };
        tables.gold.add("e1", Some("Q1".into()));
        tables
    }

    #[test]
    fn sound_mentions_make_a_corpus() {
        let sound =
            document(vec![item(0, 0, Some(0)), item(0, 1, None), item(90, 0, None)], vec![vec![item(2, 0, None)]]);
        let corpus = Corpus::new(labels(), vec![sound], entities()).expect("it is sound");
        assert_eq!((corpus.n_systems(), corpus.documents().len(), corpus.labels().len()), (1, 1, 2));
        assert_eq!(corpus.entities(Side::Gold).iter().collect::<Vec<_>>(), [("e1", Some("Q1"))]);
        assert!(corpus.entities(Side::System(0)).is_empty());
        let nothing = Corpus::new(LabelSet::new(), Vec::new(), entities()).expect("nothing is sound");
        assert_eq!(nothing.n_systems(), 1);
    }

    #[test]
    fn each_broken_invariant_is_named() {
        let sound = || document(vec![item(0, 0, None)], vec![vec![]]);
        let cases = [
            (
                "systems",
                vec![sound(), document(vec![], vec![])],
                "document \"a\": expected the mentions of 1 systems, found 0",
            ),
            (
                "order",
                vec![document(vec![item(2, 0, None), item(0, 0, None)], vec![vec![]])],
                "document \"a\", gold: expected sorted mentions without duplicates, found mention 1 out of order",
            ),
            (
                "duplicate",
                vec![document(vec![], vec![vec![item(0, 1, None), item(2, 0, None), item(2, 0, None)]])],
                "document \"a\", system 0: expected sorted mentions without duplicates, found mention 2 out of order",
            ),
            (
                "label",
                vec![document(vec![item(0, 2, None)], vec![vec![]])],
                "document \"a\", gold: expected one of 2 labels for mention 0, found number 2",
            ),
            (
                "entity",
                vec![document(vec![], vec![vec![item(0, 0, Some(0))]])],
                "document \"a\", system 0: expected one of 0 entities for mention 0, found number 0",
            ),
            (
                "tables",
                vec![document(vec![], vec![vec![], vec![]])],
                "expected the entities of 2 systems, found those of 1",
            ),
        ];
        for (name, documents, want) in cases {
            let error = Corpus::new(labels(), documents, entities()).expect_err(name);
            assert_eq!(error.to_string(), want, "{name}");
        }
    }
}
