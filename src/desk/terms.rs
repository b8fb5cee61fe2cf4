//! On what terms documents are reviewed.

use super::annotator::Annotator;
use super::edit::Linking;
use super::order::Order;
use crate::pipeline::Request;
use crate::pool::Pool;
use crate::text::Label;

/// On what terms documents are reviewed, wherever that is.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Terms {
    /// Who reviews. Default: nobody in particular.
    pub annotator: Annotator,
    /// What the page is called. Default: nothing.
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
    /// The threads that compare. Default: one of its own, so that nobody who asks has to wait for what is being tagged.
    pub pool: Pool,
}

/// What is to be done to the documents that have no mentions or no entities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prepare {
    /// Tag those without mentions, and link those without entities.
    All,
    /// Leave them all as they are.
    Nothing,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            annotator: Annotator::default(),
            title: String::new(),
            order: Order::default(),
            prepare: Prepare::All,
            linking: Linking::On,
            request: Request::default(),
            labels: Vec::new(),
            pool: Pool::new(1),
        }
    }
}
