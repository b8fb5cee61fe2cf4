//! How much would another sample change the scores, and do two systems differ by more than chance?

mod bootstrap;
mod compare;
mod resampling;

pub use bootstrap::{Intervals, intervals};
pub use compare::{Difference, compare};
pub use resampling::{Interval, Resampling};

pub(crate) use compare::compare_counts;
