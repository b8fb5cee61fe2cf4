//! `allonym serve`, as its callers see it: a process, and bytes on a socket.
#![cfg(all(unix, feature = "server", feature = "embedded-model"))]

mod answers;
pub(crate) mod client;
mod ends;
mod limits;
mod process;
mod refusals;
mod streams;
