//! How good is a system's output, is the difference to another one real, and why was it wrong?
//!
//! Scoring sees a [`Corpus`]: documents with gold mentions and those of one or more systems. Everything else counts on it.

mod agreement;
mod buckets;
mod calibration;
pub mod clusters;
mod confusion;
mod corpus;
mod counts;
mod errors;
mod fair;
pub mod linking;
mod muc;
mod noise;
mod overlap;
mod paired;
mod pairing;
mod random;
pub mod report;
mod scores;
mod significance;
mod unit;

pub use agreement::{Agreement, WordAgreement, agreement};
pub use buckets::{Bucket, BucketBy, Bucketing, TrainingNames, buckets};
pub use calibration::{Calibration, CoveragePoint, ReliabilityBin, TunedThreshold, calibration};
pub use confusion::{Confusion, confusion};
pub use corpus::{Corpus, EntityId, EntityTable, Item, Paired, Side};
pub use counts::Counts;
pub use errors::{Context, ErrorClass, ErrorCounts, FrequentError, MentionError, Place, Surface, errors, frequent};
pub use fair::{Fair, FairCounts, FairScores, fair};
pub use muc::{LabelSchemes, Muc, MucCounts, Schemes, muc};
pub use noise::{Flipped, Marked, Reason, Suspect, flipped, suspects};
pub use overlap::matched_pairs;
pub use paired::{OnlyRight, document_counts, only_right};
pub use pairing::{Alignment, Input, Missing, Pairing, PairingError, PairingOptions, Renaming, Tally, pair};
pub use scores::{Average, DocumentAverage, Figures, LabelScores, Scores, score};
pub use significance::{Difference, Interval, Intervals, Resampling, compare, intervals};
pub use unit::{Unit, unit_counts};
