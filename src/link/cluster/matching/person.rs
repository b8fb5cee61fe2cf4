//! Persons: nine of ten mentions in news that differ from the main name are a part of it, mostly the surname.

use crate::link::cluster::form::Form;
use crate::link::cluster::person::{SIDE_BY_SIDE, are_apart};
use crate::link::cluster::support::{Support, as_f32};
use crate::link::names::{Contradiction, NameModel};
use crate::link::reason::MergeReason;

/// What speaks for the shorter of two names of persons standing for the longer.
pub(in crate::link::cluster) fn match_persons(short: &Form<'_>, full: &Form<'_>) -> Option<Support> {
    let (Some(a), Some(b)) = (&short.name, &full.name) else { return None };
    if Contradiction::find(a, b).is_some() || a.generation().is_some() && b.generation().is_none() {
        return None;
    }
    let model = NameModel::embedded();
    let first: Vec<&str> = a.parts().collect();
    let second: Vec<&str> = b.parts().collect();
    if let ([only], [given, .., _]) = (first.as_slice(), second.as_slice()) {
        if only.len() < 2 {
            return None;
        }
        if b.surname() == Some(*only) {
            return Some(Support::new(MergeReason::Surname, 0.97));
        }
        // The last syllable of "Pak Jong-chon" is not what he is called.
        if !b.is_family_first() && only == given {
            return Some(Support::new(MergeReason::GivenName, 0.9));
        }
        if !b.is_family_first() && second.contains(only) {
            return Some(Support::new(MergeReason::Part, 0.8));
        }
        if b.is_family_first() {
            return None;
        }
    }
    let probability = model.probability(a, b);
    let least = if are_apart(short, full) { SIDE_BY_SIDE } else { model.threshold() };
    (probability >= least).then(|| Support::new(MergeReason::Name, as_f32(probability)))
}
