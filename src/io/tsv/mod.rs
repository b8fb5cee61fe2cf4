//! Tables of mentions, for spreadsheets: one mention on each line.

mod mention_table;
mod write;

pub use mention_table::MentionTable;
pub(crate) use write::TsvWriter;
