//! Checks that the offsets of a mention mark its text, when it is read and when it is written.

use super::Error;
use super::error::clip;
use super::sink::WriteError;
use crate::text::{OffsetUnit, Offsets, Span};

/// Start, end and text of a mention that is written.
///
/// # Errors
/// When it leaves the text or cuts a character.
pub(crate) fn marked<'t>(
    span: Span,
    text: &'t str,
    offsets: &Offsets<'_>,
) -> Result<(usize, usize, &'t str), WriteError> {
    match (offsets.units(span), span.slice(text)) {
        (Some((start, end)), Some(surface)) => Ok((start, end, surface)),
        _ => Err(unmarked(span, text)),
    }
}

/// The error for a mention that leaves the text or cuts a character.
pub(crate) fn unmarked(span: Span, text: &str) -> WriteError {
    let expected = format!("mentions of whole characters within 0..{}", text.len());
    WriteError::unwritable(expected, format!("bytes {span}"))
}

/// What a line of a file says about a mention.
pub(crate) struct Claim<'a> {
    pub(crate) path: &'a str,
    /// From 1.
    pub(crate) line: u64,
    /// Start and end, in the unit of the offsets.
    pub(crate) range: (usize, usize),
    /// The text of the mention, where the line has it.
    pub(crate) surface: Option<&'a str>,
}

impl Claim<'_> {
    /// The span of the mention.
    ///
    /// # Errors
    /// When the range leaves the text, is empty or cuts a character, and when it marks another text; the error then names the unit in which
    /// the offsets would be right.
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
