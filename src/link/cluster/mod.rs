//! Clustering: which mentions are one entity, in a document and across a corpus.
//!
//! Surfaces become [`forms`]; the forms of a document are attached to each other by the rules of their kind ([`document`]); those that no
//! fuller name of their document takes in meet across documents ([`corpus`]). Every step is an edge with a reason and a probability, and
//! what is forbidden wins over every edge. The result depends neither on the order of the documents nor on threads: forms are numbered in
//! alphabetical order, names by form and kind, and these numbers break all ties.

mod assemble;
mod canonical;
mod corpus;
mod disjoint_sets;
mod document;
mod edit;
mod form;
mod forms;
mod key;
mod knowledge;
mod matching;
mod members;
mod organisation;
mod output;
mod person;
#[cfg(feature = "archive")]
mod register;
mod support;

pub(super) use assemble::{entities, name_pairs};
#[cfg(feature = "archive")]
pub(crate) use corpus::NameKeys;
pub use corpus::{EVIDENCE, NamePair};
pub(super) use key::{KeyKind, key};
pub(super) use knowledge::Knowledge;
pub(crate) use output::Cluster;
pub(super) use output::PossibleRow;
#[cfg(feature = "archive")]
pub(crate) use register::{Register, RegisteredMention};
#[cfg(feature = "archive")]
pub(super) use register::{keys, known_keys, register};
