//! Which token of the gold is which token of a prediction?

use super::{PairingError, Tally};
use crate::text::{Document, Span};

/// Where each token of a prediction stands in the gold's text.
pub(super) struct TokenMap {
    /// The prediction's tokens and the gold's, in order.
    tokens: Vec<(Span, Span)>,
}

impl TokenMap {
    /// The gold's span of a prediction's span.
    pub(super) fn map(&self, span: Span) -> Span {
        let first = self.tokens.partition_point(|(own, _)| own.end() <= span.start());
        let last = self.tokens.partition_point(|(own, _)| own.start() < span.end());
        match self.tokens.get(first..last) {
            Some([one]) => one.1,
            Some([one, .., other]) => Span::new(one.1.start(), other.1.end()),
            _ => span,
        }
    }
}

/// Pairs the tokens of two documents by their places, and counts those of other letters.
pub(super) fn same_tokens(
    gold: &Document,
    found: &Document,
    input: &str,
    tally: &mut Tally,
) -> Result<TokenMap, PairingError> {
    let wrong = |sentence: usize, expected: String, found: String| PairingError::Tokens {
        input: input.to_owned(),
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
    Ok(TokenMap { tokens })
}
