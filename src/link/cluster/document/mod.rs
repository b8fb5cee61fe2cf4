//! Which names of one document are one entity.
//!
//! Every shorter name looks for the fuller one that it stands for, fullest names first, so that a name is settled before others are
//! attached to it. A name that fits several stays alone and keeps them as candidates, unless an office that the text gives to both
//! decides. Two full names that contradict each other never meet, whatever is between them.

mod counted;
mod defined;
mod documents;
mod interpretation;
mod mislabelled;
mod pairs;
mod resolve;
mod resolver;
mod short;
mod unit;
mod variants;

pub(super) use documents::Documents;
pub(super) use resolve::resolve_all;
pub(super) use unit::{DocumentUnits, Parent, Placed, Unit};
