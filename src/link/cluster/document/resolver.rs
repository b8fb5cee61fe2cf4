//! A document whose names are being attached to each other.

use super::unit::{DocumentUnits, Parent, Unit};
use crate::link::cluster::form::{Form, TypedForm};
use crate::link::cluster::forms::Forms;
use crate::link::cluster::matching::are_other_entries;
use crate::link::mentions::{DocumentRecord, MentionStore};

/// The units of a document, and what is attached to which so far.
pub(super) struct Resolver<'a> {
    pub(super) mentions: &'a MentionStore,
    pub(super) forms: &'a Forms<'a>,
    pub(super) record: &'a DocumentRecord,
    pub(super) document: DocumentUnits,
    /// Per unit without parent, itself and all units below it; empty for others.
    pub(super) members: Vec<Vec<usize>>,
}

impl<'a> Resolver<'a> {
    pub(super) fn unit(&self, unit: usize) -> &Unit {
        &self.document.units[unit]
    }

    pub(super) fn n_units(&self) -> usize {
        self.document.units.len()
    }

    pub(super) fn form(&self, unit: usize) -> &'a Form<'a> {
        self.forms.get(self.unit(unit).form)
    }

    pub(super) fn typed(&self, unit: usize) -> TypedForm<'a> {
        TypedForm { form: self.form(unit), kind: self.unit(unit).kind }
    }

    /// Whether nothing that is attached to a unit is forbidden to meet what is attached to a root.
    pub(super) fn may_meet(&self, unit: usize, root: usize) -> bool {
        let is_forbidden = |a: usize, b: usize| {
            self.forms.are_forbidden(self.unit(a).form, self.unit(b).form)
                || are_other_entries(self.typed(a), self.typed(b))
        };
        !self.members[unit].iter().any(|&a| self.members[root].iter().any(|&b| is_forbidden(a, b)))
    }

    /// Attaches a unit, with all that is attached to it, to a fuller one.
    pub(super) fn attach(&mut self, unit: usize, parent: Parent) {
        let root = self.document.root(parent.unit);
        self.document.units[unit].parent = Some(parent);
        let moved = std::mem::take(&mut self.members[unit]);
        self.members[root].extend(moved);
    }
}
