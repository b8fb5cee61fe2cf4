//! How good is a system's output, is the difference to another one real, and why was it wrong?
//!
//! Scoring sees a [`Corpus`]: documents with gold mentions and those of one or more systems. Everything else counts on it.

pub mod clusters;
mod corpus;
mod counts;
pub mod linking;

pub use corpus::{Corpus, EntityId, EntityTable, Item, Paired, Side};
pub use counts::Counts;
