//! Knowledge base of countries, places and organisations.
//!
//! [`Kb::embedded`] has countries and territories with their aliases and demonyms, first-level regions, cities of at least 100,000 people
//! and some hundred international organisations, with ids of Wikidata, ISO 3166 and GeoNames. [`Kb::resolve`] says what a mention means,
//! given its kind and the [`GeoContext`] of its document; the linker does the same.
//!
//! ```
//! use allonym::link::Kind;
//! use allonym::link::kb::{GeoContext, Kb, MatchKind, Resolution};
//!
//! let kb = Kb::embedded();
//! let context = GeoContext::new(kb, [("Pakistani", Kind::Other), ("Lahore", Kind::Place)]);
//! let Resolution::Is(found) = kb.resolve("Lahore", Kind::Place, &context) else { panic!("Pakistan is named") };
//! assert_eq!((found.entry.id_in("geonames"), found.kind), (Some("1172451"), MatchKind::Context));
//! assert_eq!(kb.resolve("Lahore", Kind::Place, &GeoContext::default()), Resolution::Nil);
//! assert!(matches!(kb.resolve("Pakistan", Kind::Organisation, &context), Resolution::Metonym(_)));
//! ```
//!
//! Sources and licences of the data: `models/kb/README.md`. GeoNames data are licensed under CC-BY 4.0.

mod base;
mod context;
mod entry;
mod gazetteer;
mod other;
mod resolve;
mod senses;
#[cfg(test)]
mod tests;

pub use base::Kb;
pub use context::GeoContext;
pub use entry::{Entry, EntryKind, Match, MatchKind};
pub use resolve::Resolution;
pub(super) use senses::Senses;
