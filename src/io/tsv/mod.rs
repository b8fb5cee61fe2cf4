//! Tables of mentions, for spreadsheets: one mention on each line.

mod documents;
mod mention_table;
mod write;

pub(crate) use documents::TableReader;
pub use mention_table::MentionTable;
pub(crate) use write::TsvWriter;
