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
    /// The surfaces of its mentions, most frequent first, then by the alphabet.
    pub aliases: Vec<Alias>,
    /// How many documents name it.
    pub documents: usize,
    /// Its ids in knowledge bases, by the name of the base: `wikidata`, `iso3166`, `geonames` …
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
    /// How many mentions name it.
    pub fn mentions(&self) -> usize {
        self.aliases.iter().map(|alias| alias.mentions).sum()
    }
}
