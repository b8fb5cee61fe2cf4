//! Documents as columns: Arrow in memory, as files and as streams, and Parquet.
//!
//! [`schema`] has the columns. [`Documents`](super::Documents) and [`Writer`](super::Writer) read and write files; here is the same for
//! record batches in memory:
//!
//! ```
//! use allonym::io::arrow::{BatchDocuments, to_batch};
//! use allonym::io::{ReadOptions, WriteOptions};
//! use allonym::{Document, Label, Mention, Span};
//!
//! let mut document = Document::new("a", "Rain in Beirut");
//! document.mentions.push(Mention::new(Span::new(8, 14), Label::new("LOC")));
//! let batch = to_batch(&[document.clone()], &WriteOptions::default())?;
//! assert_eq!(batch.schema().fields()[2].name(), "mentions");
//!
//! let mut again = BatchDocuments::read(&batch, "batch", &ReadOptions::default())?;
//! assert_eq!(again.next().expect("one row")?, document);
//! # Ok::<(), allonym::io::Error>(())
//! ```

mod batches;
mod bytes;
mod entities;
mod infer;
mod ipc;
mod json;
mod mentions;
#[cfg(feature = "cli")]
mod name_counts;
mod parquet;
mod plan;
mod read;
mod rows;
mod schema;
#[cfg(feature = "cli")]
mod table_writer;
#[cfg(feature = "cli")]
mod tables;
mod texts;
mod value;
mod write;

pub(crate) use bytes::{Bytes, shown_format};
pub use entities::entities_array;
#[cfg(feature = "cli")]
pub(crate) use entities::kb_array;
pub use mentions::mentions_array;
#[cfg(feature = "cli")]
pub(crate) use name_counts::{NameCounts, sound_rows};
pub use plan::to_batch;
pub(crate) use read::ColumnsReader;
pub use rows::BatchDocuments;
pub use schema::{SCHEMA_VERSION, entities_field, mentions_field, schema};
#[cfg(feature = "cli")]
pub(crate) use table_writer::BatchWriter;
#[cfg(feature = "cli")]
pub(crate) use tables::Tables;
pub use texts::{NotText, Texts};
pub(crate) use write::{ColumnsForm, ColumnsWriter};
