//! Who is in the documents: their entities by how often they are mentioned, and when.
//!
//! [`Tally`] counts documents that have entities, one by one; [`mentioned`] takes the counts of [`Links`](crate::link::Links), which need
//! no document any more.
//!
//! ```
//! use allonym::top::{Order, Tally};
//! use allonym::{Document, Label, Linker, Mention, Span};
//!
//! let mut documents = ["Araqchi spoke. Abbas Araghchi left.", "Abbas Araghchi is back."].map(|text| Document::new(text, text));
//! for (nth, start, end) in [(0, 0, 7), (0, 15, 29), (1, 0, 14)] {
//!     documents[nth].mentions.push(Mention::new(Span::new(start, end), Label::new("PER")));
//! }
//! Linker::default().link_documents(&mut documents)?;
//! let mut tally = Tally::new();
//! for document in &documents {
//!     tally.add(document, Some("2024-05-31".parse()?));
//! }
//! let top = tally.ranked(Order::Mentions);
//! assert_eq!((top[0].entity.name.as_str(), top[0].entity.mentions(), top[0].entity.documents), ("Abbas Araghchi", 3, 2));
//! assert_eq!(top[0].months[&"2024-05".parse()?], 3);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod mentioned;
mod month;
mod tally;

pub use mentioned::{Mentioned, Order, mentioned};
pub use month::{Month, NoMonth};
pub use tally::Tally;
