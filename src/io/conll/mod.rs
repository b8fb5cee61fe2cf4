//! CoNLL columns: one token a line, blank lines between sentences, `-DOCSTART-` lines between documents.
//!
//! Rows are separated by tabs where they hold one, else by blanks. Lines that begin with `# ` are comments only in a CoNLL-U
//! file (one named `.conllu` or `.conllup`, or one whose first line is a comment such as `# sent_id = 1`), where `# newdoc` begins a
//! document too; anywhere else `#` is a token like any other.

mod columns;
mod profile;
mod read;
mod write;

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
        if row.bytes().all(|byte| byte.is_ascii_whitespace()) {
            Kind::Blank
        } else if cells(row).next() == Some(DOCUMENT) || self == Self::ConllU && row.starts_with("# newdoc") {
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
fn cells(row: &str) -> impl Iterator<Item = &str> {
    let tabs = row.contains('\t');
    let by_tab = tabs.then(|| row.split('\t')).into_iter().flatten();
    by_tab.chain((!tabs).then(|| row.split_ascii_whitespace()).into_iter().flatten())
}
