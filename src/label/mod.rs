//! Labels, the tags that spell mentions token by token, and the way from one to the other.

mod detect;
mod mentions;
mod scheme;
mod set;
mod spelling;
mod tag;
mod tag_set;
mod tagging;

pub use detect::Detection;
pub(crate) use detect::Evidence;
pub use mentions::{Repair, TokenMention, TokenMentions, mentions};
pub use scheme::{Scheme, UnknownScheme};
pub use set::{LabelId, LabelSet};
pub(crate) use spelling::Spelling;
pub use tag::{Tag, TagText};
pub use tag_set::{TagError, TagSet};
pub use tagging::{Tagging, tag_tokens};
