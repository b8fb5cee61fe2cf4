//! From the scores of words to mentions with probabilities.

mod lattice;
mod trim;

use ndarray::ArrayView2;

use lattice::Lattice;
use trim::trim;

use crate::label::TagSet;
use crate::text::segment::{Joint, Word};
use crate::text::{Mention, Span};

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
        assert_eq!(words.len(), logits.nrows(), "one row for each word");
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
