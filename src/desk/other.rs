//! Mentions of another origin.

use super::desk::Desk;
use super::error::Error;
use super::side::{Side, SideKind};
use crate::pool::Pool;
use crate::text::Document;

/// Mentions of another origin for the documents of a review.
#[derive(Clone, Debug)]
pub struct Other {
    /// What they are.
    pub kind: SideKind,
    /// The documents.
    pub documents: Vec<Document>,
}

impl Other {
    /// Puts them beside the documents of a desk, and notes what does not fit.
    pub(crate) fn beside(self, desk: &Desk, pool: &Pool, notes: &mut Vec<String>) -> Result<Side, Error> {
        let Self { kind, documents } = self;
        let name = if kind == SideKind::Predicted { "predicted" } else { "gold" };
        let (side, more) = Side::pair(name, kind, &desk.given(), documents, pool)?;
        notes.extend(more);
        Ok(side)
    }
}
