//! What is there to say about systems, all in one place?
//!
//! A [`Report`] holds every figure; its JSON is the struct itself, ratios from 0 to 1 and `null` where a ratio is undefined. The other
//! forms show the same figures to people, in per cent.

mod stamp;

use serde::Serialize;

use super::{
    Calibration, ClusterReport, Confusion, Corpus, Difference, ErrorClass, Fair, Figures, FrequentError, Intervals,
    LinkingReport, Muc, Scores, Tally, Bucketing, Noise,
};

pub use stamp::{InputStamp, Role, SchemeStamp, Stamp};
