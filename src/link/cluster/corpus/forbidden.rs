//! Which names may never be one entity.

use super::node::Node;
use crate::link::Kind;
use crate::link::cluster::form::{Class, TypedForm};
use crate::link::cluster::forms::Forms;
use crate::link::cluster::matching::are_other_entries;
use crate::link::cluster::person;

/// Whether two names may never be one entity, whatever else their entities are called.
pub(super) fn are_forbidden(forms: &Forms<'_>, a: &Node, b: &Node) -> bool {
    let (one, other) = (forms.get(a.form), forms.get(b.form));
    if forms.are_forbidden(a.form, b.form) {
        return true;
    }
    if are_grouped(forms, a, b) {
        return false;
    }
    // Two bearers of one full name.
    if a.kind == Kind::Person && a.form == b.form && a.within != b.within {
        return true;
    }
    // Parties of two countries.
    if one.is_party && other.is_party && a.within != 0 && b.within != 0 && a.within != b.within {
        return true;
    }
    // Two regions or cities, each of which its documents tell.
    if a.sense.zip(b.sense).is_some_and(|(a, b)| a != b) {
        return true;
    }
    are_other_entries(TypedForm { form: one, kind: a.kind }, TypedForm { form: other, kind: b.kind })
}

/// Whether two names are those of two persons as far as names tell. `probability` is that of one person, if it is known already.
pub(super) fn are_other_persons(forms: &Forms<'_>, a: &Node, b: &Node, probability: Option<f32>) -> bool {
    let (one, other) = (forms.get(a.form), forms.get(b.form));
    one.class == Class::Person && !are_grouped(forms, a, b) && person::conflict(one, other, probability)
}

/// Whether the user says that two names are one entity's.
fn are_grouped(forms: &Forms<'_>, a: &Node, b: &Node) -> bool {
    let group = forms.get(a.form).group;
    group.is_some() && group == forms.get(b.form).group
}
