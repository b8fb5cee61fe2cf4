//! From text to what a model sees: pieces with their places, windows, batches.
//!
//! ```
//! use allonym::encode::{Batch, InputFormat, Separators, Tokenizer, WindowSize, windows};
//! use allonym::text::segment::words_of_text;
//! use std::path::Path;
//!
//! let tokenizer = Tokenizer::open(Path::new("models/news-en-small"), InputFormat::default())?;
//! let text = "Rain in Beirut.";
//! let words = words_of_text(text);
//! let pieces = tokenizer.pieces(text, &words)?;
//! let size = WindowSize { longest: 320, context: 48, separators: Separators::None };
//! let mut batch = Batch::default();
//! for window in windows(text, &words, &pieces, size) {
//!     let filled = window.fill(&words, &pieces, &tokenizer, size);
//!     assert_eq!(filled.rows.len(), words.len(), "a row of scores for each word");
//!     batch.push(&filled.ids, &filled.types);
//! }
//! assert_eq!(batch.n_windows(), 1);
//! # Ok::<(), allonym::encode::Error>(())
//! ```

mod batch;
mod case;
mod chunks;
mod input_format;
mod pieces;
mod quiet;
mod tokenizer;
mod window;

pub use batch::Batch;
pub use case::CaseClass;
pub use input_format::{CaseClasses, InputFormat};
pub use pieces::Pieces;
pub use tokenizer::{Error, Tokenizer};
pub use window::{Filled, Separators, Window, WindowSize, windows};
