//! What is the system good at, and what not?

mod bucketing;
mod training;

pub use training::TrainingNames;

pub(crate) use bucketing::{Bucketing, buckets};
