//! Which prediction belongs to which gold document?

mod align;
mod chars;
mod entities;
mod error;
mod input;
mod labels;
mod options;
mod pair;
mod partners;
mod regroup;

pub use error::PairingError;
pub use input::{Input, Tally};
pub use labels::Renaming;
pub use options::{Alignment, Missing, PairingOptions};
pub use pair::{Pairing, pair};

pub(crate) use pair::pair_mentions;
