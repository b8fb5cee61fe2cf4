//! The names of one document.

use std::collections::BTreeMap;

use crate::lexicon::Gender;
use crate::link::Kind;
use crate::link::cluster::forms::Forms;
use crate::link::cluster::key::{KeyKind, key};
use crate::link::cluster::support::Support;
use crate::link::kb::{Entry, GeoContext};
use crate::link::mentions::Role;

/// All mentions of a document that share form, kind and variant.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::link::cluster) struct Unit {
    pub(in crate::link::cluster) form: u32,
    pub(in crate::link::cluster) kind: Kind,
    /// Tells apart what the document uses one name for; 0 if it is one thing.
    pub(in crate::link::cluster) variant: u8,
    /// First byte of its first mention.
    pub(in crate::link::cluster) first: u32,
    /// The region or city that the document says it is.
    pub(in crate::link::cluster) place: Option<Placed>,
    /// Number of mentions.
    pub(in crate::link::cluster) mentions: u32,
    /// Titles before its mentions, each one more than its id. Sorted.
    pub(in crate::link::cluster) titles: Vec<u32>,
    /// Sentences of its mentions. Sorted.
    pub(in crate::link::cluster) sentences: Vec<u32>,
    /// Whether the text says of a mention that it is in, near or from there.
    pub(in crate::link::cluster) is_located: bool,
    /// The gender that titles of its mentions tell; `None` if they tell none, or both.
    pub(in crate::link::cluster) gender: Option<Gender>,
    /// What the text first calls its bearer.
    pub(in crate::link::cluster) role: Option<Role>,
    /// Whether the text brings its bearer in: "a farmer named".
    pub(in crate::link::cluster) is_introduced: bool,
    /// Whether it is two persons: "Trump-Vance".
    pub(in crate::link::cluster) is_pair: bool,
    pub(in crate::link::cluster) parent: Option<Parent>,
    /// Whether it fits several fuller units and is therefore attached to none.
    pub(in crate::link::cluster) is_ambiguous: bool,
}

impl Unit {
    /// A name at the start of a document that says nothing else of its bearer.
    pub(super) fn of_name(form: u32, kind: Kind, mentions: u32, gender: Option<Gender>, place: Option<Placed>) -> Self {
        Self {
            form,
            kind,
            variant: 0,
            first: 0,
            place,
            mentions,
            titles: Vec::new(),
            sentences: vec![0],
            is_located: false,
            gender,
            role: None,
            is_introduced: false,
            is_pair: false,
            parent: None,
            is_ambiguous: false,
        }
    }
}

/// A region or city that a document tells from others of its name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::link::cluster) enum Placed {
    /// The knowledge base has it.
    Known(&'static Entry),
    /// The knowledge base has none of that name there: "Paris, Texas". The key of name and surroundings.
    Unknown(u64),
}

impl Placed {
    /// Key of the place, the same in all documents.
    pub(in crate::link::cluster) fn key(self) -> u64 {
        match self {
            Self::Known(entry) => key(KeyKind::Entry, &entry.id),
            Self::Unknown(key) => key,
        }
    }
}

/// The fuller unit that a unit is attached to, and why.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::link::cluster) struct Parent {
    pub(in crate::link::cluster) unit: usize,
    pub(in crate::link::cluster) support: Support,
}

/// A name that documents which were counted attach to a fuller one, of the same kind.
#[derive(Clone, Copy, Debug)]
pub(in crate::link::cluster) struct CountedAlias {
    pub(in crate::link::cluster) form: u32,
    pub(in crate::link::cluster) support: Support,
    /// In how many documents at most.
    pub(in crate::link::cluster) documents: u32,
}

/// The units of a document, sorted by form, kind and variant.
#[derive(Clone, Debug)]
pub(in crate::link::cluster) struct DocumentUnits {
    pub(in crate::link::cluster) units: Vec<Unit>,
    /// Per mention, its unit.
    pub(in crate::link::cluster) of_mention: Vec<u32>,
    /// Names that the documents which were counted attach to that of the first mention.
    pub(in crate::link::cluster) counted: Vec<CountedAlias>,
    /// Full names of persons that stand side by side, each pair once.
    pub(in crate::link::cluster) apart: Vec<(usize, usize)>,
    /// Where the document takes place.
    pub(in crate::link::cluster) place: GeoContext,
}

impl DocumentUnits {
    /// Ids of the countries that the document names, with their numbers of mentions.
    pub(in crate::link::cluster) fn lands<'k>(&self, forms: &Forms<'k>) -> BTreeMap<&'k str, u32> {
        let mut lands: BTreeMap<&str, u32> = BTreeMap::new();
        for unit in self.units.iter().filter(|unit| unit.kind != Kind::Person) {
            if let Some(found) = forms.get(unit.form).known.land() {
                *lands.entry(&found.entry.id).or_default() += unit.mentions;
            }
        }
        lands
    }

    /// The unit at the end of a chain of parents.
    pub(in crate::link::cluster) fn root(&self, mut unit: usize) -> usize {
        while let Some(parent) = self.units[unit].parent {
            unit = parent.unit;
        }
        unit
    }
}
