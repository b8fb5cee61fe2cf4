//! Which thing do several mentions name?

use std::collections::BTreeMap;

use super::{Fields, Label};

/// A person, organisation or place, with the names that mentions give it.
#[derive(Clone, Debug, PartialEq)]
pub struct Entity {
    /// What the `entity` of its mentions says: `e1`, `e2` … within a document, an id made from its content across a corpus.
    pub id: String,
    /// The canonical name.
    pub name: String,
    /// What kind of thing it is: the label of most of its mentions.
    pub label: Label,
    /// The surfaces of its mentions, most frequent first, then alphabetically; where the entity was read, the names that the input
    /// lists, in its order.
    pub aliases: Vec<Alias>,
    /// How many documents name it; 1 for an entity that was read with its document.
    pub documents: usize,
    /// Its ids in knowledge bases, by the name of the base: `wikidata`, `iso3166`, `geonames` …
    /// ([`Entity::UNNAMED_BASE`] where the input does not name it).
    pub kb: BTreeMap<String, String>,
    /// Further fields, such as the candidates of a name that fits several.
    pub extra: Fields,
}

/// One way in which mentions write an entity's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    /// The surface.
    pub name: String,
    /// How many mentions have it.
    pub mentions: usize,
}

impl Alias {
    /// Surfaces with their mentions in the order of [`Entity::aliases`].
    pub fn ranked(counts: BTreeMap<&str, usize>) -> Vec<Self> {
        let alias = |(name, mentions): (&str, usize)| Self { name: name.to_owned(), mentions };
        let mut aliases: Vec<Self> = counts.into_iter().map(alias).collect();
        aliases.sort_by(|a, b| b.mentions.cmp(&a.mentions).then_with(|| a.name.cmp(&b.name)));
        aliases
    }
}

impl Entity {
    /// The base in [`Entity::kb`] of an id that came without the name of its base (`"kb":"Q585"`).
    pub const UNNAMED_BASE: &str = "kb";

    /// An entity of one document, without aliases, ids in knowledge bases and extra fields.
    pub fn new(id: impl Into<String>, name: impl Into<String>, label: Label) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            label,
            aliases: Vec::new(),
            documents: 1,
            kb: BTreeMap::new(),
            extra: Fields::new(),
        }
    }

    /// How many mentions name it.
    pub fn mentions(&self) -> usize {
        self.aliases.iter().map(|alias| alias.mentions).sum()
    }
}
