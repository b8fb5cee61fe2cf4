//! How much of what people marked would be replaced.

use std::collections::BTreeMap;

use super::spans::Replaced;
use crate::text::Span;

/// How much of the mentions that people marked is replaced: recall.
///
/// ```
/// use allonym::redact::{Coverage, Replaced};
/// use allonym::Span;
///
/// let mut coverage = Coverage::default();
/// let gold = [Span::new(0, 11), Span::new(17, 22)];
/// coverage.add("Maria Lopez told Jones.", &gold, &[Replaced { span: Span::new(0, 11), entry: 0 }]);
/// assert_eq!((coverage.mentions, coverage.words), ((1, 2), (2, 3)));
/// assert_eq!(coverage.missed["Jones"], 1);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Coverage {
    /// The mentions whose every letter and digit is replaced, and all mentions.
    pub mentions: (u64, u64),
    /// The words of mentions whose every letter and digit is replaced, and all words of mentions.
    pub words: (u64, u64),
    /// The words that are replaced, or partly, and in no mention.
    pub others: u64,
    /// The mentions of which something is left, and how often.
    pub missed: BTreeMap<String, u64>,
}

impl Coverage {
    /// Takes in a document: what people marked in it, and what is replaced.
    pub fn add(&mut self, text: &str, gold: &[Span], replaced: &[Replaced]) {
        let covers = |at: usize| {
            let before = replaced.partition_point(|replaced| replaced.span.end() <= at);
            replaced.get(before).is_some_and(|replaced| replaced.span.start() <= at)
        };
        let is_gone = |span: Span| {
            let mut letters = text[span.range()].char_indices().filter(|(_, c)| c.is_alphanumeric());
            letters.all(|(at, _)| covers(span.start() + at))
        };
        for &span in gold {
            let gone = is_gone(span);
            self.mentions.0 += u64::from(gone);
            self.mentions.1 += 1;
            for word in words(text, span) {
                self.words.0 += u64::from(is_gone(word));
                self.words.1 += 1;
            }
            if !gone {
                *self.missed.entry(text[span.range()].to_owned()).or_default() += 1;
            }
        }
        let mut marked: Vec<Span> = gold.to_vec();
        marked.sort();
        for replaced in replaced {
            let outside = |word: &Span| {
                let next = marked.partition_point(|gold| gold.end() <= word.start());
                marked.get(next).is_none_or(|gold| !gold.overlaps(*word))
            };
            self.others += words(text, replaced.span).filter(outside).count() as u64;
        }
    }
}

/// The words of a stretch of text that have letters or digits.
fn words(text: &str, span: Span) -> impl Iterator<Item = Span> {
    let part = &text[span.range()];
    part.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).map(move |word| {
        let start = span.start() + (word.as_ptr() as usize - part.as_ptr() as usize);
        Span::new(start, start + word.len())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_count_and_marks_do_not() {
        let text = "Dr. J. Doe, Ann Lee-Smith and Bob";
        let gold = [Span::new(4, 10), Span::new(12, 25)];
        let replaced = [(4, 5), (7, 10), (12, 19), (30, 33)]
            .map(|(start, end)| Replaced { span: Span::new(start, end), entry: 0 });
        let mut coverage = Coverage::default();
        coverage.add(text, &gold, &replaced);
        assert_eq!((coverage.mentions, coverage.words, coverage.others), ((1, 2), (3, 4), 1));
        assert_eq!(coverage.missed, BTreeMap::from([("Ann Lee-Smith".to_owned(), 1)]));
    }
}
