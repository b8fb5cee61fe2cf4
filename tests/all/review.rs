//! `allonym review`, as its page sees it: a process, and what it answers.
#![cfg(all(unix, feature = "review", feature = "embedded-model"))]

mod annotators;
mod errors;
pub(crate) mod opened;
mod steps;
