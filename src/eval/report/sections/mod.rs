//! Which figures do people see, and in which order?

mod clusters;
mod difference;
mod linking;
mod list;
mod overview;
mod scores;
mod stamp;
mod system;

pub(crate) use list::sections;
pub(crate) use stamp::stamp;
