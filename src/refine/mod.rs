//! What is known of names in news beyond what a model learns from a window of text.
//!
//! [`Refinements`] say which of it a tagger is to make use of. Most work before decoding: a rule that sees what a word is takes tags off it,
//! and the best path among the others is decoded, with the probability that it has among them. A rule that says that some words *are* a
//! name is no surer than such rules are right. Last, the mentions of a document vote on the labels of its names.

mod affixes;
mod consistency;
mod credits;
mod definitions;
#[cfg(test)]
mod fixture;
mod found;
mod inverted;
mod limits;
mod non_names;
mod party_states;
mod passage;
mod refinements;
mod results;
mod rules;
mod titles;

pub use refinements::{Refinement, Refinements, UnknownRefinement};
pub(crate) use rules::decode;
