//! Entities: what several mentions name.

use std::collections::BTreeMap;

use super::{Fields, Label};

/// A person, organisation or place, with the names that mentions give it.
///
/// ```
/// use allonym::text::{Entity, Label};
///
/// let mut oslo = Entity::new("e1", "Oslo", Label::new("LOC"));
/// oslo.kb.insert("wikidata".into(), "Q585".into());
/// assert_eq!(oslo.mentions(), 0, "no alias has been counted yet");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Entity {
    /// The id by which its mentions refer to it: `e1`, `e2` … if documents are linked one by one, a hash if they are linked together.
    pub id: String,
    /// The canonical name.
    pub name: String,
    /// The label of most of its mentions.
    pub label: Label,
    /// The surfaces of its mentions, the most frequent first, then in the order of their code points. An entity that was read has the names
    /// that the input lists, in its order.
    pub aliases: Vec<Alias>,
    /// The number of documents that mention it; 1 for an entity that was read with its document.
    pub documents: usize,
    /// Its ids in knowledge bases, by the name of the base: `wikidata`, `iso3166`, `geonames` … An id without the name of a base is
    /// under [`Entity::UNNAMED_BASE`].
    pub kb: BTreeMap<String, String>,
    /// Further fields, such as the `candidates` of an ambiguous name; those of the input that allonym does not know are kept as they are.
    pub extra: Fields,
}

/// One surface of an entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    /// The surface, as in the text.
    pub name: String,
    /// The number of mentions with this surface.
    pub mentions: usize,
}

impl Alias {
    /// Aliases in the order of [`Entity::aliases`], from the number of mentions of each surface.
    pub fn ranked(counts: BTreeMap<&str, usize>) -> Vec<Self> {
        let alias = |(name, mentions): (&str, usize)| Self { name: name.to_owned(), mentions };
        let mut aliases: Vec<Self> = counts.into_iter().map(alias).collect();
        aliases.sort_by(|a, b| b.mentions.cmp(&a.mentions).then_with(|| a.name.cmp(&b.name)));
        aliases
    }
}

impl Entity {
    /// The key in [`Entity::kb`] of an id without the name of a base (`"kb":"Q585"`).
    pub const UNNAMED_BASE: &str = "kb";

    /// An entity of one document, without aliases, ids in knowledge bases or extra fields.
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

    /// The number of its mentions: the sum over its aliases.
    pub fn mentions(&self) -> usize {
        self.aliases.iter().map(|alias| alias.mentions).sum()
    }
}
