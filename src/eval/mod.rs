//! How good is a system's output, is the difference to another one real, and why was it wrong?
//!
//! Scoring sees a [`Corpus`]: documents with gold mentions and those of one or more systems. Everything else counts on it.

mod corpus;
mod counts;
mod pairing;

pub use corpus::{Corpus, EntityId, EntityTable, Item, Paired, Side};
pub use counts::Counts;
pub use pairing::{Alignment, Input, Missing, Pairing, PairingError, PairingOptions, Renaming, Tally, pair};
