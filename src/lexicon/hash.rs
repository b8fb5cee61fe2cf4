//! How the tables hash their words.

/// Fast, where linking looks up the words of millions of names.
#[cfg(feature = "link")]
pub(super) use foldhash::fast::FixedState;

/// The standard library's, where only tagging asks.
#[cfg(not(feature = "link"))]
pub(super) type FixedState = std::hash::BuildHasherDefault<std::hash::DefaultHasher>;
