//! From documents to mentions and entities.
//!
//! A [`Tagger`] is a loaded model: it splits text into words and words into pieces, scores windows of pieces in batches, and decodes
//! the scores into mentions. A [`Request`] says what a call should find: the head, the labels, the minimum scores. A [`Pipeline`]
//! tags and links: one document, a slice, or a [`Stream`] of any length in bounded memory.
//!
//! ```
//! # #[cfg(all(feature = "embedded-model", feature = "link"))] {
//! use allonym::{Document, Linker, Pipeline, Request, Tagger};
//!
//! let pipeline = Pipeline::new(Tagger::embedded()?).linker(Linker::default());
//! let feed = ["Oman opened the border.", "Omani traders were pleased."];
//! let documents = feed.into_iter().enumerate().map(|(i, text)| Document::new(i.to_string(), text));
//! for tagged in pipeline.stream(documents, &Request::default())? {
//!     let document = tagged?;
//!     println!("{}: {} mentions, {} entities", document.id, document.mentions.len(), document.entities.len());
//! }
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod annotate;
mod error;
mod ordered;
mod plan;
mod request;
mod stop;
mod stream;
mod tagger;
mod taker;

pub use annotate::Pipeline;
pub use error::Error;
#[cfg(feature = "train")]
pub(crate) use plan::{Plan, Planner, window_size};
pub use request::{Linking, Request};
pub use stop::Stop;
pub use stream::{Failed, HasDocument, Stream};
pub use tagger::Tagger;
pub use taker::Taker;
