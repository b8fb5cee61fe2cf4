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
        } else if start.strip_prefix(DOCUMENT).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
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

/// What separates the columns of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Separators {
    /// Tabs where it has one, otherwise blanks.
    Tabs,
    /// Tabs and blanks alike.
    Blanks,
}

impl Separators {
    /// The columns of a row.
    pub(super) fn cells(self, row: &str) -> Cells<'_> {
        match self {
            Self::Tabs if row.contains('\t') => Cells::Tabs(row.split('\t')),
            _ => Cells::Blanks(row.split_ascii_whitespace()),
        }
    }
}

/// The columns of a row, separated by tabs where it has one.
pub(super) fn cells(row: &str) -> Cells<'_> {
    Separators::Tabs.cells(row)
}

/// The tag in the last column of CoNLL-U, among fields such as `SpaceAfter=No|NE=B-PER`.
pub(super) fn misc_tag(cell: &str) -> Option<&str> {
    let tags = cell.split('|').filter_map(|field| field.split_once('='));
    let is_name = |name: &str| {
        matches!(name.to_ascii_lowercase().as_str(), "ne" | "ner" | "namedentity" | "named_entity" | "bio" | "iob")
    };
    tags.into_iter().find(|(name, tag)| is_name(name) && !tag.is_empty() && *tag != "_").map(|(_, tag)| tag)
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
