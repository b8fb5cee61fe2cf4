//! Redaction: names out, pseudonyms in, and back with the table that is kept apart.
//!
//! A [`Redactor`] takes in documents with their mentions, links them, and becomes a [`Redaction`], which writes each document again with
//! `Person 1` for one person and `Person 2` for another. Its [`Table`] knows which pseudonym stands for whom, and which spelling stood
//! where: [`Table::undo`] gives back the very bytes. A table that is taken up again goes on: who has a pseudonym keeps it.
//!
//! ```
//! use allonym::link::Linker;
//! use allonym::redact::{RedactOptions, Redactor, Table};
//! use allonym::{Document, Label, Mention, Span};
//!
//! let mut document = Document::new("a", "Maria Lopez left Oslo. Lopez was tired, said Lopez's aide.");
//! for (start, end, label) in [(0, 11, "PER"), (17, 21, "LOC"), (23, 28, "PER")] {
//!     document.mentions.push(Mention::new(Span::new(start, end), Label::new(label)));
//! }
//! let mut redactor = Redactor::new(Table::default(), RedactOptions::default());
//! redactor.add(&document)?;
//! let mut redaction = redactor.link(&Linker::default());
//! let redacted = redaction.redact(0, document.clone())?;
//! assert_eq!(redacted.text, "Person 1 left Oslo. Person 1 was tired, said Person 1's aide.");
//!
//! let table = redaction.into_table();
//! assert_eq!(table.entries()[0].surfaces, ["Maria Lopez", "Lopez"]);
//! assert_eq!(table.undo(redacted)?.text, document.text);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Which mentions there are is a tagger's business, and what it misses stays in the text. This is pseudonymisation, not anonymisation:
//! what a text tells about somebody besides the name is left as it is.

mod coverage;
mod error;
mod fake;
mod fields;
mod hash;
mod options;
mod pseudonyms;
mod record;
mod redactor;
mod spans;
mod table;
#[cfg(test)]
mod tests;

pub use coverage::Coverage;
pub use error::Error;
pub use options::{FieldsKept, Occurrences, RedactOptions, Style};
pub use record::{Occurrence, Part, Record};
pub use redactor::{Redaction, Redactor};
pub use spans::Replaced;
pub use table::{Entry, Table};
