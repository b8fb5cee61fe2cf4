//! Training: from documents with mentions to a model that tags as they do.
//!
//! [`train`] learns from [`Gold`] documents, beginning with what a [`Source`](crate::model::Source) knows, and gives a [`Trained`] model,
//! whose folder a [`Tagger`](crate::Tagger) opens. Documents are cut into words and pieces as for tagging. The way back through the network
//! is written out by hand: the layers are always the same, and no crate that finds gradients by itself is half as fast on a CPU.
//!
//! ```no_run
//! use allonym::io::{Documents, ReadOptions};
//! use allonym::model::Source;
//! use allonym::train::{Event, Gold, Options, train};
//!
//! let documents = Documents::open(&["gold.jsonl".to_owned()], &ReadOptions::default())?;
//! let gold = Gold::new("gold.jsonl", documents.collect::<Result<_, _>>()?);
//! let trained = train(&Source::embedded()?, gold, None, &Options::default(), &mut |event| {
//!     if let Event::Scored { score, .. } = event {
//!         println!("F1 {:.3}", score.f1);
//!     }
//! })?;
//! trained.save("models/mine".as_ref())?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod blueprint;
mod card;
mod course;
mod draw;
mod error;
mod event;
mod features;
mod folder;
mod gold;
mod head;
mod lesson;
mod material;
mod network;
mod optimiser;
mod options;
mod recall;
mod schedule;
mod state;
mod summary;
mod temper;
mod trained;
mod trainer;
mod training;

pub use error::Error;
pub use event::Event;
pub use gold::Gold;
pub use options::{Epochs, Freeze, OldHeads, Options, Resume, UnknownEpochs, UnknownFreeze};
pub use state::Score;
pub use summary::Summary;
pub use trained::Trained;
pub use trainer::train;
