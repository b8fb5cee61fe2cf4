//! Are these two strings the same person?
//!
//! A name is parsed ([`Name`]: titles, particles, initials, suffixes and inversion set aside, any script romanised), its tokens are
//! aligned with those of the other by their letters and their transliteration skeleton, and a small model gives a probability over
//! [`FEATURES`] of the alignment. The words of the alignment are the [`Evidence`].
//!
//! ```
//! use allonym::link::names;
//!
//! let comparison = names::compare("Abbas Aragchi", "A. Araghchi");
//! assert!(comparison.probability > names::Model::embedded().threshold());
//! assert_eq!(
//!     comparison.to_string(),
//!     "given name: initial (abbas, a); surname: same transliteration skeleton (aragchi, araghchi)"
//! );
//! ```

mod alignment;
mod comparison;
mod distance;
mod features;
mod fold;
mod frequency;
mod given;
mod letters;
mod likeness;
mod model;
mod name;
mod skeleton;
mod titles;
mod trees;

pub use comparison::{Comparison, Evidence, Role, Side};
pub use features::{FEATURES, N_FEATURES};
pub use likeness::Likeness;
pub use model::{Error, Model};
pub use name::Name;

/// Compares two names of persons with the embedded weights.
///
/// Symmetric: the other order of the names has the same probability. To compare one name with many, use [`Model::parse`] once and
/// [`Model::compare`].
pub fn compare(a: &str, b: &str) -> Comparison {
    let model = Model::embedded();
    model.compare(&model.parse(a), &model.parse(b))
}
