//! From mentions to the IOB2 tags of tokens.

use super::{LabelId, Tag};
use crate::text::Span;

/// The IOB2 tags of a document, and what they cannot express of its mentions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tagging {
    /// One tag for each token, sentence by sentence.
    pub tags: Vec<Vec<Tag>>,
    /// The number of mentions that begin or end inside a token; they were widened to whole tokens.
    pub widened: usize,
    /// The number of mentions that go on in the next sentence; they were split at its start.
    pub split: usize,
    /// The indices of the mentions without tags because they share a token with an earlier one (or a longer one of the same start).
    pub overlapping: Vec<usize>,
    /// The indices of the mentions without tags because they touch no token.
    pub outside: Vec<usize>,
}

/// The IOB2 tags of the tokens of a document. Tokens are given sentence by sentence, in the order of the text; mentions in any order.
///
/// ```
/// use allonym::label::{LabelId, Tag, tag_tokens};
/// use allonym::text::Span;
///
/// // "Ann Lee left"
/// let tokens = [vec![Span::new(0, 3), Span::new(4, 7), Span::new(8, 12)]];
/// let person = LabelId(0);
/// let tagging = tag_tokens(&tokens, &[(Span::new(0, 7), person)]);
/// assert_eq!(tagging.tags, [[Tag::Begin(person), Tag::Inside(person), Tag::Outside]]);
/// ```
pub fn tag_tokens(sentences: &[Vec<Span>], mentions: &[(Span, LabelId)]) -> Tagging {
    let mut result =
        Tagging { tags: sentences.iter().map(|words| vec![Tag::Outside; words.len()]).collect(), ..Tagging::default() };
    let tokens: Vec<(usize, usize, Span)> = sentences
        .iter()
        .enumerate()
        .flat_map(|(sentence, words)| words.iter().enumerate().map(move |(word, &span)| (sentence, word, span)))
        .collect();
    let mut order: Vec<usize> = (0..mentions.len()).collect();
    order.sort_by_key(|&index| (mentions[index].0.start(), std::cmp::Reverse(mentions[index].0.end()), index));
    let mut free = 0;
    for index in order {
        let (span, label) = mentions[index];
        let first = tokens.partition_point(|token| token.2.end() <= span.start());
        let touched = tokens[first..].iter().take_while(|token| token.2.overlaps(span)).count();
        if touched == 0 {
            result.outside.push(index);
            continue;
        }
        if first < free {
            result.overlapping.push(index);
            continue;
        }
        free = first + touched;
        let touched = &tokens[first..free];
        let whole = touched[0].2.start() >= span.start() && touched[touched.len() - 1].2.end() <= span.end();
        result.widened += usize::from(!whole);
        result.split += usize::from(touched[0].0 != touched[touched.len() - 1].0);
        let mut last_sentence = None;
        for &(sentence, word, _) in touched {
            let goes_on = last_sentence.replace(sentence) == Some(sentence);
            result.tags[sentence][word] = if goes_on { Tag::Inside(label) } else { Tag::Begin(label) };
        }
    }
    result.overlapping.sort_unstable();
    result.outside.sort_unstable();
    result
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::label::{Repair, Scheme, mentions};

    const PER: LabelId = LabelId(0);
    const LOC: LabelId = LabelId(1);

    fn spans(pairs: &[(usize, usize)]) -> Vec<Span> {
        pairs.iter().map(|&(start, end)| Span::new(start, end)).collect()
    }

    #[test]
    fn reports_what_tags_cannot_express() {
        // "Ann Lee\nof Bonn" and a trailing blank
        let sentences = [spans(&[(0, 3), (4, 7)]), spans(&[(8, 10), (11, 15)])];
        let list = [
            (Span::new(0, 7), PER),
            (Span::new(4, 7), PER),
            (Span::new(7, 8), LOC),
            (Span::new(8, 9), LOC),
            (Span::new(11, 16), LOC),
        ];
        let got = tag_tokens(&sentences, &list);
        let want = [vec![Tag::Begin(PER), Tag::Inside(PER)], vec![Tag::Begin(LOC), Tag::Begin(LOC)]];
        assert_eq!(got.tags, want);
        assert_eq!((got.widened, got.split), (1, 0));
        assert_eq!((got.overlapping, got.outside), (vec![1], vec![2]));
    }

    #[test]
    fn a_mention_over_two_sentences_begins_in_both() {
        let sentences = [spans(&[(0, 3)]), spans(&[(4, 7), (8, 9)])];
        let got = tag_tokens(&sentences, &[(Span::new(0, 9), PER)]);
        assert_eq!(got.tags, [vec![Tag::Begin(PER)], vec![Tag::Begin(PER), Tag::Inside(PER)]]);
        assert_eq!(got.split, 1);
    }

    proptest! {
        #[test]
        fn tags_and_mentions_say_the_same(lens in prop::collection::vec((1usize..4, any::<bool>(), 0u16..3), 0..20)) {
            let (mut words, mut want, mut token) = (Vec::new(), Vec::new(), 0);
            for (len, named, label) in lens {
                if named {
                    want.push((token..token + len, LabelId(label)));
                }
                token += len;
            }
            words.extend((0..token).map(|index| Span::new(index * 5, index * 5 + 4)));
            let list: Vec<_> =
                want.iter().map(|(tokens, label)| (Span::new(tokens.start * 5, tokens.end * 5 - 1), *label)).collect();
            let tagging = tag_tokens(&[words], &list);
            let got = mentions(Scheme::Iob2, &tagging.tags[0], Repair::Error);
            prop_assert_eq!(got.repairs, 0);
            prop_assert_eq!(tagging.widened, 0);
            let got: Vec<_> = got.mentions.into_iter().map(|mention| (mention.tokens, mention.label)).collect();
            prop_assert_eq!(got, want);
        }
    }
}
