//! The mentions of many documents, as linking needs them: without the texts.

mod definitions;
mod known;
mod record;
mod roles;
mod sports;
mod store;
mod texts;
mod titles;

pub(super) use known::KnownRecords;
#[cfg(feature = "archive")]
pub(crate) use known::{Attached, Guess, Known, KnownAlias, KnownEntity, KnownName, KnownVote, Teams};
#[cfg(not(feature = "archive"))]
pub(super) use known::{Attached, Guess, KnownVote, Teams};
pub(super) use record::{DocumentRecord, MentionRecord};
pub(super) use roles::Role;
pub use store::MentionStore;
