//! What does the knowledge base know of a thing?

use std::borrow::Cow;
use std::fmt;

use crate::link::Kind;

/// A text that is in the program, or made of one that is.
pub(super) type Text = Cow<'static, str>;

/// A thing with a name and ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its id, stable across versions: the Wikidata id where it is known, otherwise `geonames:` or `org:` and an id.
    pub id: Text,
    /// Its name in English news.
    pub name: Text,
    /// What it is.
    pub kind: EntryKind,
    /// The ISO 3166-1 code, in capitals, of the country that it is or lies in.
    pub country: Option<Text>,
    /// The GeoNames code of the first-level region that it is or lies in, within the country.
    pub region: Option<Text>,
    /// How many people live there; 0 where that is not known.
    pub population: u64,
    /// Its ids, as (scheme, id): `wikidata`, `iso3166`, `geonames`.
    pub ids: Vec<(&'static str, Text)>,
}

impl Entry {
    /// The id in one of the schemes.
    pub fn id_in(&self, scheme: &str) -> Option<&str> {
        self.ids.iter().find(|(name, _)| *name == scheme).map(|(_, id)| id.as_ref())
    }
}

/// What an [`Entry`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum EntryKind {
    /// A country of today.
    Country,
    /// A country of the past, such as the Soviet Union.
    FormerCountry,
    /// A dependent or disputed territory, or a part of a country that news names like one (Scotland).
    Territory,
    /// A first-level region of a country: state, province, governorate.
    Region,
    /// A city of at least 100,000 people.
    City,
    /// A continent, or a part of a country with a people of its own (Chechnya).
    Area,
    /// A body, agency, company.
    Organisation,
}

impl EntryKind {
    /// Countries of today and of the past, and territories: what is linked by its name alone.
    pub fn is_country_level(self) -> bool {
        matches!(self, Self::Country | Self::FormerCountry | Self::Territory)
    }

    /// Countries, territories and areas: their name alone, or that of their people, says what is meant.
    pub fn is_land(self) -> bool {
        self.is_country_level() || self == Self::Area
    }

    /// The kind of the mentions that name such a thing when they mean itself.
    pub fn mentioned_as(self) -> Kind {
        match self {
            Self::Country | Self::FormerCountry | Self::Territory | Self::Region | Self::City | Self::Area => {
                Kind::Place
            }
            Self::Organisation => Kind::Organisation,
        }
    }
}

/// How a surface names an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum How {
    /// Its name.
    Name,
    /// Another name of it.
    Alias,
    /// An acronym: only in capitals or with dots, or with a capital and at least four letters (Nato).
    Acronym,
    /// Its name or another one in letters that are not Latin.
    Transliteration,
    /// What its people, or things of it, are called.
    Demonym,
    /// "City, Country" or "City, State".
    Form,
    /// A city or region whose country the document names.
    Context,
}

impl fmt::Display for How {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Name => "name",
            Self::Alias => "another name",
            Self::Acronym => "acronym",
            Self::Transliteration => "name in another script",
            Self::Demonym => "demonym",
            Self::Form => "with its country or state",
            Self::Context => "its country is named in the document",
        })
    }
}

/// An entry that a surface can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match<'a> {
    /// The entry.
    pub entry: &'a Entry,
    /// How the surface names it.
    pub how: How,
}
