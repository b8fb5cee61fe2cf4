//! Places in a text, and what they name.

use serde::{Deserialize, Serialize};

use crate::text::{Offsets, Span};

/// A place in a text as numbers in some unit: UTF-16 code units on their way to a page, code points in files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Place {
    pub(super) fn of(span: Span, offsets: &Offsets<'_>) -> Option<Self> {
        offsets.units(span).map(|(start, end)| Self { start, end })
    }

    pub(super) fn span(self, offsets: &Offsets<'_>) -> Option<Span> {
        offsets.span(self.start, self.end)
    }
}

/// A place and what it names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Labelled<P> {
    #[serde(flatten)]
    pub(super) at: P,
    pub(super) label: String,
}
