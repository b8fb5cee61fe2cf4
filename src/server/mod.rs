//! A server: tagging, linking, comparing and scoring over HTTP.
//!
//! A [`Server`] listens where its [`Options`] say, and answers with an [`Engine`], which is a tagger and a linker. What waits to be tagged
//! is bounded in number and in bytes; documents of several callers are tagged in one batch. See [`Server::run`] for an example.
//!
//! The answers are those of the program: a document is written as `allonym tag` writes it, byte for byte. Errors are problem details
//! (RFC 9457). `/openapi.json` describes all of it.

mod access;
mod address;
mod batch;
mod body;
mod budget;
mod connection;
mod connections;
mod dispatch;
mod documents;
mod engine;
mod error;
mod flow;
mod guard;
mod job;
mod lines;
mod listener;
mod metrics;
mod options;
mod problem;
mod queue;
mod routes;
mod serve;
mod shared;
mod stop;
mod token;
mod wanted;
mod work;

pub use access::Access;
pub use address::Address;
#[cfg(feature = "review")]
pub(crate) use connections::Connections;
pub use engine::Engine;
pub use error::Error;
#[cfg(feature = "review")]
pub(crate) use guard::{bearer, host, is_of_another_site, is_ours};
#[cfg(feature = "review")]
pub(crate) use listener::Listener;
pub use options::Options;
pub use serve::{Ended, Server};
pub use stop::Stopper;
pub use token::{Token, TokenError};
