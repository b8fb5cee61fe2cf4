//! From the scores of words to mentions with probabilities.

mod lattice;
mod limit;
mod trim;

use std::ops::Range;

use ndarray::{ArrayView2, ArrayViewMut2};

use lattice::{Lattice, Scored};
pub(crate) use limit::Limit;
use trim::trim;

use crate::label::{LabelId, TagSet};
use crate::text::segment::{Joint, Word};
use crate::text::{Label, Mention, Span};

/// Decodes the scores of words: finds the mentions, and the probability of each.
///
/// ```
/// use allonym::decode::Decoder;
/// use allonym::label::TagSet;
/// use allonym::text::segment::words_of_text;
///
/// let decoder = Decoder::new(TagSet::parse(&["O", "B-LOC", "I-LOC"])?, 1.0);
/// let text = "Rain in Beirut";
/// let logits = ndarray::array![[9.0, 0.0, 0.0], [9.0, 0.0, 0.0], [0.0, 9.0, 0.0]];
/// let mentions = decoder.mentions(text, &words_of_text(text), logits.view());
/// assert_eq!(mentions[0].span.slice(text), Some("Beirut"));
/// assert!(mentions[0].score > Some(0.99));
/// # Ok::<(), allonym::label::TagError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Decoder {
    lattice: Lattice,
    tag_set: TagSet,
}

impl Decoder {
    /// A decoder for the tags of one head. Logits are divided by `temperature`, which calibrates the probabilities.
    ///
    /// # Panics
    /// When the tag set is empty or the temperature is not positive.
    pub fn new(tag_set: TagSet, temperature: f32) -> Self {
        Self { lattice: Lattice::new(&tag_set, temperature), tag_set }
    }

    /// The tags, with their labels and scheme.
    pub fn tag_set(&self) -> &TagSet {
        &self.tag_set
    }

    /// The mentions of a document, in order; `logits` is `[n_words, n_tags]`. No mention reaches from one line into the next.
    ///
    /// # Panics
    /// When `logits` does not have a row for each word and a column for each tag.
    pub fn mentions(&self, text: &str, words: &[Word], logits: ArrayView2<'_, f32>) -> Vec<Mention> {
        self.decode(text, words, logits).into_iter().map(|found| self.mention(words, &found)).collect()
    }

    /// As [`mentions`](Self::mentions), as words.
    pub(crate) fn decode(&self, text: &str, words: &[Word], logits: ArrayView2<'_, f32>) -> Vec<Decoded> {
        assert_eq!(words.len(), logits.nrows(), "one row for each word");
        let mut all = Vec::new();
        for line in lines(words) {
            for Scored { words: of_line, label, score } in
                self.lattice.decode(logits.slice(ndarray::s![line.clone(), ..]))
            {
                let path = line.start + of_line.start..line.start + of_line.end;
                all.push(Decoded { words: trim(text, words, path.clone()), path, label, score });
            }
        }
        all
    }

    /// A decoded mention as one of the document.
    pub(crate) fn mention(&self, words: &[Word], found: &Decoded) -> Mention {
        let Range { start, end } = found.words;
        let span = Span::new(words[start].span.start(), words[end - 1].span.end());
        Mention { score: Some(found.score), ..Mention::new(span, self.label(found.label).clone()) }
    }

    /// A label by its number.
    pub(crate) fn label(&self, label: LabelId) -> &Label {
        self.tag_set.labels().label(label)
    }

    /// Takes the tags off some words that limits forbid; `logits` is `[n_words, n_tags]`, and limits are in the order of their words.
    pub(crate) fn limit(&self, logits: &mut ArrayViewMut2<'_, f32>, limits: &[(usize, Limit)]) {
        let temperature = self.lattice.temperature();
        for &(word, of_word) in limits {
            limit::limit(&self.tag_set, temperature, logits.row_mut(word), of_word);
        }
        let is_limited = |word: usize| limits.binary_search_by_key(&word, |(limited, _)| *limited).is_ok();
        for &(word, _) in limits.iter().filter(|(_, of_word)| *of_word == Limit::Outside) {
            if word + 1 < logits.nrows() && !is_limited(word + 1) {
                limit::begin(&self.tag_set, temperature, logits.row_mut(word + 1));
            }
        }
    }

    /// Gives some mentions the probabilities that they have with the labels that they have now. They are in the order of their words.
    pub(crate) fn score_again(&self, words: &[Word], logits: ArrayView2<'_, f32>, mentions: &mut [&mut Decoded]) {
        let mut rest = mentions;
        for line in lines(words) {
            let n = rest.iter().take_while(|mention| mention.path.start < line.end).count();
            let (of_line, after) = rest.split_at_mut(n);
            rest = after;
            if of_line.is_empty() {
                continue;
            }
            let wanted = of_line
                .iter()
                .map(|mention| (mention.path.start - line.start..mention.path.end - line.start, mention.label));
            let scores = self.lattice.probabilities(logits.slice(ndarray::s![line.clone(), ..]), wanted);
            for (mention, score) in of_line.iter_mut().zip(scores) {
                mention.score = score;
            }
        }
    }
}

/// A mention as words of its document.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Decoded {
    /// The words of the path, which the score is of.
    path: Range<usize>,
    /// Those without stray punctuation.
    pub(crate) words: Range<usize>,
    pub(crate) label: LabelId,
    /// The probability, from 0 to 1.
    pub(crate) score: f32,
}

#[cfg(test)]
impl Decoded {
    pub(crate) fn new(words: Range<usize>, label: LabelId, score: f32) -> Self {
        Self { path: words.clone(), words, label, score }
    }
}

/// The lines, as ranges of words.
fn lines(words: &[Word]) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let opens_line = |word: &Word| word.joint == Joint::Line;
        let rest = words.get(start + 1..)?;
        let end = rest.iter().position(opens_line).map_or(words.len(), |at| start + 1 + at);
        Some(std::mem::replace(&mut start, end)..end)
    })
}
