//! Which entities of different documents are one.
//!
//! The same full name is the same entity; so are names that the knowledge base, the comparison of persons or a legal form make one,
//! unless something forbids it. A short name that its own document leaves alone looks at the whole corpus: it joins the only entity that
//! it fits, or the one that it co-occurs with; otherwise it stays alone and keeps the others as candidates.

mod attached;
mod bare;
mod blocking;
mod context;
mod cooccurrence;
mod described;
mod equivalence;
mod evidence;
mod forbidden;
mod graph;
mod heads;
mod known;
#[cfg(feature = "archive")]
mod lookup;
mod namesakes;
mod node;
mod resolve;
mod scores;
mod short;
mod training;

pub use evidence::FEATURES as EVIDENCE;
#[cfg(feature = "archive")]
pub(crate) use lookup::NameKeys;
pub(super) use node::Edge;
#[cfg(feature = "archive")]
pub(super) use node::nodes;
pub(super) use resolve::CorpusEntities;
pub use training::NamePair;
pub(super) use training::name_pairs;
