//! CoNLL columns: one token on each line, blank lines between sentences, `-DOCSTART-` lines between documents.
//!
//! The columns of a row are separated by tabs where it has one, otherwise by blanks; in a file of a token and a tag, `4 hours O` is one
//! token. Lines that begin with `#` are comments in a CoNLL-U file (one named `.conllu` or `.conllup`, or one whose first line is a
//! comment such as `# sent_id = 1`), where `# newdoc` begins a document too; anywhere else those are that have not the columns of the
//! other rows, or no tag where these have one.
//!
//! The tag is in the last column that holds tags, or in a field such as `NE=B-PER` in the last column of CoNLL-U. Tags may be spelled
//! `B-PER`, `B_PER`, `PER-B`, `PER_B`, or in lower case.

mod columns;
mod profile;
mod read;
mod rows;
mod survey;
mod write;

pub use columns::{Columns, ColumnsError};
pub(crate) use profile::profile;
pub(crate) use read::ConllReader;
pub(crate) use write::ConllWriter;
