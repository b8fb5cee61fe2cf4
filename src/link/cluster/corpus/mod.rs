//! Which entities of different documents are one.
//!
//! The same full name is the same entity; so are names that the knowledge base, the comparison of persons or a legal form make one,
//! unless something forbids it. A short name that its own document leaves alone looks at the whole corpus: it joins the only entity that
//! it fits, or the one that it co-occurs with; otherwise it stays alone and keeps the others as candidates.

mod blocking;
mod context;
mod cooccurrence;
mod described;
mod equivalence;
mod evidence;
mod forbidden;
mod graph;
mod node;
mod resolve;
mod short;

pub(super) use node::Edge;
pub(super) use resolve::CorpusEntities;
