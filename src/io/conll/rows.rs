//! What is each line of a CoNLL file?

use std::str::{Split, SplitAsciiWhitespace};

use crate::io::format::extension;

/// The first cell of the line that begins a document.
pub(super) const DOCUMENT: &str = "-DOCSTART-";

/// Whether lines that begin with `# ` are comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Plain,
    ConllU,
}

impl Dialect {
    /// The dialect of a file, by its name and its first line that is not blank.
    pub(super) fn of(name: &str, first_line: &str) -> Self {
        let named = matches!(extension(name).as_deref(), Some("conllu" | "conllup"));
        let comment =
            first_line.starts_with("# ") && (first_line.contains(" = ") || first_line.starts_with("# newdoc"));
        if named || comment { Self::ConllU } else { Self::Plain }
    }

    pub(super) fn kind(self, row: &str) -> Kind {
        let start = row.trim_ascii_start();
        if start.is_empty() {
            Kind::Blank
        } else if start.starts_with(DOCUMENT) && cells(row).next() == Some(DOCUMENT)
            || self == Self::ConllU && row.starts_with("# newdoc")
        {
            Kind::Document
        } else if self == Self::ConllU && row.starts_with('#') {
            Kind::Comment
        } else {
            Kind::Token
        }
    }
}

/// The kind of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Blank,
    Document,
    Comment,
    Token,
}

/// The columns of a row.
pub(super) fn cells(row: &str) -> Cells<'_> {
    if row.contains('\t') { Cells::Tabs(row.split('\t')) } else { Cells::Blanks(row.split_ascii_whitespace()) }
}

/// Iterates over the columns of a row.
#[derive(Clone)]
pub(super) enum Cells<'r> {
    Tabs(Split<'r, char>),
    Blanks(SplitAsciiWhitespace<'r>),
}

impl<'r> Iterator for Cells<'r> {
    type Item = &'r str;

    fn next(&mut self) -> Option<&'r str> {
        match self {
            Self::Tabs(cells) => cells.next(),
            Self::Blanks(cells) => cells.next(),
        }
    }
}
