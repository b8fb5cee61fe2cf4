//! Labels, the tags that spell mentions token by token, and the way from one to the other.

mod detect;
mod mentions;
mod scheme;
mod set;
mod tag;
mod tagging;

pub(crate) use detect::Grouped;
pub use detect::{Detection, Evidence};
pub use mentions::{Repair, TokenMention, TokenMentions, mentions};
pub use scheme::{Scheme, UnknownScheme};
pub use set::{LabelId, LabelSet};
pub use tag::{Tag, TagError, TagSet, TagText};
pub use tagging::{Tagging, tag_tokens};
