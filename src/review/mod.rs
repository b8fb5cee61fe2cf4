//! Documents that somebody corrects in a browser.
//!
//! A [`Review`] serves a page for some documents. Every step is in a journal before it is answered, so that nothing is lost whenever the
//! program ends; the documents are written beside it. Several [`Annotator`]s have a journal each, and their work can be compared. What is asked is answered by [`desk`](crate::desk).

mod error;
mod file;
mod folder;
mod options;
mod page;
mod problem;
#[expect(clippy::module_inception, reason = "the file has the noun's name")]
mod review;
mod routes;
mod serve;
mod shared;
mod suspects;

pub use crate::desk::{Annotator, Engine, Linking, Order, Other, Prepare, SideKind, Status, Terms};
pub use error::Error;
pub use options::Options;
pub use review::{Needs, Review};
pub use shared::Ended;
