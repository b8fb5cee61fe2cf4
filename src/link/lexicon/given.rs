//! Given names: their gender, and which are forms of one another.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::gender::Gender;
use super::table::rows;

/// What is known of a given name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::link) struct GivenName {
    /// Names of one group are forms of each other.
    pub(in crate::link) group: Option<u16>,
    pub(in crate::link) gender: Option<Gender>,
}

/// Given names, in lower-case Latin letters.
#[derive(Clone, Debug, Default)]
pub(super) struct GivenNames {
    names: HashMap<&'static str, Row, FixedState>,
}

#[derive(Clone, Copy, Debug)]
struct Row {
    name: Option<GivenName>,
    may_be_fathers: bool,
}

impl GivenNames {
    /// Reads a table of `name`, `gender`, `form_of`, `fathers` and `source`.
    pub(super) fn new(table: &'static str) -> Self {
        let mut groups: HashMap<&'static str, u16, FixedState> = HashMap::default();
        let mut names = HashMap::default();
        for [name, gender, form_of, fathers, _source] in rows(table) {
            let next = u16::try_from(groups.len()).expect("fewer than 65,536 names have forms");
            let group = (!form_of.is_empty()).then(|| *groups.entry(form_of).or_insert(next));
            let known = GivenName { group, gender: Gender::read(gender) };
            let is_known = known.group.is_some() || known.gender.is_some();
            names.insert(name, Row { name: is_known.then_some(known), may_be_fathers: fathers == "yes" });
        }
        Self { names }
    }

    pub(super) fn get(&self, name: &str) -> Option<GivenName> {
        self.names.get(name)?.name
    }

    pub(super) fn may_be_fathers(&self, name: &str) -> bool {
        self.names.get(name).is_some_and(|row| row.may_be_fathers)
    }
}
