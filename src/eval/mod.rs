//! Scoring: how good is a system, is it really better than another one, and what does it get wrong?
//!
//! Three calls answer most questions:
//!
//! - [`score`] scores documents against gold documents.
//! - [`score_tags`] scores tag sequences, as seqeval's `classification_report` does.
//! - [`report::Report`] holds every figure, as text, Markdown, HTML or JSON.
//!
//! Everything else works on a [`Corpus`], which [`pair`] makes from the documents of the gold and of one system or more:
//! [`score_mentions`], [`intervals`] and [`compare`] (bootstrap intervals and significance), [`errors`] and [`confusion`],
//! [`semeval`] (partial credit), [`calibration()`], [`suspects()`] (errors of the gold), [`agreement()`] (of annotators),
//! [`clusters`] (coreference) and [`linking`] (knowledge-base ids).
//!
//! A ratio whose denominator is zero is `None`: it is undefined, neither 0 nor 1.
//!
//! # Threads
//!
//! [`score`], [`score_tags`], [`clusters::score`] and [`linking::score_linking`] run on the calling thread. [`pair`] and
//! reports run on the [`Pool`](crate::Pool) of their options. All other functions use the rayon pool that they are called
//! in, so a pool can be chosen with [`Pool::install`](crate::Pool::install):
//!
//! ```
//! use allonym::Pool;
//! use allonym::eval::{Corpus, errors};
//!
//! # let corpus = Corpus::new(Default::default(), vec![allonym::eval::Paired { systems: vec![vec![]], ..Default::default() }], Default::default())?;
//! let pool = Pool::new(4);
//! let errors = pool.install(|| errors(&corpus, 0));
//! # assert!(errors.is_empty());
//! # Ok::<(), allonym::eval::CorpusError>(())
//! ```

mod agreement;
mod buckets;
mod calibration;
pub mod clusters;
mod confusion;
mod corpus;
mod counts;
mod errors;
mod excerpt;
mod fair;
#[cfg(test)]
mod fixture;
pub mod linking;
mod matching;
mod overlaps;
mod pairing;
mod random;
pub mod report;
mod scores;
mod semeval;
mod significance;
mod strict;
mod suspects;
mod tags;
mod unit;

pub use agreement::{Agreement, WordAgreement, agreement};
pub use buckets::TrainingNames;
pub use calibration::{Calibration, CoveragePoint, ReliabilityBin, TunedThreshold, calibration};
pub use confusion::{Confusion, confusion};
pub use corpus::{Corpus, CorpusError, EntityId, EntityTable, EntityTables, Item, Paired, Side};
pub use counts::Counts;
pub use errors::{ErrorClass, ErrorCounts, MentionError, errors};
pub use excerpt::Excerpt;
pub use pairing::{Alignment, Input, Missing, Pairing, PairingError, PairingOptions, Renaming, Tally, pair};
pub use scores::{Average, DocumentAverage, Figures, LabelScores, Scores, score, score_mentions};
pub use semeval::{SemEval, SemEvalCounts, SemEvalLabel, SemEvalSchemes, semeval};
pub use significance::{Difference, Interval, Intervals, Resampling, compare, intervals};
pub use suspects::{Suspect, SuspectMention, SuspectReason, suspects};
pub use tags::{ScoreTagsOptions, TagScores, TagSequenceError, score_tags};
pub use unit::Unit;
