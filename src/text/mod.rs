//! Documents: texts with the mentions marked in them, the entities that these name, and the units that offsets count.

mod cuts;
mod document;
mod entity;
mod fields;
mod grouped;
mod kind;
mod layout;
#[cfg(any(feature = "files", feature = "eval"))]
pub(crate) mod markup;
mod mention;
mod offsets;
mod reading;
pub mod segment;
mod segmentation;
mod span;

pub use document::Document;
pub use entity::{Alias, Entity};
pub use fields::Fields;
pub(crate) use grouped::{Grouped, plural};
pub use kind::Kind;
pub use layout::{Layout, Line, LineEnd, Mark};
pub use mention::{Label, Mention};
pub use offsets::{OffsetUnit, Offsets, UnknownUnit};
pub use reading::{NameMark, Reading};
pub use segmentation::{Segmentation, Switch};
pub use span::Span;
