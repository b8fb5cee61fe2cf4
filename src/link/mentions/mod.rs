//! The mentions of many documents, as linking needs them: without the texts.

mod definitions;
mod record;
mod sports;
mod store;
mod titles;

pub(super) use record::{DocumentRecord, MentionRecord};
pub use store::MentionStore;
