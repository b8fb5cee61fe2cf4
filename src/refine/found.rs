//! What was decoded, as far as rules go.

use std::ops::Range;

use crate::text::Kind;

/// A decoded mention.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) words: Range<usize>,
    pub(super) kind: Kind,
}
