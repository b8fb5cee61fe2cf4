//! Kinds of things, which linking has rules for.

pub use crate::text::Kind;
