//! How good is a system's output, is the difference to another one real, and why was it wrong?
//!
//! Scoring sees a [`Corpus`]: documents with gold mentions and those of one or more systems. Everything else counts on it.

mod corpus;
mod counts;
mod muc;
mod overlap;
mod paired;
mod pairing;
mod random;
mod scores;
mod significance;
mod unit;

pub use corpus::{Corpus, EntityId, EntityTable, Item, Paired, Side};
pub use counts::Counts;
pub use muc::{LabelSchemes, Muc, MucCounts, Schemes, muc};
pub use overlap::matched_pairs;
pub use paired::{OnlyRight, document_counts, only_right};
pub use pairing::{Alignment, Input, Missing, Pairing, PairingError, PairingOptions, Renaming, Tally, pair};
pub use scores::{Average, DocumentAverage, Figures, LabelScores, Scores, score};
pub use significance::{Difference, Interval, Intervals, Resampling, compare, intervals};
pub use unit::{Unit, unit_counts};
