//! How should documents be read and written?

use std::fmt;
use std::sync::Arc;

use super::{Columns, Format};
use crate::label::{Repair, Scheme};
use crate::text::{OffsetUnit, Span, segment};

/// How to read.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// The format of every input; `None` (the default) detects it, file by file.
    pub format: Option<Format>,
    /// The JSONL field that holds the text: `text`.
    pub text_field: String,
    /// The JSONL field that holds the id: `id`.
    pub id_field: String,
    /// The columns of CoNLL files; `None` (the default) takes the first column for the token and the last one for the tag
    /// where it looks like tags.
    pub columns: Option<Columns>,
    /// The scheme of the tags of CoNLL files; `None` (the default) finds it out, file by file, and says why.
    pub scheme: Option<Scheme>,
    /// What to make of tags that break the scheme: by default what conlleval makes of them.
    pub repair: Repair,
    /// Whether documents carry the rows of CoNLL files, which they need to be written as CoNLL again with every column.
    pub rows: RowsKept,
}

/// What a document's [`Layout`](crate::text::Layout) holds of the rows that it was read from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RowsKept {
    /// All of them.
    #[default]
    All,
    /// None: the rows are empty, which saves half of the memory where nothing is written.
    None,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            format: None,
            text_field: "text".to_owned(),
            id_field: "id".to_owned(),
            columns: None,
            scheme: None,
            repair: Repair::default(),
            rows: RowsKept::default(),
        }
    }
}

/// Splits a text into sentences of words; no word is empty, and all stand in order.
pub type SegmentWords = Arc<dyn Fn(&str) -> Vec<Vec<Span>> + Send + Sync>;

/// How to write.
#[derive(Clone)]
pub struct WriteOptions {
    /// What offsets count in JSONL and TSV: Unicode scalar values (brat's always do).
    pub offsets: OffsetUnit,
    /// The words of a document that is written as CoNLL without having come from it. The default is
    /// [`segment::sentences`].
    pub words: SegmentWords,
    /// The heading of an HTML page.
    pub title: String,
    /// Which JSONL documents have a field `entities`.
    pub entities: EntitiesWritten,
}

/// Which documents are written with their entities.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EntitiesWritten {
    /// Those that have some.
    #[default]
    WherePresent,
    /// All, as all of them have been linked: one that names no entity has an empty list.
    Always,
}

impl Default for WriteOptions {
    fn default() -> Self {
        Self {
            offsets: OffsetUnit::Char,
            words: Arc::new(segment::sentences),
            title: "Persons, organisations, places".into(),
            entities: EntitiesWritten::default(),
        }
    }
}

impl fmt::Debug for WriteOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WriteOptions")
            .field("offsets", &self.offsets)
            .field("title", &self.title)
            .finish_non_exhaustive()
    }
}
