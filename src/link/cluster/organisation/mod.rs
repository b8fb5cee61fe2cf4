//! Names of organisations, without any other name to compare them with.

mod acronym;
mod name;
mod spelling;

pub(super) use acronym::is_abbreviation;
pub(super) use name::{OrganisationName, task};
pub(super) use spelling::{are_typos, are_typos_in_document, deletions, romanised};
