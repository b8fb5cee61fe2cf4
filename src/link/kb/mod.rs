//! Which known country, place or organisation is it?
//!
//! [`Kb::embedded`] knows countries and territories with their aliases and demonyms, first-level regions, cities of at least 100,000
//! people and some hundred international organisations, with ids of Wikidata, ISO 3166 and GeoNames. [`Kb::senses`] says what a name
//! can stand for, [`Kb::resolve`] what a mention means, with its kind and the [`Context`] of its document; the linker does the same.
//!
//! ```
//! use allonym::link::Kind;
//! use allonym::link::kb::{Context, How, Kb, Resolution};
//!
//! let kb = Kb::embedded();
//! let context = Context::new(kb, [("Pakistani", Kind::Other), ("Lahore", Kind::Place)]);
//! let Resolution::Is(found) = kb.resolve("Lahore", Kind::Place, &context) else { panic!("Pakistan is named") };
//! assert_eq!((found.entry.id_in("geonames"), found.how), (Some("1172451"), How::Context));
//! assert_eq!(kb.resolve("Lahore", Kind::Place, &Context::default()), Resolution::Nil);
//! assert!(matches!(kb.resolve("Pakistan", Kind::Organisation, &context), Resolution::Metonym(_)));
//! ```
//!
//! The data and their licences: `models/kb/README.md`. GeoNames data are licensed under CC-BY 4.0.

mod base;
mod entry;
mod gazetteer;
mod resolve;
mod senses;
mod states;
#[cfg(test)]
mod tests;

pub use super::fold::fold;
pub use base::Kb;
pub use entry::{Entry, EntryKind, How, Match};
pub use resolve::{Context, Resolution};
pub use senses::Senses;
