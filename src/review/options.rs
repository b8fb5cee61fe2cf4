//! Options of a review.

use std::path::PathBuf;

use super::annotator::Annotator;
use super::desk::Prepare;
use super::edit::Linking;
use super::list::Order;
use super::save::{CONSTRAINTS, place};
use crate::io::Format;
use crate::pipeline::Request;
use crate::pool::Pool;
use crate::server::Address;
use crate::text::Label;

/// How documents are reviewed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// Where the journal and the documents are written.
    pub folder: PathBuf,
    /// Who reviews. Default: nobody in particular.
    pub annotator: Annotator,
    /// What the page is called. Default: the name of the folder.
    pub title: String,
    /// The order of the documents. Default: the least certain first.
    pub order: Order,
    /// What is done to documents without mentions or entities. Default: they are tagged and linked.
    pub prepare: Prepare,
    /// Whether mentions have entities. Default: they have.
    pub linking: Linking,
    /// What is tagged. Default: everything that the model knows.
    pub request: Request,
    /// Further labels. Default: none; those of the documents and of the model are there always.
    pub labels: Vec<Label>,
    /// Where the page is served. Default: a free port of the loopback address.
    pub address: Address,
    /// The threads that compare. Default: one of its own, so that nobody who asks has to wait for what is being tagged.
    pub pool: Pool,
}

impl Options {
    /// The default options for a review in a folder.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        let folder = folder.into();
        let title = folder.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        Self {
            folder,
            annotator: Annotator::default(),
            title,
            order: Order::default(),
            prepare: Prepare::All,
            linking: Linking::On,
            request: Request::default(),
            labels: Vec::new(),
            address: Address::Tcp(([127, 0, 0, 1], 0).into()),
            pool: Pool::new(1),
        }
    }
}

impl Options {
    /// The files that the review writes.
    #[cfg_attr(not(feature = "cli"), expect(dead_code, reason = "only the program asks for them"))]
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let Self { annotator, folder, .. } = self;
        let documents = place(annotator, folder, Format::Jsonl);
        vec![annotator.journal(folder), documents, annotator.file(folder, CONSTRAINTS)]
    }
}
