//! The desk on which documents are corrected, without the door through which a browser comes in.
//!
//! `Desk` has the documents of a review and its journal, `answers` what a page can ask of it. Both are the same for the server of `review`
//! and for an [`InMemory`] review, which needs no server, no threads and no disk.

mod annotator;
pub(crate) mod answers;
mod ask;
mod change;
#[expect(clippy::module_inception, reason = "the file has the noun's name")]
mod desk;
mod edit;
mod engine;
mod error;
mod in_memory;
mod journal;
mod kept;
mod key;
mod labels;
mod list;
mod occurrences;
mod op;
mod order;
mod other;
mod pace;
mod place;
mod problem;
mod refusal;
mod room;
mod save;
mod side;
mod state;
mod terms;
mod wire;

pub use annotator::Annotator;
pub use edit::Linking;
pub use engine::Engine;
pub use error::Error;
pub use in_memory::{File, InMemory};
pub use order::Order;
pub use other::Other;
pub use side::SideKind;
pub use state::Status;
pub use terms::{Prepare, Terms};

#[cfg(feature = "review")]
pub(crate) use self::{
    answers::{Export, Occurring, Step, With},
    desk::{Desk, work_of},
    journal::{Journal, Keep, Replay},
    kept::Stage,
    labels::known,
    list::Wanted,
    occurrences::occurrences,
    op::{Op, Take},
    place::Labelled,
    problem::{Code, Problem},
    room::Room,
    save::{CONSTRAINTS, Pairs, Saved, file_name, options, save},
    side::Side,
    state::{MentionId, Settled},
};
#[cfg(all(test, feature = "review"))]
pub(crate) use self::{
    journal::{Noted, Start},
    key::Key,
    state::By,
};
