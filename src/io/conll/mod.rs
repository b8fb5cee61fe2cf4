//! CoNLL columns: one token on each line, blank lines between sentences, `-DOCSTART-` lines between documents.
//!
//! The columns of a row are separated by tabs where it has one, otherwise by blanks; in a file of a token and a tag, `4 hours O` is one
//! token. Lines that begin with `# ` are comments only in a CoNLL-U file (one named `.conllu` or `.conllup`, or one whose first line is a
//! comment such as `# sent_id = 1`), where `# newdoc` begins a document too; anywhere else `#` is a token like any other.

mod columns;
mod profile;
mod read;
mod rows;
mod write;

pub use columns::{Columns, ColumnsError};
pub(crate) use profile::profile;
pub(crate) use read::ConllReader;
pub(crate) use write::ConllWriter;
