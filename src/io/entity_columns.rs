//! The columns of a table of entities, for those who write it and those who read it back.

pub(super) const COLUMNS: [&str; 9] =
    ["id", "name", "label", "documents", "mentions", "aliases", "kb", "merges", "context"];
