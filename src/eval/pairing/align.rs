//! Where in the gold's text are the spans of a prediction?

use super::error::PairingError;
use super::input::{Tally, View};
use super::options::Alignment;
use crate::text::{Document, Span};

/// Maps spans of a prediction's text to the gold's.
pub(super) enum SpanMap {
    /// The texts are the same.
    Same,
    /// The tokens of the prediction and of the gold, in order.
    Tokens(Vec<(Span, Span)>),
}

impl SpanMap {
    /// The gold's span.
    pub(super) fn map(&self, span: Span) -> Span {
        let Self::Tokens(tokens) = self else { return span };
        let first = tokens.partition_point(|(own, _)| own.end() <= span.start());
        let last = tokens.partition_point(|(own, _)| own.start() < span.end());
        match tokens.get(first..last) {
            Some([one]) => one.1,
            Some([one, .., other]) => Span::new(one.1.start(), other.1.end()),
            _ => span,
        }
    }
}

/// Aligns documents of one system with those of the gold.
pub(super) struct Aligner<'s> {
    pub(super) system: View<'s>,
    pub(super) alignment: Alignment,
}

impl Aligner<'_> {
    pub(super) fn align(&self, gold: &Document, found: &Document, tally: &mut Tally) -> Result<SpanMap, PairingError> {
        match self.alignment {
            Alignment::Text => self.same_text(gold, found).map(|()| SpanMap::Same),
            Alignment::Tokens => self.same_tokens(gold, found, tally),
        }
    }

    fn same_text(&self, gold: &Document, found: &Document) -> Result<(), PairingError> {
        if gold.text == found.text {
            return Ok(());
        }
        let same = gold.text.chars().zip(found.text.chars()).take_while(|(a, b)| a == b).count();
        let around = |text: &str| -> String { text.chars().skip(same.saturating_sub(20)).take(40).collect() };
        Err(PairingError::Text {
            input: self.system.name.to_owned(),
            id: gold.id.clone(),
            at: same,
            expected: around(&gold.text),
            found: around(&found.text),
        })
    }

    /// Pairs tokens by position, and counts those that differ.
    fn same_tokens(&self, gold: &Document, found: &Document, tally: &mut Tally) -> Result<SpanMap, PairingError> {
        let wrong = |sentence: usize, expected: String, found: String| PairingError::Tokens {
            input: self.system.name.to_owned(),
            id: gold.id.clone(),
            sentence: sentence + 1,
            expected,
            found,
        };
        let (Some(ours), Some(theirs)) = (&gold.layout, &found.layout) else {
            return Err(wrong(0, "tokens on both sides (CoNLL)".to_owned(), "text without tokens".to_owned()));
        };
        let (ours, theirs) = (ours.sentences(), theirs.sentences());
        let mut tokens = Vec::new();
        for (index, (ours, theirs)) in ours.iter().zip(&theirs).enumerate() {
            if ours.len() != theirs.len() {
                return Err(wrong(index, format!("{} tokens", ours.len()), theirs.len().to_string()));
            }
            for (&ours, &theirs) in ours.iter().zip(theirs) {
                tally.differing_tokens += u64::from(ours.slice(&gold.text) != theirs.slice(&found.text));
                tokens.push((theirs, ours));
            }
        }
        if ours.len() != theirs.len() {
            let at = ours.len().min(theirs.len());
            return Err(wrong(at, format!("{} sentences", ours.len()), theirs.len().to_string()));
        }
        Ok(SpanMap::Tokens(tokens))
    }
}
