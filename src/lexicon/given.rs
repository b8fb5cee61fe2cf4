//! Given names: their gender, and which are forms of one another.

use std::collections::HashMap;

use super::gender::Gender;
use super::hash::FixedState;
use super::table::rows;

/// What is known of a given name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct GivenName {
    pub(crate) gender: Option<Gender>,
    /// Where its groups are, among those of all names.
    groups: (u32, u32),
    /// The group of its own short forms.
    own: Option<Group>,
}

/// Names that are forms of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Group {
    /// A full name and its short forms, of which two may stand for different names.
    ShortForms(u16),
    /// Spellings of one name.
    Spellings(u16),
}

/// Given names, in lower-case Latin letters.
#[derive(Clone, Debug, Default)]
pub(super) struct GivenNames {
    names: HashMap<&'static str, Row, FixedState>,
    /// The groups of all names, one name after the other.
    groups: Vec<Group>,
}

#[derive(Clone, Copy, Debug)]
struct Row {
    name: GivenName,
    is_listed: bool,
    may_be_fathers: bool,
}

impl GivenNames {
    /// Reads a table of `name`, `gender`, `form_of`, `listed` and `fathers`, and one of `name` and `source`: more that may be the father's.
    pub(super) fn new(table: &'static str, fathers_too: &'static str) -> Self {
        let mut numbers: HashMap<&'static str, u16, FixedState> = HashMap::default();
        let mut given = Self::default();
        for [name, gender, form_of, listed, fathers] in rows(table) {
            let start = given.groups.len() as u32;
            for group in form_of.split('|').filter(|group| !group.is_empty()) {
                let next = u16::try_from(numbers.len()).expect("there are fewer than 65,536 groups of forms");
                let number = *numbers.entry(group).or_insert(next);
                // Names are lower-case; ids of Wikidata begin with Q.
                let is_id = group.starts_with('Q');
                given.groups.push(if is_id { Group::Spellings(number) } else { Group::ShortForms(number) });
            }
            let own = form_of.split('|').position(|group| group == name).map(|at| given.groups[start as usize + at]);
            let known = GivenName { gender: Gender::read(gender), groups: (start, given.groups.len() as u32), own };
            let row = Row { name: known, is_listed: listed == "yes", may_be_fathers: fathers == "yes" };
            given.names.insert(name, row);
        }
        for [name, _source] in rows(fathers_too) {
            let unknown = GivenName { gender: None, groups: (0, 0), own: None };
            let row = Row { name: unknown, is_listed: false, may_be_fathers: true };
            given.names.entry(name).or_insert(row).may_be_fathers = true;
        }
        given
    }

    /// Whether two names are forms of one.
    pub(super) fn are_forms(&self, a: GivenName, b: GivenName) -> bool {
        let groups = |name: GivenName| &self.groups[name.groups.0 as usize..name.groups.1 as usize];
        let joins = |group: &Group| matches!(group, Group::Spellings(_)) || [a.own, b.own].contains(&Some(*group));
        groups(a).iter().any(|group| joins(group) && groups(b).contains(group))
    }

    /// Numbers of the full names that a name is a short form of, and of itself if it has short forms.
    pub(super) fn full_names(&self, name: &str) -> impl Iterator<Item = u16> {
        let groups = self
            .names
            .get(name)
            .map_or(&[][..], |row| &self.groups[row.name.groups.0 as usize..row.name.groups.1 as usize]);
        groups.iter().filter_map(|group| if let Group::ShortForms(number) = group { Some(*number) } else { None })
    }

    pub(super) fn get(&self, name: &str) -> Option<GivenName> {
        self.names.get(name).filter(|row| row.is_listed).map(|row| row.name)
    }

    /// The listed names, in the order of the alphabet.
    pub(super) fn listed(&self) -> Vec<(&'static str, Option<Gender>)> {
        let listed = self.names.iter().filter(|(_, row)| row.is_listed);
        let mut listed: Vec<_> = listed.map(|(name, row)| (*name, row.name.gender)).collect();
        listed.sort_unstable_by_key(|(name, _)| *name);
        listed
    }

    pub(super) fn gender(&self, name: &str) -> Option<Gender> {
        self.names.get(name)?.name.gender
    }

    pub(super) fn may_be_fathers(&self, name: &str) -> bool {
        self.names.get(name).is_some_and(|row| row.may_be_fathers)
    }
}
