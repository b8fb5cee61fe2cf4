//! Do the offsets of a mention mark the text that it claims?

use super::Error;
use super::error::clip;
use crate::text::{OffsetUnit, Offsets, Span};

/// A mention as a line of a file gives it.
pub(crate) struct Claim<'a> {
    /// The file.
    pub(crate) path: &'a str,
    /// The line, from 1.
    pub(crate) line: u64,
    /// Where it begins and ends, in the unit of the offsets.
    pub(crate) range: (usize, usize),
    /// The text that stands there, where the line says so.
    pub(crate) surface: Option<&'a str>,
}

impl Claim<'_> {
    /// The span that is meant.
    ///
    /// # Errors
    /// When the range leaves the text, is empty or cuts a character, and when another text stands there: then with the unit in which
    /// the offsets would fit.
    pub(crate) fn span(&self, text: &str, offsets: &Offsets<'_>) -> Result<Span, Error> {
        let (unit, (start, end)) = (offsets.unit(), self.range);
        let span = offsets.span(start, end).filter(|span| !span.is_empty());
        let found = span.and_then(|span| span.slice(text));
        match (span, self.surface) {
            (Some(span), surface) if surface.is_none_or(|surface| found == Some(surface)) => Ok(span),
            (_, Some(surface)) => Err(Error::MentionText {
                path: self.path.to_owned(),
                line: self.line,
                expected: clip(surface),
                start,
                end,
                unit,
                found: found.map(clip),
                fits: OffsetUnit::ALL.into_iter().filter(|&other| other != unit).find(|&other| {
                    let span = Offsets::new(text, other).span(start, end);
                    span.and_then(|span| span.slice(text)) == Some(surface)
                }),
            }),
            (_, None) => {
                let expected = format!("a mention of whole characters within 0..{} ({unit} offsets)", offsets.len());
                Err(Error::malformed(self.path, self.line, expected, format!("{start}..{end}")))
            }
        }
    }
}
