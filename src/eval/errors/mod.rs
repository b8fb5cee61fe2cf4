//! Why was it wrong? Every mention that is not right belongs to exactly one classed error.

mod class;
mod context;
#[cfg(test)]
pub(in crate::eval) mod fixture;
mod frequent;
mod pairing;

pub use class::{ErrorClass, ErrorCounts, MentionError, errors};
pub use context::Context;
pub use frequent::{FrequentError, Place, Surface, frequent};

pub(in crate::eval) use context::{context, one_line};
pub(in crate::eval) use pairing::{overlaps, same_spans, shared, strict, take_out};
