//! Names of organisations, without any other name to compare them with.

mod acronym;
mod name;
mod words;

pub(super) use acronym::is_abbreviation;
pub(super) use name::{OrganisationName, task};
pub(super) use words::{is_generic, is_joining, is_legal_form, is_state_relative};
