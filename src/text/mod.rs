//! Texts, the stretches marked in them, and the units that offsets are counted in. Imports nothing of the crate.

mod document;
mod mention;
pub mod segment;
mod span;

pub use document::{Document, Layout, Line};
pub use mention::{Label, Mention};
pub use span::Span;
