//! Which rules two names are matched by.

use super::organisation::match_organisations;
use super::person::match_persons;
use super::place::match_places;
use crate::link::Kind;
use crate::link::cluster::form::{Form, TypedForm};
use crate::link::cluster::person::may_be_person;
use crate::link::cluster::support::Support;
use crate::link::reason::MergeReason;

/// What speaks for the shorter of two names in one document standing for the longer, by the rules of their kinds.
pub(in crate::link::cluster) fn match_names(short: TypedForm<'_>, full: TypedForm<'_>) -> Option<Support> {
    let (a, b) = (short.form, full.form);
    match (short.kind, full.kind) {
        (Kind::Person, Kind::Person) => match_persons(a, b),
        (Kind::Organisation, Kind::Organisation) => match_organisations(a, b),
        (Kind::Place, Kind::Place) => match_places(a, b),
        (Kind::Other, Kind::Other) => match_unlabelled(a, b),
        (Kind::Other, kind) | (kind, Kind::Other) => {
            if a.text == b.text {
                // A place and its team are two.
                let is_team = kind == Kind::Organisation && a.known.is_place();
                return (!is_team).then(|| Support::new(MergeReason::Label, 0.9));
            }
            match kind {
                Kind::Person => match_persons(a, b),
                Kind::Organisation => match_organisations(a, b),
                _ => match_places(a, b),
            }
        }
        _ => None,
    }
}

/// The best of what the rules of all kinds say, for labels that do not tell the kind.
fn match_unlabelled(short: &Form<'_>, full: &Form<'_>) -> Option<Support> {
    let found = [
        if short.known.is_place() { None } else { match_organisations(short, full) },
        match_places(short, full),
        if may_be_person(short) && may_be_person(full) { match_persons(short, full) } else { None },
    ];
    found.into_iter().flatten().reduce(|best, next| if next.probability > best.probability { next } else { best })
}
