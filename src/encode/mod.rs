//! From text to what a model sees: pieces with their places, windows, batches.

mod batch;
mod case;
mod chunks;
mod input_format;
mod pieces;
mod tokenizer;
mod window;

pub use batch::Batch;
pub use case::CaseClass;
pub use input_format::{CaseClasses, InputFormat};
pub use pieces::Pieces;
pub use tokenizer::{Error, Tokenizer};
pub use window::{Filled, Separators, Window, WindowSize, windows};
