//! A document whose names are being attached to each other.

use std::collections::HashMap;

use super::unit::{DocumentUnits, Parent, Unit};
use crate::link::Kind;
use crate::link::cluster::form::{Form, TypedForm};
use crate::link::cluster::forms::Forms;
use crate::link::cluster::matching::are_other_entries;
use crate::link::cluster::person;
use crate::link::cluster::support::Support;
use crate::link::mentions::{DocumentRecord, MentionStore};
use crate::link::reason::MergeReason;

/// Most names of one sentence that a name is told apart from: longer lists are tables.
const MOST_IN_A_SENTENCE: usize = 32;

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
                || self.are_other_places(a, b)
                || self.are_side_by_side(a, b)
        };
        !self.members[unit].iter().any(|&a| self.members[root].iter().any(|&b| is_forbidden(a, b)))
    }

    /// Whether the document says of two units which regions or cities they are, and these are two.
    fn are_other_places(&self, a: usize, b: usize) -> bool {
        self.unit(a).place.zip(self.unit(b).place).is_some_and(|(a, b)| a.key() != b.key())
    }

    /// Whether two full names of persons with other given names stand in one sentence, as those of two people do: "Nawaz Sharif and his
    /// daughter Maryam Nawaz Sharif". What is in brackets after a name is another name of it.
    pub(super) fn are_side_by_side(&self, a: usize, b: usize) -> bool {
        let (one, other) = (self.unit(a), self.unit(b));
        let are_persons = one.kind == Kind::Person && other.kind == Kind::Person && one.form != other.form;
        let is_bracketed = || {
            self.record.definitions.iter().any(|definition| {
                let before = self.document.of_mention[definition.mention as usize] as usize;
                let inside = self.forms.of_person(definition.surface);
                before == a && inside == Some(other.form) || before == b && inside == Some(one.form)
            })
        };
        are_persons
            && person::is_full(self.form(a))
            && person::is_full(self.form(b))
            && !person::share_given(self.form(a), self.form(b))
            && one.sentences.iter().any(|sentence| other.sentences.binary_search(sentence).is_ok())
            && !is_bracketed()
    }

    /// Remembers the full names of persons that stand side by side.
    pub(super) fn keep_apart(&mut self) {
        let full: Vec<usize> = (0..self.n_units())
            .filter(|&at| self.unit(at).kind == Kind::Person && person::is_full(self.form(at)))
            .collect();
        let mut of_sentence: HashMap<u32, Vec<usize>> = HashMap::new();
        for &at in &full {
            for &sentence in &self.unit(at).sentences {
                of_sentence.entry(sentence).or_default().push(at);
            }
        }
        let mut apart: Vec<(usize, usize)> = Vec::new();
        for units in of_sentence.values() {
            for (nth, &one) in units.iter().enumerate() {
                let others = units[nth + 1..].iter().take(MOST_IN_A_SENTENCE);
                apart.extend(others.map(|&other| (one.min(other), one.max(other))));
            }
        }
        apart.sort_unstable();
        apart.dedup();
        apart.retain(|&(one, other)| self.are_side_by_side(one, other));
        self.document.apart = apart;
    }

    /// Attaches units that are one region or city: "Kiev" and "Kyiv".
    pub(super) fn attach_same_places(&mut self) {
        let mut first: HashMap<u64, usize> = HashMap::new();
        for at in 0..self.n_units() {
            let unit = self.unit(at);
            let Some(place) = unit.place.filter(|_| unit.parent.is_none() && unit.kind == Kind::Place) else {
                continue;
            };
            let Some(&other) = first.get(&place.key()) else {
                first.insert(place.key(), at);
                continue;
            };
            let (from, to) = if self.unit(at).mentions > self.unit(other).mentions { (other, at) } else { (at, other) };
            if self.may_meet(from, to) {
                self.attach(from, Parent { unit: to, support: Support::new(MergeReason::Known, 0.98) });
                first.insert(place.key(), to);
            }
        }
    }

    /// Attaches a unit, with all that is attached to it, to a fuller one.
    pub(super) fn attach(&mut self, unit: usize, parent: Parent) {
        let root = self.document.root(parent.unit);
        self.document.units[unit].parent = Some(parent);
        let moved = std::mem::take(&mut self.members[unit]);
        self.members[root].extend(moved);
    }
}
