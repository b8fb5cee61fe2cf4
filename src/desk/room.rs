//! What is around a desk.

use std::ops::Deref;
use std::sync::{Arc, MutexGuard};

use super::annotator::Annotator;
use super::desk::Desk;
use super::problem::Problem;
use super::save::{Pairs, Saved};
use super::side::{Side, SideKind};
use super::terms::Terms;
use crate::io::Format;
use crate::text::Label;

/// What is around a desk: a folder and a server, or a page alone. Whatever is asked is answered by it.
pub(crate) trait Room: Sync {
    fn terms(&self) -> &Terms;

    fn desk(&self) -> MutexGuard<'_, Desk>;

    /// The labels, once they are known.
    fn labels(&self) -> Vec<Label>;

    /// Where the files are.
    fn place(&self) -> String;

    /// The side that was given.
    fn beside(&self) -> Option<&Side>;

    /// Other annotators.
    fn others(&self) -> Vec<Annotator>;

    /// The work of another annotator; `None` where there is none of this name.
    fn other(&self, name: &str) -> Result<Option<Arc<Side>>, Problem>;

    /// The sides that documents can be compared with.
    fn sides(&self) -> Vec<(String, SideKind)> {
        let others = self.others().into_iter().map(|other| (other.to_string(), SideKind::Annotator));
        self.beside().map(|side| (side.name.clone(), side.kind)).into_iter().chain(others).collect()
    }

    /// The side of this name; `None` where there is none.
    fn side(&self, name: &str) -> Result<Option<Beside<'_>>, Problem> {
        match self.beside().filter(|side| side.name == name) {
            Some(side) => Ok(Some(Beside::Fixed(side))),
            None => Ok(self.other(name)?.map(Beside::Other)),
        }
    }

    /// What the page is about.
    fn mode(&self) -> &'static str {
        let is_gold = self.beside().is_some_and(|side| side.kind == SideKind::Predicted);
        if is_gold { "gold" } else { "review" }
    }

    /// Writes the documents in a format.
    fn export(&self, format: Format) -> Result<(Saved, Pairs), Problem>;
}

/// The side to compare with, while somebody does.
pub(crate) enum Beside<'s> {
    Fixed(&'s Side),
    Other(Arc<Side>),
}

impl Deref for Beside<'_> {
    type Target = Side;

    fn deref(&self) -> &Side {
        match self {
            Self::Fixed(side) => side,
            Self::Other(side) => side,
        }
    }
}
