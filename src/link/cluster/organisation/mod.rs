//! Names of organisations, without any other name to compare them with.

mod acronym;
mod name;

pub(super) use acronym::is_abbreviation;
pub(super) use name::{OrganisationName, task};
