//! Which figures do people see, and in which order?

mod beside;
mod clusters;
mod difference;
mod linking;
mod list;
mod overview;
mod scores;
mod stamp;
mod system;

pub(crate) use list::sections;
pub(crate) use overview::in_brief;
#[cfg(feature = "cli")]
pub(crate) use overview::remarks;
pub(crate) use stamp::stamp;
