//! From annotations to mentions.

use super::found::Found;
use crate::io::Error;
use crate::io::jsonl::object::At;
use crate::io::surface::Claim;
use crate::text::{Label, Mention, OffsetUnit, Offsets, Span};

/// Mentions at their places.
pub(in crate::io) struct Placed {
    pub(in crate::io) mentions: Vec<Mention>,
    /// What the offsets were found to count.
    pub(in crate::io) unit: OffsetUnit,
}

/// The mentions that the annotations of a text stand for. Offsets count `unit`, unless every annotation comes with its text and another
/// unit is the one that fits.
///
/// # Errors
/// When an annotation is not in the text, or its text is another one.
pub(in crate::io) fn place(at: &At<'_>, found: Vec<Found>, text: &str, unit: OffsetUnit) -> Result<Placed, Error> {
    let unit = fitting(&found, text, unit);
    let offsets = Offsets::new(text, unit);
    let mut mentions: Vec<Mention> = Vec::with_capacity(found.len());
    let mut pieces = 0;
    for found in found {
        let claim = Claim { path: at.path, line: at.line, range: found.range, surface: found.surface.as_deref() };
        let span = claim.span(text, &offsets)?;
        let (tag, label) = if found.is_piece { split(&found.label) } else { (Piece::Whole, found.label.as_str()) };
        if let Some(last) = mentions.last_mut().filter(|last| {
            let between = text.get(last.span.end()..span.start());
            pieces > 0 && tag == Piece::Inside && last.label.as_str() == label && between.is_some_and(is_blank)
        }) {
            last.span = Span::new(last.span.start(), span.end());
            let mean = |a: f32, b: f32| (a * pieces as f32 + b) / (pieces + 1) as f32;
            last.score = last.score.zip(found.score).map(|(a, b)| mean(a, b));
            pieces += 1;
            continue;
        }
        pieces = usize::from(tag != Piece::Whole);
        let label = Label::new(label);
        let Found { score, entity, extra, .. } = found;
        mentions.push(Mention { score, entity, extra, ..Mention::new(span, label) });
    }
    Ok(Placed { mentions, unit })
}

/// The unit in which the text of every annotation is at its place; `unit` if it is not known.
fn fitting(found: &[Found], text: &str, unit: OffsetUnit) -> OffsetUnit {
    if text.is_ascii() || found.is_empty() || found.iter().any(|found| found.surface.is_none()) {
        return unit;
    }
    let fits = |unit: &OffsetUnit| {
        let offsets = Offsets::new(text, *unit);
        found.iter().all(|found| {
            let span = offsets.span(found.range.0, found.range.1);
            span.and_then(|span| span.slice(text)) == found.surface.as_deref()
        })
    };
    [unit].into_iter().chain([OffsetUnit::Char, OffsetUnit::Utf16]).find(fits).unwrap_or(unit)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Piece {
    Whole,
    Begin,
    Inside,
}

/// Takes the tag of a piece apart.
fn split(tag: &str) -> (Piece, &str) {
    match tag.split_once('-') {
        Some(("B" | "S" | "U", label)) if !label.is_empty() => (Piece::Begin, label),
        Some(("I" | "E" | "L" | "M", label)) if !label.is_empty() => (Piece::Inside, label),
        _ => (Piece::Inside, tag),
    }
}

fn is_blank(text: &str) -> bool {
    text.chars().all(char::is_whitespace)
}
