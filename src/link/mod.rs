//! Which mentions are the same entity?
//!
//! [`names`] compares two names of persons and says why they are, or are not, one.

pub mod names;
