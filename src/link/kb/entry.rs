//! Entries of the knowledge base.

use std::borrow::Cow;
use std::fmt;

/// A text that is in the binary, or made from one that is.
pub(super) type Text = Cow<'static, str>;

/// A country, place or organisation with its name and ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Id that is stable across versions: the Wikidata id if there is one, else `geonames:`, `area:` or `org:` with an id.
    pub id: Text,
    /// Name in English news.
    pub name: Text,
    /// Kind of thing.
    pub kind: EntryKind,
    /// ISO 3166-1 code, in capitals, of the country that it is or is in.
    pub country: Option<Text>,
    /// GeoNames code, unique within the country, of the first-level region that it is or is in.
    pub region: Option<Text>,
    /// Number of inhabitants; 0 if unknown.
    pub population: u64,
    /// Ids with their schemes: `wikidata`, `iso3166`, `geonames`.
    pub ids: Vec<(&'static str, Text)>,
}

impl Entry {
    /// The id in a scheme: `wikidata`, `iso3166` or `geonames`.
    pub fn id_in(&self, scheme: &str) -> Option<&str> {
        self.ids.iter().find(|(name, _)| *name == scheme).map(|(_, id)| id.as_ref())
    }
}

/// Kind of an [`Entry`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum EntryKind {
    /// A country of today.
    Country,
    /// A country that no longer exists, such as the Soviet Union.
    FormerCountry,
    /// A dependent or disputed territory, or a part of a country that news treats like one (Scotland).
    Territory,
    /// A first-level region of a country: state, province, governorate.
    Region,
    /// A city of at least 100,000 people.
    City,
    /// A continent, or a part of a country with a demonym of its own (Chechnya).
    Area,
    /// An organisation.
    Organisation,
}

impl EntryKind {
    /// Whether it is a country of today, a former one or a territory. These are linked by their names alone.
    pub fn is_country_level(self) -> bool {
        matches!(self, Self::Country | Self::FormerCountry | Self::Territory)
    }

    /// Whether it is at country level or an area: the name alone, or the demonym, says what is meant.
    pub(in crate::link) fn is_land(self) -> bool {
        self.is_country_level() || self == Self::Area
    }
}

/// How a surface matches an [`Entry`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MatchKind {
    /// By its name.
    Name,
    /// By another name.
    Alias,
    /// By an acronym, written in capitals or with dots, or with one capital and at least four letters (Nato).
    Acronym,
    /// By a name in a script other than Latin.
    Transliteration,
    /// By a demonym or adjective: "Iranian".
    Demonym,
    /// By its name with its country or state: "City, Country", "City, State".
    Qualified,
    /// By its name, in a document that names its country.
    Context,
}

impl fmt::Display for MatchKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Name => "name",
            Self::Alias => "another name",
            Self::Acronym => "acronym",
            Self::Transliteration => "name in another script",
            Self::Demonym => "demonym",
            Self::Qualified => "with its country or state",
            Self::Context => "its country is named in the document",
        })
    }
}

/// An entry that a surface matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match<'a> {
    /// Matched entry.
    pub entry: &'a Entry,
    /// How the surface matches it.
    pub kind: MatchKind,
}
