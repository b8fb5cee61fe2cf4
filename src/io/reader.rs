//! What every format's reader is given, and what it gives.

use std::io::BufRead;

use super::{Error, Notice};
use crate::text::Document;

/// An input that is being read.
pub(crate) struct Input {
    /// What errors call it.
    pub(crate) place: String,
    /// The id of its document, where it holds only one.
    pub(crate) id: String,
    /// The content, decompressed.
    pub(crate) reader: Box<dyn BufRead + Send>,
}

impl Input {
    /// The id without its last extension.
    pub(crate) fn stem(&self) -> &str {
        stem(&self.id)
    }
}

/// An id without its last extension.
pub(crate) fn stem(id: &str) -> &str {
    match id.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() && !stem.ends_with('/') && !extension.contains('/') => stem,
        _ => id,
    }
}

/// Reads the documents of one input.
///
/// A document is returned as soon as its last byte has arrived: the reader asks its input for no more than that.
pub(crate) trait DocumentReader: Send {
    /// The next document, or `None` at the end. After an error the next call goes on with the document that follows.
    fn next(&mut self, notices: &mut Vec<Notice>) -> Option<Result<Document, Error>>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems_lose_one_extension() {
        let cases =
            [("a.txt", "a"), ("x/a.b.conll", "x/a.b"), (".a", ".a"), ("x/.a", "x/.a"), ("x.y/a", "x.y/a"), ("a", "a")];
        for (id, want) in cases {
            assert_eq!(stem(id), want, "{id}");
        }
    }
}
