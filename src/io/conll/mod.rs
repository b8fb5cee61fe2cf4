//! CoNLL columns: one token a line, blank lines between sentences, `-DOCSTART-` lines between documents.
//!
//! Rows are separated by tabs where they hold one, else by blanks; in a file of a token and a tag, `4 hours O` is one token. Lines that begin with `# ` are comments only in a CoNLL-U
//! file (one named `.conllu` or `.conllup`, or one whose first line is a comment such as `# sent_id = 1`), where `# newdoc` begins a
//! document too; anywhere else `#` is a token like any other.

mod columns;
mod profile;
mod read;
mod write;

use std::str::{Split, SplitAsciiWhitespace};

pub use columns::{Columns, ColumnsError};
pub(crate) use profile::profile;
pub(crate) use read::ConllReader;
pub(crate) use write::ConllWriter;

/// What begins a document.
const DOCUMENT: &str = "-DOCSTART-";

/// Whether lines that begin with `# ` are comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dialect {
    Plain,
    ConllU,
}

impl Dialect {
    /// The dialect that a file's name and its first line that is not blank tell.
    fn of(name: &str, first_line: &str) -> Self {
        let named = matches!(super::format::extension(name).as_deref(), Some("conllu" | "conllup"));
        let comment =
            first_line.starts_with("# ") && (first_line.contains(" = ") || first_line.starts_with("# newdoc"));
        if named || comment { Self::ConllU } else { Self::Plain }
    }

    /// What a line is.
    fn kind(self, row: &str) -> Kind {
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

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Blank,
    Document,
    Comment,
    Token,
}

/// The columns of a row.
fn cells(row: &str) -> Cells<'_> {
    if row.contains('\t') { Cells::Tabs(row.split('\t')) } else { Cells::Blanks(row.split_ascii_whitespace()) }
}

/// What parts the columns of a row.
#[derive(Clone)]
enum Cells<'r> {
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
