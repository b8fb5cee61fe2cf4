//! Tags the persons, organisations and places in news articles with a transformer, on a CPU, offline.
//!
//! The model is inside (feature `embedded-model`, on by default). One loaded [`Tagger`] serves every thread:
//!
//! ```
//! # #[cfg(feature = "embedded-model")] {
//! use allonym::Tagger;
//!
//! let tagger = Tagger::embedded()?;
//! let text = "Maria Lopez of the World Bank met reporters in Islamabad.";
//! let found: Vec<_> = tagger.tag_text(text)?.iter().map(|m| (&text[m.span.range()], m.label.to_string())).collect();
//! assert_eq!(found[0], ("Maria Lopez", "PER".to_owned()));
//! assert_eq!(found[2], ("Islamabad", "LOC".to_owned()));
//! # }
//! # Ok::<(), allonym::pipeline::Error>(())
//! ```
//!
//! The modules tell the way of a document:
//!
//! | module | from | to |
//! |---|---|---|
//! | [`io`] | files and streams in many formats | a [`Document`], and back |
//! | [`text`] | a text | words and sentences; spans, offsets in bytes, characters and UTF-16 |
//! | [`encode`] | words | pieces with token types, windows with context, batches without padding |
//! | [`model`] | batches | a score for each piece and label |
//! | [`decode`] | scores | the best legal tag path, and mentions with probabilities |
//! | [`label`] | tags in IOB1, IOB2, BIOES, BILOU | mentions, and back |
//! | [`refine`] | scores, mentions of a document | what rules of news say: one name, one label; titles, addresses and credits are no names |
//! | [`pipeline`] | a [`Document`] | the same with its mentions |
//! | [`link`] | documents with mentions | one entity for the spellings of a name, in a document or across a corpus, and why |
//! | [`top`] | linked documents | who is mentioned how often, and when |
//! | [`archive`] | documents with mentions, day by day | one file with their entities, whose ids stay |
//! | [`redact`] | documents with mentions | the same with pseudonyms, and the table that undoes it |
//! | [`eval`] | documents of gold and systems | every figure about how good, how sure and why wrong |
//! | [`train`] | documents of gold | a model that tags as they do |
//! | [`server`] | requests over HTTP | what the modules above say |
//! | [`desk`] | documents, and questions and steps of a reviewer | answers, and the same, corrected |
//! | [`review`] | documents, and somebody with a browser | the same, corrected |
//! | [`cli`] | arguments | the program |

#[cfg(feature = "archive")]
pub mod archive;
#[cfg(feature = "cli")]
pub mod cli;
pub mod decode;
#[cfg(feature = "desk")]
pub mod desk;
pub mod encode;
#[cfg(feature = "eval")]
pub mod eval;
pub mod io;
pub mod label;
#[cfg_attr(
    not(feature = "link"),
    allow(dead_code, unreachable_pub, unused_imports, reason = "linking asks for more of it")
)]
mod lexicon;
#[cfg(feature = "link")]
pub mod link;
pub mod model;
#[cfg(any(feature = "files", feature = "eval"))]
mod page;
pub mod pipeline;
pub mod pool;
#[cfg(feature = "redact")]
pub mod redact;
pub mod refine;
#[cfg(feature = "review")]
pub mod review;
#[cfg(feature = "server")]
pub mod server;
pub mod text;
#[cfg(feature = "link")]
pub mod top;
#[cfg(feature = "train")]
pub mod train;

#[cfg(feature = "link")]
pub use link::{LinkOptions, Linker};
pub use pipeline::{Pipeline, Request, Tagger};
pub use pool::Pool;
pub use text::{Document, Label, Mention, Span};

/// The Rust blocks of the README and the manual are compiled and run by `cargo test --doc`.
#[cfg(all(doctest, feature = "cli", feature = "embedded-model"))]
mod manual {
    #[doc = include_str!("../README.md")]
    struct Readme;
    #[doc = include_str!("../docs/embed.md")]
    struct Embed;
    #[doc = include_str!("../docs/link.md")]
    struct Link;
    #[doc = include_str!("../docs/score.md")]
    struct Score;
}
