//! Texts, the stretches marked in them, and the units that offsets are counted in. Imports nothing of the crate.

mod document;
mod entity;
mod fields;
mod layout;
mod mention;
mod offsets;
pub mod segment;
mod span;

pub use document::Document;
pub use entity::{Alias, Entity};
pub use fields::Fields;
pub use layout::{Layout, Line, LineEnd, Mark};
pub use mention::{Label, Mention};
pub use offsets::{OffsetUnit, Offsets, UnknownUnit};
pub use span::Span;
