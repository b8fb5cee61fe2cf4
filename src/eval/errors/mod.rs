//! What went wrong? Every mention that is not right belongs to exactly one error.

mod class;
mod frequent;

pub use class::{ErrorClass, ErrorCounts, MentionError, errors};

pub(crate) use class::errors_in;
pub(crate) use frequent::{FrequentError, Place, Surface, frequent};
