//! The keys by which an archive finds the names that may meet a name.

use std::collections::BTreeSet;

use super::blocking::blocking_keys;
use super::node::Node;
use crate::link::Kind;
use crate::link::cluster::Knowledge;
use crate::link::cluster::form::{Class, Form};
use crate::link::cluster::key::{KeyKind, key};
use crate::link::cluster::organisation::{romanised, task};
use crate::link::cluster::person;

/// Keys of names.
#[derive(Clone, Debug, Default)]
pub(crate) struct NameKeys {
    /// Names that share one of these are the same, or one by themselves.
    pub(crate) exact: BTreeSet<u64>,
    /// Names that share one of these may be one. Some are shared by very many names.
    pub(crate) common: BTreeSet<u64>,
}

impl NameKeys {
    /// The keys that are kept with the name of a node.
    pub(in crate::link::cluster) fn of(node: &Node, form: &Form<'_>) -> Self {
        let mut keys = Self::default();
        keys.exact.insert(text(Class::of(node.kind), &form.text, node.within));
        keys.exact.extend(node.sense);
        if person::may_name(node.kind, form) {
            let fullness = if person::is_full(form) { Fullness::Full } else { Fullness::Bare };
            keys.common.extend(blocking_keys(form));
            keys.common.extend(person::surname_key(form).map(|surname| surname_of(surname, fullness)));
        }
        if node.kind != Kind::Person {
            keys.exact.insert(key(KeyKind::Core, &format!("{}\n{:x}", form.core(), node.within)));
            keys.common.extend(form.organisation.initials().map(|initials| key(KeyKind::Initials, initials)));
            keys.exact.extend(romanised(&form.text).map(|text| key(KeyKind::Romanised, &text)));
            keys.common.extend(form.words().next().map(|first| key(KeyKind::First, first)));
            if form.is_acronym {
                keys.common.insert(key(KeyKind::Initials, &form.text));
            }
            let of = form.state_body.as_ref().map(|of| (task(&of.body), of.state));
            let of =
                of.or_else(|| (form.is_state_relative && node.within != 0).then(|| (task(&form.text), node.within)));
            keys.exact.extend(of.map(|(body, state)| key(KeyKind::StateBody, &format!("{body}\n{state:x}"))));
        }
        keys
    }

    /// The keys that a node is looked up by: its own, and those of what it may be one with.
    pub(in crate::link::cluster) fn sought(node: &Node, form: &Form<'_>, knowledge: Knowledge<'_>) -> Self {
        let mut keys = Self::of(node, form);
        // A full name may meet bare surnames, and a bare surname full names and its like.
        if let Some(surname) = person::surname_key(form).filter(|_| person::may_name(node.kind, form)) {
            let full = surname_of(surname, Fullness::Full);
            if person::is_full(form) {
                keys.common.remove(&full);
            } else {
                keys.common.insert(full);
            }
            keys.common.insert(surname_of(surname, Fullness::Bare));
        }
        let class = Class::of(node.kind);
        if class == Class::Thing {
            keys.exact.insert(text(class, &format!("{}s", form.text), 0));
            keys.exact.extend(form.text.strip_suffix('s').map(|singular| text(class, singular, 0)));
        }
        for name in form.group.into_iter().flat_map(|group| knowledge.constraints.names(group)) {
            keys.exact.insert(text(class, &class.normalise(name), 0));
        }
        if let Some((row, _)) = form.row(node.kind) {
            let names = knowledge.aliases.rows()[row as usize].names();
            keys.exact.extend(names.map(|name| text(class, &class.normalise(name), 0)));
        }
        keys
    }

    /// Takes in the keys of another name.
    pub(in crate::link::cluster) fn extend(&mut self, other: Self) {
        self.exact.extend(other.exact);
        self.common.extend(other.common);
    }

    /// All keys.
    pub(crate) fn all(&self) -> impl Iterator<Item = u64> {
        self.exact.iter().chain(&self.common).copied()
    }
}

/// Key of the words of a name, and of what it belongs to.
fn text(class: Class, text: &str, within: u64) -> u64 {
    key(KeyKind::Text, &format!("{}\n{text}\n{within:x}", class as u8))
}

/// Whether a name has more than a surname.
#[derive(Clone, Copy)]
enum Fullness {
    Full,
    Bare,
}

/// Key of the surname of full or of bare names.
fn surname_of(surname: u64, fullness: Fullness) -> u64 {
    match fullness {
        Fullness::Full => surname,
        Fullness::Bare => !surname,
    }
}
