//! Which mentions does a row of tags spell?

use std::ops::Range;

use super::{LabelId, Scheme, Tag};

/// A mention as a range of tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenMention {
    /// The tokens, counted from the first one of the sentence.
    pub tokens: Range<usize>,
    /// The label.
    pub label: LabelId,
}

/// What [`mentions`] found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenMentions {
    /// The mentions in order; none overlaps another.
    pub mentions: Vec<TokenMention>,
    /// How many places of the sentence the scheme does not allow: each was read as conlleval reads it.
    pub repairs: usize,
}

/// Reads the mentions of one sentence.
///
/// Tags that the scheme does not allow are read as the CoNLL-2000 scorer `conlleval` does: a tag that cannot go on with the
/// mention before it begins one of its own. Each such place is counted.
pub fn mentions(scheme: Scheme, tags: &[Tag]) -> TokenMentions {
    let mut found = TokenMentions::default();
    let mut open: Option<TokenMention> = None;
    let mut prev = None;
    for (index, &tag) in tags.iter().enumerate() {
        let legal = prev.map_or_else(|| scheme.may_start(tag), |prev| scheme.may_follow(prev, tag));
        found.repairs += usize::from(!legal);
        prev = Some(tag);
        let goes_on = match (tag, &open) {
            (Tag::Inside(label) | Tag::End(label), Some(mention)) => mention.label == label,
            _ => false,
        };
        if !goes_on {
            found.mentions.extend(open.take());
            open = tag.label().map(|label| TokenMention { tokens: index..index, label });
        }
        if let Some(mention) = &mut open {
            mention.tokens.end = index + 1;
        }
        if matches!(tag, Tag::End(_) | Tag::Single(_)) {
            found.mentions.extend(open.take());
        }
    }
    found.repairs += usize::from(prev.is_some_and(|last| !scheme.may_end(last)));
    found.mentions.extend(open);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::{LabelSet, TagText};

    fn read(scheme: Scheme, sentence: &str) -> (String, usize) {
        let mut labels = LabelSet::new();
        let tags: Vec<Tag> = sentence
            .split_whitespace()
            .map(|text| TagText::parse(text).and_then(|text| text.tag(&mut labels)).expect("a tag"))
            .collect();
        let found = mentions(scheme, &tags);
        let list: Vec<String> = found
            .mentions
            .iter()
            .map(|mention| format!("{:?} {}", mention.tokens, labels.label(mention.label)))
            .collect();
        (list.join(", "), found.repairs)
    }

    #[test]
    fn reads_every_scheme() {
        let cases = [
            ("nothing", Scheme::Iob2, "O O", "", 0),
            ("no tokens", Scheme::Bioes, "", "", 0),
            ("IO", Scheme::Io, "PER PER O LOC", "0..2 PER, 3..4 LOC", 0),
            ("IOB1", Scheme::Iob1, "I-PER I-PER B-PER I-LOC", "0..2 PER, 2..3 PER, 3..4 LOC", 0),
            ("IOB2", Scheme::Iob2, "B-PER I-PER B-PER O B-LOC", "0..2 PER, 2..3 PER, 4..5 LOC", 0),
            ("BIOES", Scheme::Bioes, "B-PER I-PER E-PER S-LOC S-LOC", "0..3 PER, 3..4 LOC, 4..5 LOC", 0),
            ("BILOU", Scheme::Bilou, "U-PER B-LOC L-LOC O", "0..1 PER, 1..3 LOC", 0),
            ("an I- of its own", Scheme::Iob2, "O I-PER I-PER", "1..3 PER", 1),
            ("another label", Scheme::Iob2, "B-PER I-LOC", "0..1 PER, 1..2 LOC", 1),
            ("never closed", Scheme::Bioes, "B-PER I-PER O", "0..2 PER", 1),
            ("never closed at the end", Scheme::Bioes, "B-PER", "0..1 PER", 1),
            ("never opened", Scheme::Bioes, "O E-PER", "1..2 PER", 1),
            ("B- where IOB1 has I-", Scheme::Iob1, "O B-PER I-PER", "1..3 PER", 1),
        ];
        for (name, scheme, sentence, want, repairs) in cases {
            assert_eq!(read(scheme, sentence), (want.to_owned(), repairs), "{name}");
        }
    }
}
