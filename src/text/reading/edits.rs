//! Changes between a text and how it is read, and the way back.

use std::borrow::Cow;
use std::ops::Range;

use crate::text::Span;

/// One stretch of a text that is read as something else; either side may be empty.
#[derive(Clone, Debug)]
struct Edit {
    source: Range<usize>,
    read: Range<usize>,
}

/// The changes that make one text of another, in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Edits(Vec<Edit>);

impl Edits {
    /// The stretch of the source that a stretch of the changed text was read from. What was left out at its ends is outside.
    pub(super) fn source(&self, span: Span) -> Span {
        let start = self.start(span.start());
        Span::new(start, self.end(span.end()).max(start))
    }

    fn start(&self, at: usize) -> usize {
        match self.0.partition_point(|edit| edit.read.start <= at).checked_sub(1).map(|i| &self.0[i]) {
            None => at,
            Some(edit) if at < edit.read.end => edit.source.start,
            Some(edit) => at - edit.read.end + edit.source.end,
        }
    }

    fn end(&self, at: usize) -> usize {
        match self.0.partition_point(|edit| edit.read.start < at).checked_sub(1).map(|i| &self.0[i]) {
            None => at,
            Some(edit) if at < edit.read.end => edit.source.end,
            Some(edit) => at - edit.read.end + edit.source.end,
        }
    }
}

/// Makes a changed text from front to back.
pub(super) struct Editor<'t> {
    source: &'t str,
    copied: usize,
    read: String,
    edits: Vec<Edit>,
}

impl<'t> Editor<'t> {
    pub(super) fn new(source: &'t str) -> Self {
        Self { source, copied: 0, read: String::new(), edits: Vec::new() }
    }

    /// Reads `range`, which begins at or after the end of the last one, as `with`.
    pub(super) fn replace(&mut self, range: Range<usize>, with: &str) {
        self.read.push_str(&self.source[self.copied..range.start]);
        let start = self.read.len();
        self.read.push_str(with);
        self.copied = range.end;
        self.edits.push(Edit { source: range, read: start..self.read.len() });
    }

    /// The changed text; `None` if nothing changed.
    pub(super) fn finish(mut self) -> Option<(String, Edits)> {
        if self.edits.is_empty() {
            return None;
        }
        self.read.push_str(&self.source[self.copied..]);
        Some((self.read, Edits(self.edits)))
    }
}

/// A text and the changes that led to it.
#[derive(Clone, Debug)]
pub(super) struct Edited<'t> {
    pub(super) text: Cow<'t, str>,
    layers: Vec<Edits>,
}

impl<'t> Edited<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text: Cow::Borrowed(text), layers: Vec::new() }
    }

    /// Takes one more step.
    pub(super) fn then(self, step: impl FnOnce(&str) -> Option<(String, Edits)>) -> Self {
        match step(&self.text) {
            None => self,
            Some((text, edits)) => {
                let mut layers = self.layers;
                layers.push(edits);
                Self { text: Cow::Owned(text), layers }
            }
        }
    }

    pub(super) fn source(&self, span: Span) -> Span {
        self.layers.iter().rev().fold(span, |span, edits| edits.source(span))
    }
}
