//! Places in a text, and what they name.

use serde::{Deserialize, Serialize};

use crate::text::{Offsets, Span};

/// A place in a text as numbers in some unit: UTF-16 code units on their way to a page, code points in files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Place {
    pub(crate) fn of(span: Span, offsets: &Offsets<'_>) -> Option<Self> {
        offsets.units(span).map(|(start, end)| Self { start, end })
    }

    pub(crate) fn span(self, offsets: &Offsets<'_>) -> Option<Span> {
        offsets.span(self.start, self.end)
    }
}

/// A place and what it names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Labelled<P> {
    #[serde(flatten)]
    pub(crate) at: P,
    pub(crate) label: String,
}
