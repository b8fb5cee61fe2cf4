//! Documents that somebody corrects in a browser.
//!
//! A [`Review`] serves a page for some documents. Every step is in a journal before it is answered, so that nothing is lost whenever the
//! program ends; the documents are written beside it. Several [`Annotator`]s have a journal each, and their work can be compared.

mod annotator;
mod change;
mod desk;
mod edit;
mod error;
mod journal;
mod kept;
mod key;
mod list;
mod occurrences;
mod op;
mod options;
mod pace;
mod page;
mod place;
mod problem;
mod refusal;
#[expect(clippy::module_inception, reason = "the file has the noun's name")]
mod review;
mod routes;
mod save;
mod serve;
mod shared;
mod side;
mod state;
mod suspects;
mod wire;

pub use annotator::Annotator;
pub use desk::Prepare;
pub use edit::Linking;
pub use error::Error;
pub use list::Order;
pub use options::Options;
pub use review::{Needs, Other, Review};
pub use shared::{Ended, Engine};
pub use side::SideKind;
pub use state::Status;
