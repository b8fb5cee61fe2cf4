//! Which mentions are one entity, in a document and across a corpus?
//!
//! Surfaces become [`form`]s; the forms of a document are attached to each other by rules of their kind ([`local`]); what no fuller
//! name of its document takes in meets across documents ([`corpus`]). Every step is an edge with a reason and a probability, and
//! what is forbidden wins over every edge. Nothing depends on the order of documents or on threads: forms are numbered by
//! the alphabet, names by form and kind, and all ties are broken by these numbers.

mod blocks;
mod canonical;
mod company;
mod corpus;
mod entity;
mod forest;
mod form;
mod knowledge;
mod local;
mod organisation;
mod person;
mod place;
mod reason;
mod tree;

pub(super) use entity::{Draft, OpenRow, drafts};
pub(super) use knowledge::Knowledge;
pub use reason::{Reason, Scope};
pub use tree::{Explanation, Merge, Step};
