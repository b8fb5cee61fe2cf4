//! From scores to mentions: the best legal path, its probabilities, clean edges.

mod lattice;
mod trim;

use ndarray::ArrayView2;

pub use lattice::{Lattice, Scored};
pub use trim::trim;

use crate::label::TagSet;
use crate::text::segment::{Joint, Word};
use crate::text::{Mention, Span};

/// Reads mentions off the scores of a document's words.
#[derive(Clone, Debug)]
pub struct Decoder {
    lattice: Lattice,
    tag_set: TagSet,
}

impl Decoder {
    /// A decoder for the tags of one head; logits are divided by `temperature` before they are read as probabilities.
    ///
    /// # Panics
    /// As [`Lattice::new`].
    pub fn new(tag_set: TagSet, temperature: f32) -> Self {
        Self { lattice: Lattice::new(&tag_set, temperature), tag_set }
    }

    /// The labels and the scheme that it reads by.
    pub fn tag_set(&self) -> &TagSet {
        &self.tag_set
    }

    /// The mentions of a document in order; `logits` is `[n_words, n_tags]`. No mention reaches from one line into the next.
    ///
    /// # Panics
    /// When `logits` does not have a row a word and a column a tag.
    pub fn mentions(&self, text: &str, words: &[Word], logits: ArrayView2<'_, f32>) -> Vec<Mention> {
        assert_eq!(words.len(), logits.nrows(), "one row a word");
        let mut mentions = Vec::new();
        let mut start = 0;
        while start < words.len() {
            let opens_line = |word: &Word| word.joint == Joint::Line;
            let end = words[start + 1..].iter().position(opens_line).map_or(words.len(), |at| start + 1 + at);
            for found in self.lattice.decode(logits.slice(ndarray::s![start..end, ..])) {
                let kept = trim(text, words, start + found.words.start..start + found.words.end);
                let span = Span::new(words[kept.start].span.start(), words[kept.end - 1].span.end());
                let label = self.tag_set.labels().label(found.label).clone();
                mentions.push(Mention { score: Some(found.score), ..Mention::new(span, label) });
            }
            start = end;
        }
        mentions
    }
}
