//! Linking: one entity for all spellings of a name, in a document or across a corpus.
//!
//! A [`Linker`] puts mentions into entities: of [one document](Linker::link_document), of [several](Linker::link_documents), or of a
//! corpus that is larger than the memory, of which [`MentionStore`] keeps only what linking needs. [`Links`] are the result; an
//! [`Explanation`] says why an entity is one.
//!
//! What is known beforehand: [`names`] compares names of persons, [`kb`] has countries, places and organisations, an [`AliasTable`] has
//! the names that the user knows, and [`Constraints`] what the user forces or forbids.

mod aliases;
mod cluster;
mod constraints;
mod entity_id;
mod error;
mod explanation;
pub mod kb;
mod kind;
mod linker;
mod links;
mod lists;
mod logistic;
mod mentions;
pub mod names;
mod normalise;
mod options;
mod postings;
mod reason;
#[cfg(feature = "archive")]
mod registration;
#[doc(hidden)]
pub mod training;

#[cfg(feature = "archive")]
pub(crate) use cluster::{Cluster, NameKeys, Register, RegisteredMention};
#[cfg(feature = "archive")]
pub(crate) use entity_id::of as entity_id_of;
#[cfg(feature = "archive")]
pub(crate) use mentions::{Attached, Guess, Known, KnownAlias, KnownEntity, KnownName, KnownVote, Teams};

#[cfg(feature = "archive")]
pub(crate) use registration::{name_keys, name_keys_sought};

pub use crate::lexicon::{Gender, Lexicon, Title, TitleKind};
pub use aliases::{AliasMatch, AliasTable};
pub use constraints::Constraints;
pub use error::Error;
pub use explanation::{Explanation, Merge, MergeNode};
pub use kind::Kind;
pub use linker::Linker;
pub use links::Links;
pub use mentions::MentionStore;
pub use options::LinkOptions;
pub use reason::{MergeReason, MergeScope};
