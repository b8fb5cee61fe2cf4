//! How does a document get its mentions and entities?
//!
//! A [`Tagger`] is a loaded model: text becomes words, words become pieces, pieces form windows, windows are scored in batches, and
//! scores become mentions. What a call wants (the head, the labels, the least probability) is a [`Request`]. A [`Pipeline`] tags and
//! links, one document, a slice, or a [`Stream`] of any length in bounded memory.
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
mod stream;
mod tagger;

pub use annotate::Pipeline;
pub use error::Error;
pub use request::{Linking, Request};
pub use stream::{Failed, HasDocument, Stream};
pub use tagger::Tagger;
