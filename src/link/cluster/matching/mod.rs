//! Whether the shorter of two names in one document stands for the longer.

mod kinds;
mod organisation;
mod person;
mod place;

pub(super) use kinds::match_names;
pub(super) use person::match_persons;
pub(super) use place::are_other_entries;
