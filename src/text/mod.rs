//! Documents: texts with the mentions marked in them, the entities that these name, and the units that offsets count.

#[cfg(any(feature = "cli", feature = "desk", feature = "server"))]
mod causes;
mod cuts;
mod document;
mod entity;
mod fields;
mod grouped;
mod kind;
#[cfg(feature = "language")]
mod language;
mod layout;
mod mention;
mod offsets;
mod reading;
#[cfg(any(feature = "files", feature = "link"))]
mod roster;
pub mod segment;
mod segmentation;
mod span;

#[cfg(any(feature = "cli", feature = "desk", feature = "server"))]
pub(crate) use causes::with_causes;
pub use document::Document;
pub use entity::{Alias, Entity};
pub use fields::Fields;
#[cfg(feature = "arrow")]
pub(crate) use fields::{Cell, Column};
pub(crate) use grouped::{Grouped, plural};
pub use kind::Kind;
#[cfg(feature = "language")]
pub use language::Language;
pub use layout::{Layout, Line, LineEnd, Mark};
pub use mention::{Label, Mention};
pub use offsets::{OffsetUnit, Offsets, UnknownUnit};
pub use reading::{NameMark, Reading};
#[cfg(feature = "files")]
pub(crate) use roster::Place;
#[cfg(feature = "link")]
pub(crate) use roster::is_of_one_document;
#[cfg(any(feature = "files", feature = "link"))]
pub(crate) use roster::{Listed, Roster};
pub use segmentation::{Segmentation, Switch};
pub use span::Span;
