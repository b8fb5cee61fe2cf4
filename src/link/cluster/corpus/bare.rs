//! Bare names: "Johnson" alone, told apart by what the documents say of the bearers.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use crate::lexicon::Gender;
use crate::link::Kind;
use crate::link::cluster::document::{DocumentUnits, Documents, Unit};
use crate::link::cluster::forms::Forms;
use crate::link::cluster::key::{KeyKind, key};
use crate::link::cluster::person;
use crate::link::mentions::Role;

/// What documents say of one bearer of a bare name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Bearer {
    role: Option<Role>,
    gender: Option<Gender>,
    /// Key of the only country that the document has places of.
    country: Option<u64>,
}

impl Bearer {
    fn of(unit: &Unit, country: Option<u64>) -> Self {
        Self { role: unit.role, gender: unit.gender, country }
    }

    /// Whether one person can hardly be both.
    fn excludes(&self, other: &Self) -> bool {
        let differ = |a: Option<u64>, b: Option<u64>| a.zip(b).is_some_and(|(a, b)| a != b);
        self.role.zip(other.role).is_some_and(|(a, b)| a.excludes(b))
            || self.gender.zip(other.gender).is_some_and(|(a, b)| a != b)
            || differ(self.country, other.country)
    }

    /// What is known of both.
    fn with(self, other: &Self) -> Self {
        Self {
            role: self.role.or(other.role),
            gender: self.gender.or(other.gender),
            country: self.country.or(other.country),
        }
    }

    fn key(&self) -> u64 {
        key(KeyKind::Word, &format!("{self:?}"))
    }
}

/// Documents and units.
type Members = Vec<(u32, u32)>;

/// Documents that may speak of one bearer.
struct Group {
    /// Key of what is said most often.
    key: u64,
    bearer: Bearer,
    members: Members,
}

/// What the bearers of a bare name are told by: by document and unit, a key of what is said of the rarer ones. Those of the most
/// documents have none.
pub(super) fn bearers(forms: &Forms<'_>, documents: &Documents<'_>) -> HashMap<(u32, u32), u64> {
    let mut names: BTreeMap<u32, BTreeMap<Bearer, Members>> = BTreeMap::new();
    for (at, document) in (0_u32..).zip(documents.iter()) {
        let mut country = None;
        for (nth, unit) in (0_u32..).zip(&document.units).filter(|(_, unit)| unit.kind == Kind::Person) {
            if unit.parent.is_none() && !person::is_full(forms.get(unit.form)) {
                let country = *country.get_or_insert_with(|| only_country(&document));
                names.entry(unit.form).or_default().entry(Bearer::of(unit, country)).or_default().push((at, nth));
            }
        }
    }
    let mut told = HashMap::new();
    for said in names.into_values().filter(|said| said.len() > 1) {
        for group in groups(said).into_iter().skip(1) {
            told.extend(group.members.into_iter().map(|member| (member, group.key)));
        }
    }
    told
}

/// Those of whom nothing said excludes what is said of the others of their group, the largest group first. What is said most often is
/// looked at first, so that the order of the documents does not matter.
fn groups(said: BTreeMap<Bearer, Members>) -> Vec<Group> {
    let mut said: Vec<(Bearer, Members)> = said.into_iter().collect();
    said.sort_by_key(|(_, members)| Reverse(members.len()));
    let mut groups: Vec<Group> = Vec::new();
    for (bearer, members) in said {
        match groups.iter_mut().find(|group| !group.bearer.excludes(&bearer)) {
            Some(group) => {
                group.bearer = group.bearer.with(&bearer);
                group.members.extend(members);
            }
            None => groups.push(Group { key: bearer.key(), bearer, members }),
        }
    }
    groups.sort_by_key(|group| Reverse(group.members.len()));
    groups
}

/// Key of the only country that a document names or has places of.
fn only_country(document: &DocumentUnits) -> Option<u64> {
    document.place.only().map(|country| key(KeyKind::Entry, country))
}
