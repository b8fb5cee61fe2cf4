//! JSON Lines: one document on each line. The same form in memory, as strings and by serde.
//!
//! ```json
//! {"id":"dawn-17","text":"Pakistan said …","offsets":"char",
//!  "mentions":[{"start":0,"end":8,"text":"Pakistan","label":"LOC","score":0.998,"entity":"e1"}],
//!  "entities":[{"id":"e1","name":"Pakistan","label":"LOC","aliases":["Pakistan"],"kb":{"wikidata":"Q843"},"mentions":1}]}
//! ```
//!
//! Only `text` is required. `offsets` says what `start` and `end` count: `char` (Unicode code points, the default), `byte` (of UTF-8) or
//! `utf16` (code units). A mention needs `start`, `end` and `label`; its `text`, where it has one, is checked. Fields of other names are
//! kept in [`Document::extra`](crate::text::Document::extra) and written again as they were, byte for byte; so is a field `entities` that
//! is not a list of entities. In a document without `mentions`, the annotations of spaCy, doccano, Prodigy, Label Studio and Hugging Face
//! are read in place of them.
//!
//! [`Document`](crate::text::Document) and [`Entity`](crate::text::Entity) have this form in `serde` too:
//!
//! ```
//! use allonym::text::Document;
//!
//! #[derive(serde::Serialize, serde::Deserialize)]
//! struct Request {
//!     documents: Vec<Document>,
//! }
//!
//! let request: Request = serde_json::from_str(r#"{"documents": [{"id": 7, "text": "Rain in Beirut"}]}"#)?;
//! assert_eq!(
//!     serde_json::to_string(&request)?,
//!     r#"{"documents":[{"id":7,"text":"Rain in Beirut","offsets":"char","mentions":[]}]}"#
//! );
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! A mention cannot be read or written without its text, which its offsets refer to; [`Mentions`] writes a list of them.
//!
//! Whole files and streams of lines: [`Documents`](super::Documents) and [`Writer`](super::Writer).

mod convert;
mod entities;
mod fields;
mod line;
mod listing;
pub(in crate::io) mod object;
mod read;
mod tally;
mod tape;
mod values;
mod wire;
mod write;

#[cfg(feature = "server")]
pub(crate) use convert::from_part;
pub use convert::{Mentions, from_str, to_string};
#[cfg(feature = "files")]
pub(in crate::io) use line::{Names, parse};
#[cfg(feature = "files")]
pub(in crate::io) use object::At;
#[cfg(feature = "arrow")]
pub(in crate::io) use object::{Object, object_of};
pub(crate) use read::JsonlReader;
#[cfg(feature = "files")]
pub(in crate::io) use tally::Tally;
pub(crate) use write::JsonlWriter;
