//! An archive of linked documents that remembers: what is added later is linked with what is there, and ids stay.
//!
//! An [`Archive`] is one SQLite file. [`Archive::link`] adds documents: only they are read, and of the archive only the entities whose
//! names they may meet. An id is never given twice and never means somebody else; of entities that turn out to be one, the younger
//! redirects to the older, and the log says so. What people decide wins for ever: [`Archive::merge`], [`Archive::split`],
//! [`Archive::rename`], [`Archive::same`] and [`Archive::never`].

mod add;
mod added;
#[expect(clippy::module_inception, reason = "the type that the module is about")]
mod archive;
mod check;
mod code;
mod constraints;
mod decision;
mod entity_ref;
mod error;
mod export;
mod known;
mod log;
mod merging;
mod options;
mod rekeying;
mod relink;
mod removal;
mod schema;
mod search;
mod show;
mod splitting;
mod stats;
mod version;
mod write;
mod writer;

pub use added::Added;
pub use archive::Archive;
pub use decision::{Author, Decision};
pub use error::Error;
pub use export::{GraphForm, Selection};
pub use options::{Access, ArchiveOptions};
pub use relink::Relinked;
pub use search::Found;
pub use show::{Example, Shown};
pub use splitting::Part;
pub use stats::Stats;
pub use version::{APPLICATION, VERSION};
