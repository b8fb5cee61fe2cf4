//! Documents in and out: plain text, JSONL, CoNLL columns, brat, HTML and TSV, compressed or not.
//!
//! [`Documents`] reads, [`Writer`] writes. Both stream: memory is bounded by one document (one line of JSONL).
//!
//! ```
//! use allonym::io::{Documents, Format, ReadOptions, WriteOptions, Writer};
//!
//! let options = ReadOptions { format: Some(Format::Jsonl), ..ReadOptions::default() };
//! let line = &br#"{"id": 7, "text": "Rain in Beirut"}"#[..];
//! let mut written = Vec::new();
//! let mut writer = Writer::new(Format::Jsonl, &mut written, WriteOptions::default())?;
//! for document in Documents::read(line, "news.jsonl", &options) {
//!     writer.write(&document?)?;
//! }
//! writer.finish()?;
//! assert_eq!(written, b"{\"id\":7,\"text\":\"Rain in Beirut\",\"offsets\":\"char\",\"mentions\":[]}\n");
//! # Ok::<(), allonym::io::Error>(())
//! ```

mod brat;
mod compress;
mod conll;
mod documents;
mod entity_table;
mod error;
mod fingerprint;
mod format;
mod html;
mod inputs;
mod jsonl;
mod lines;
#[cfg(feature = "link")]
mod name_table;
mod notice;
mod options;
mod plain;
mod source;
mod surface;
#[cfg(feature = "cli")]
mod table;
mod tsv;
mod writer;

pub use compress::Compression;
pub use conll::{Columns, ColumnsError};
pub use documents::{Documents, Progress};
pub use entity_table::{EntityForm, EntityWriter, Merged};
pub use error::Error;
pub use fingerprint::{fingerprint, fingerprint_of_bytes};
pub use format::{Format, UnknownFormat};
pub use inputs::Inputs;
#[cfg(feature = "link")]
pub use name_table::{NameFormat, NameRow, NameTable};
pub use notice::Notice;
pub use options::{EntitiesWritten, ReadOptions, RowsKept, SegmentWords, WriteOptions};
pub use tsv::MentionTable;
pub use writer::{Writer, Written};

pub(crate) use compress::{Compressor, decompress};
pub(crate) use documents::open_file;
pub(crate) use lines::Lines;
#[cfg(feature = "cli")]
pub(crate) use table::{Cell, TableWriter};
