//! What is answered, path by path.

mod compare;
mod eval;
mod health;
mod json;
mod link;
mod metrics;
mod openapi;
mod page;
mod refusals;
mod router;
mod tag;

pub(super) use router::router;
