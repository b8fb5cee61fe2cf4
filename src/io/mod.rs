//! Documents in and out: plain text, JSONL, CoNLL columns, brat, HTML, TSV, Parquet and Arrow, compressed or not.
//!
//! [`Documents`] reads and [`Writer`] writes, both as streams: memory is bounded by one document (for a page, also by the number of different
//! names in it). [`jsonl`] converts single documents to
//! strings and back.
//!
//! ```
//! use allonym::io::{Documents, Format, ReadOptions, WriteOptions, Writer};
//!
//! let line = &br#"{"id": 7, "text": "Rain in Beirut"}"#[..];
//! let mut written = Vec::new();
//! let mut writer = Writer::new(Format::Jsonl, &mut written, WriteOptions::default())?;
//! for document in Documents::read(line, "news.jsonl", &ReadOptions::default()) {
//!     writer.write(&document?)?;
//! }
//! writer.finish()?;
//! assert_eq!(written, b"{\"id\":7,\"text\":\"Rain in Beirut\",\"offsets\":\"char\",\"mentions\":[]}\n");
//! # Ok::<(), allonym::io::Error>(())
//! ```
//!
//! Cargo features add to what is always there (text, JSONL and CoNLL, from files and streams):
//!
//! | feature | adds |
//! |---|---|
//! | `files` | folders and patterns as inputs, [`Inputs`] that are read twice; brat; HTML and TSV as outputs; tables of entities |
//! | `html` | web pages as inputs |
//! | `encoding` | inputs in other encodings than UTF-8 |
//! | `compress` | gzip and zstd |
//! | `arrow` | Arrow and Parquet |
//!
//! What a build leaves out is an [`Error::FeatureOff`], which names the feature.

#[cfg(feature = "arrow")]
pub mod arrow;
#[cfg(feature = "files")]
mod article;
#[cfg(feature = "files")]
mod brat;
mod compress;
mod conll;
mod cuts;
mod detect;
mod documents;
#[cfg(feature = "encoding")]
mod encoding;
#[cfg(any(feature = "files", feature = "link"))]
mod entity_columns;
#[cfg(feature = "files")]
mod entity_table;
mod error;
mod expand;
#[cfg(feature = "cli")]
mod files;
#[cfg(feature = "cli")]
mod fingerprint;
mod format;
#[cfg(any(feature = "cli", feature = "link", feature = "train"))]
mod hex;
mod html;
mod identity;
#[cfg(feature = "files")]
mod inputs;
pub mod jsonl;
mod limited;
mod lines;
mod mark;
#[cfg(feature = "link")]
mod name_table;
mod notice;
mod options;
mod place;
mod plain;
mod reader;
mod score;
mod shapes;
#[cfg(feature = "files")]
mod shard;
mod sink;
mod source;
#[cfg(feature = "files")]
mod spool;
mod staged;
mod surface;
#[cfg(any(feature = "cli", feature = "review"))]
#[cfg_attr(not(feature = "cli"), allow(dead_code, reason = "only the program writes tables"))]
mod table;
#[cfg(feature = "files")]
mod tsv;
mod writer;

pub use compress::Compression;
pub use conll::{Columns, ColumnsError};
pub use documents::{Documents, Progress};
#[cfg(feature = "files")]
pub use entity_table::{EntityForm, EntityWriter, Merged};
pub use error::Error;
pub use format::{Format, UnknownFormat};
#[cfg(feature = "files")]
pub use inputs::Inputs;
#[cfg(feature = "link")]
pub use name_table::{NameFormat, NameRow, NameTable};
pub use notice::Notice;
pub use options::{Encoding, EntitiesWritten, FilesRead, Formulae, ReadOptions, RowsKept, SegmentWords, WriteOptions};
pub use place::{RowGroup, RowPlace};
#[cfg(feature = "files")]
pub use shard::{Shard, UnknownShard};
#[cfg(feature = "files")]
pub use tsv::MentionTable;
pub use writer::{Writer, Written};

#[cfg(feature = "cli")]
pub(crate) use brat::{file_name_of, has_annotations};
#[cfg(feature = "cli")]
pub(crate) use compress::{Compressor, decompress, open_file};
#[cfg(feature = "cli")]
pub(crate) use files::files_of;
#[cfg(feature = "cli")]
pub(crate) use fingerprint::{fingerprint, fingerprint_of_bytes};
#[cfg(any(feature = "cli", feature = "link", feature = "train"))]
pub(crate) use hex::hex;
#[cfg(feature = "cli")]
pub(crate) use identity::Identity;
#[cfg(feature = "cli")]
pub(crate) use lines::Lines;
#[cfg(feature = "server")]
pub(crate) use lines::{Place, utf8};
#[cfg(any(feature = "cli", feature = "review", feature = "train"))]
pub(crate) use staged::write_whole;
#[cfg(feature = "cli")]
pub(crate) use staged::{Staged, open_locked, part_of};
#[cfg(any(feature = "cli", feature = "review"))]
pub(crate) use table::table_rows;
#[cfg(feature = "cli")]
pub(crate) use table::{Cell, TableWriter};
