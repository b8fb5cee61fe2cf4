//! Where in the gold's text are the spans of a prediction?

use super::chars::CharMap;
use super::error::PairingError;
use super::input::{Tally, View};
use super::options::{Alignment, Missing};
use crate::text::{Document, Layout, Span, segment};

/// Maps spans of a prediction's text to the gold's.
pub(super) enum SpanMap {
    /// The texts are the same.
    Same,
    /// The characters of the prediction's text in the gold's.
    Chars(CharMap),
    /// The tokens of the prediction and of the gold, in order.
    Tokens(Vec<(Span, Span)>),
}

impl SpanMap {
    /// The gold's span; `None` where the gold lacks the text.
    pub(super) fn map(&self, span: Span) -> Option<Span> {
        let tokens = match self {
            Self::Same => return Some(span),
            Self::Chars(chars) => return chars.map(span),
            Self::Tokens(tokens) => tokens,
        };
        let first = tokens.partition_point(|(own, _)| own.end() <= span.start());
        let last = tokens.partition_point(|(own, _)| own.start() < span.end());
        match tokens.get(first..last) {
            Some([one]) => Some(one.1),
            Some([one, .., other]) => Some(Span::new(one.1.start(), other.1.end())),
            _ => Some(span),
        }
    }
}

/// Aligns documents of one system with those of the gold.
pub(super) struct Aligner<'s> {
    pub(super) system: View<'s>,
    pub(super) alignment: Alignment,
    pub(super) missing: Missing,
}

impl Aligner<'_> {
    pub(super) fn align(&self, gold: &Document, found: &Document, tally: &mut Tally) -> Result<SpanMap, PairingError> {
        match self.alignment {
            Alignment::Text => self.texts(gold, found, tally),
            Alignment::Tokens => self.same_tokens(gold, found, tally),
        }
    }

    /// Texts may differ in blanks; in words only where most sentences are the same, or where documents may be missing too.
    fn texts(&self, gold: &Document, found: &Document, tally: &mut Tally) -> Result<SpanMap, PairingError> {
        if gold.text == found.text {
            return Ok(SpanMap::Same);
        }
        if let Some(chars) = CharMap::of_blanks(&found.text, &gold.text) {
            tally.respaced_documents += 1;
            return Ok(SpanMap::Chars(chars));
        }
        let chars = CharMap::of_words(&found.text, &gold.text);
        let odd = odd_sentences(gold, &chars);
        if odd.is_empty() || odd.count * 2 < odd.of || self.missing == Missing::Count && odd.count < odd.of {
            tally.odd_documents += 1;
            tally.odd_sentences += odd.count;
            if !odd.is_empty() {
                tally.first_odd.get_or_insert_with(|| format!("document {:?}: {:?}", gold.id, odd.first));
            }
            return Ok(SpanMap::Chars(chars));
        }
        Err(self.difference(gold, found))
    }

    fn difference(&self, gold: &Document, found: &Document) -> PairingError {
        let same = gold.text.chars().zip(found.text.chars()).take_while(|(a, b)| a == b).count();
        let around = |text: &str| -> String { text.chars().skip(same.saturating_sub(20)).take(40).collect() };
        PairingError::Text {
            input: self.system.name.to_owned(),
            id: gold.id.clone(),
            at: same,
            expected: around(&gold.text),
            found: around(&found.text),
        }
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

/// The sentences of the gold of which the prediction's text lacks a character.
struct Odd {
    count: u64,
    of: u64,
    /// The text of the first one.
    first: String,
}

impl Odd {
    fn is_empty(&self) -> bool {
        self.count == 0
    }
}

fn odd_sentences(gold: &Document, chars: &CharMap) -> Odd {
    const SHOWN: usize = 60;
    let sentences = gold.layout.as_ref().map_or_else(|| segment::sentences(&gold.text), Layout::sentences);
    let mut covered = vec![false; gold.text.len()];
    chars.covered().for_each(|span| covered[span.range()].fill(true));
    let mut odd = Odd { count: 0, of: sentences.len() as u64, first: String::new() };
    for sentence in &sentences {
        if sentence.iter().all(|word| covered[word.range()].iter().all(|&is_covered| is_covered)) {
            continue;
        }
        odd.count += 1;
        if odd.count == 1
            && let (Some(first), Some(last)) = (sentence.first(), sentence.last())
        {
            odd.first = gold.text[first.start()..last.end()].chars().take(SHOWN).collect();
        }
    }
    odd
}
