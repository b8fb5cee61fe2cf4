//! How should documents be read and written?

use std::fmt;
use std::sync::Arc;

use unicode_segmentation::UnicodeSegmentation;

use super::{Columns, Format};
use crate::text::{OffsetUnit, Span};

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
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self { format: None, text_field: "text".to_owned(), id_field: "id".to_owned(), columns: None }
    }
}

/// Splits a text into sentences of words; no word is empty, and all stand in order.
pub type SegmentWords = Arc<dyn Fn(&str) -> Vec<Vec<Span>> + Send + Sync>;

/// How to write.
#[derive(Clone)]
pub struct WriteOptions {
    /// What offsets count in JSONL and TSV: Unicode scalar values (brat's always do).
    pub offsets: OffsetUnit,
    /// The words of a document that is written as CoNLL without having come from it. The default takes lines for sentences
    /// and Unicode's word boundaries (UAX 29).
    pub words: SegmentWords,
    /// The heading of an HTML page.
    pub title: String,
}

impl Default for WriteOptions {
    fn default() -> Self {
        Self {
            offsets: OffsetUnit::Char,
            words: Arc::new(lines_of_words),
            title: "Persons, organisations, places".into(),
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

fn lines_of_words(text: &str) -> Vec<Vec<Span>> {
    let mut start = 0;
    let mut sentences = Vec::new();
    for line in text.split_inclusive('\n') {
        let words: Vec<Span> = line
            .split_word_bound_indices()
            .filter(|(_, word)| !word.chars().all(|c| c.is_whitespace() || c.is_control()))
            .map(|(index, word)| Span::new(start + index, start + index + word.len()))
            .collect();
        if !words.is_empty() {
            sentences.push(words);
        }
        start += line.len();
    }
    sentences
}
