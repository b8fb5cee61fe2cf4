//! The files that a report was made from.

use serde::Serialize;

/// A file, or a folder of files, that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InputStamp {
    /// What it was read as.
    pub role: InputRole,
    /// Its path.
    pub path: String,
    /// The SHA-256 of its bytes; for a folder, of the list of its files' names and hashes.
    pub sha256: String,
    /// The schemes of its tags, file by file.
    pub schemes: Vec<SchemeStamp>,
}

/// What an input was read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum InputRole {
    /// The gold documents.
    Gold,
    /// The output of a system.
    System,
    /// Training documents.
    Train,
    /// The model that tagged the gold's text.
    Model,
}

/// How the tags of a file were read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SchemeStamp {
    /// The path of the file.
    pub path: String,
    /// The scheme and the evidence for it, such as `IOB2 (127 B- tags at the start of a mention)`.
    pub scheme: String,
    /// How many tags break the scheme.
    pub repairs: u64,
}
