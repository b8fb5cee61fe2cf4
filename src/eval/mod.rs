//! How good is a system's output, is the difference to another one real, and why was it wrong?
//!
//! Scoring sees a [`Corpus`]: documents with gold mentions and those of one or more systems. Everything else counts on it.

mod agreement;
mod buckets;
mod calibration;
mod confusion;
mod corpus;
mod counts;
mod errors;
mod fair;
mod noise;

pub use agreement::{Agreement, WordAgreement, agreement};
pub use buckets::{Bucket, BucketBy, Bucketing, TrainingNames, buckets};
pub use calibration::{Calibration, CoveragePoint, ReliabilityBin, TunedThreshold, calibration};
pub use confusion::{Confusion, confusion};
pub use corpus::{Corpus, EntityId, EntityTable, Item, Paired, Side};
pub use counts::Counts;
pub use errors::{Context, ErrorClass, ErrorCounts, FrequentError, MentionError, Place, Surface, errors, frequent};
pub use fair::{Fair, FairCounts, FairScores, fair};
pub use noise::{Flipped, Marked, Reason, Suspect, flipped, suspects};
