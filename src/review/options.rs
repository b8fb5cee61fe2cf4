//! Options of a review.

use std::path::PathBuf;

use super::folder;
use crate::desk::Terms;
use crate::io::Format;
use crate::server::Address;

/// How documents are reviewed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// Where the journal and the documents are written.
    pub folder: PathBuf,
    /// Who reviews, and what is done to the documents. Default: those of [`Terms`], with the name of the folder as title.
    pub terms: Terms,
    /// Where the page is served. Default: a free port of the loopback address.
    pub address: Address,
}

impl Options {
    /// The default options for a review in a folder.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        let folder = folder.into();
        let title = folder.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let terms = Terms { title, ..Terms::default() };
        Self { folder, terms, address: Address::Tcp(([127, 0, 0, 1], 0).into()) }
    }
}

impl Options {
    /// The files that the review writes.
    #[cfg_attr(not(feature = "cli"), expect(dead_code, reason = "only the program asks for them"))]
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let Self { folder, terms, .. } = self;
        let annotator = &terms.annotator;
        vec![
            folder::journal(folder, annotator),
            folder::documents(folder, annotator, Format::Jsonl),
            folder::constraints(folder, annotator),
        ]
    }
}
