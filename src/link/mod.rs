//! Which mentions are the same entity?
//!
//! [`names`] compares two names of persons and says why they are, or are not, one. A [`Linker`] puts the mentions of a document, or
//! of a whole corpus, into entities: a [`Collection`] keeps of each document what linking needs, [`Linker::link`] makes [`Links`] of
//! it, and those write the entities into the documents.
//!
//! Links are computed from the mentions each time; an `entity` that a mention already has is never looked at.

mod cluster;
mod collection;
mod fold;
pub mod kb;
mod kind;
mod linker;
mod links;
pub mod names;
mod sports;
pub mod user;

pub use cluster::{Explanation, Merge, Reason, Scope, Step};
pub use collection::Collection;
pub use kind::Kind;
pub use linker::{LinkOptions, Linker};
pub use links::Links;
