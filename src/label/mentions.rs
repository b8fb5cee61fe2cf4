//! From the tags of tokens to mentions.

use std::fmt;
use std::ops::Range;

use super::{LabelId, Scheme, Tag};

/// What to do with a tag that the scheme does not allow at its place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Repair {
    /// It begins a mention of its own: the rule of the CoNLL-2000 scorer `conlleval`, of seqeval's default mode and of seqscore's
    /// `conlleval` repair.
    #[default]
    Begin,
    /// It is read as `O`, and in BIOES and BILOU a mention that is not closed does not count: the rule of seqeval's strict mode and of
    /// seqscore's `discard` repair.
    Discard,
    /// It is an error.
    Error,
}

impl fmt::Display for Repair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Begin => "begin",
            Self::Discard => "discard",
            Self::Error => "error",
        })
    }
}

/// A mention as a range of tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenMention {
    /// The tokens, as indices in the sentence.
    pub tokens: Range<usize>,
    /// What the tokens name.
    pub label: LabelId,
}

/// The mentions of a sentence, and the places where it breaks the scheme.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenMentions {
    /// The mentions, in order and without overlaps.
    pub mentions: Vec<TokenMention>,
    /// The number of places that the scheme does not allow.
    pub repairs: usize,
    /// The token at the first such place; the last token if the sentence may not end with its tag.
    pub first_repair: Option<usize>,
}

/// The mentions of one sentence.
///
/// Every place that the scheme does not allow is counted and repaired. [`Repair::Error`] repairs as [`Repair::Begin`] does; to refuse the
/// sentence is up to the caller.
///
/// ```
/// use allonym::label::{LabelSet, Repair, Scheme, TagText, mentions};
///
/// let mut labels = LabelSet::new();
/// let tags = ["B-PER", "I-PER", "O", "I-LOC"].map(|tag| TagText::parse(tag).unwrap().tag(&mut labels).unwrap());
/// let found = mentions(Scheme::Iob2, &tags, Repair::Begin);
/// let tokens: Vec<_> = found.mentions.iter().map(|mention| mention.tokens.clone()).collect();
/// assert_eq!(tokens, [0..2, 3..4]);
/// assert_eq!((found.repairs, found.first_repair), (1, Some(3)), "I-LOC begins a mention");
/// ```
pub fn mentions(scheme: Scheme, tags: &[Tag], repair: Repair) -> TokenMentions {
    let mut found = TokenMentions {
        mentions: match repair {
            Repair::Begin | Repair::Error => begun(tags),
            Repair::Discard => legal(scheme, tags),
        },
        ..TokenMentions::default()
    };
    let mut prev = Tag::Outside;
    for (index, &tag) in tags.iter().enumerate() {
        if !scheme.may_follow(prev, tag) {
            found.repairs += 1;
            found.first_repair.get_or_insert(index);
        }
        prev = tag;
    }
    if !scheme.may_end(prev) {
        found.repairs += 1;
        found.first_repair.get_or_insert(tags.len().saturating_sub(1));
    }
    found
}

/// The mentions as conlleval reads them.
fn begun(tags: &[Tag]) -> Vec<TokenMention> {
    let mut mentions = Vec::new();
    let mut open: Option<TokenMention> = None;
    for (index, &tag) in tags.iter().enumerate() {
        let goes_on = match (tag, &open) {
            (Tag::Inside(label) | Tag::End(label), Some(mention)) => mention.label == label,
            _ => false,
        };
        if !goes_on {
            mentions.extend(open.take());
            open = tag.label().map(|label| TokenMention { tokens: index..index, label });
        }
        if let Some(mention) = &mut open {
            mention.tokens.end = index + 1;
        }
        if matches!(tag, Tag::End(_) | Tag::Single(_)) {
            mentions.extend(open.take());
        }
    }
    mentions.extend(open);
    mentions
}

/// Only the mentions that the scheme allows.
fn legal(scheme: Scheme, tags: &[Tag]) -> Vec<TokenMention> {
    let closes = matches!(scheme, Scheme::Bioes | Scheme::Bilou);
    let mut mentions = Vec::new();
    let mut open: Option<TokenMention> = None;
    // The previous tag, repaired.
    let mut prev = Tag::Outside;
    for (index, &tag) in tags.iter().enumerate() {
        // Where mentions must be closed, one that goes on wrongly does not count, whatever follows.
        let fits = match tag {
            Tag::Begin(_) | Tag::Single(_) if closes => true,
            _ => scheme.may_follow(prev, tag),
        };
        let tag = if fits { tag } else { Tag::Outside };
        let goes_on = match (tag, &open) {
            (Tag::Inside(label) | Tag::End(label), Some(mention)) => mention.label == label,
            _ => false,
        };
        if !goes_on {
            mentions.extend(open.take().filter(|_| !closes));
            open = tag.label().map(|label| TokenMention { tokens: index..index, label });
        }
        if let Some(mention) = &mut open {
            mention.tokens.end = index + 1;
        }
        if matches!(tag, Tag::End(_) | Tag::Single(_)) {
            mentions.extend(open.take());
        }
        prev = tag;
    }
    mentions.extend(open.filter(|_| !closes));
    mentions
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::{LabelSet, TagText};

    fn read(scheme: Scheme, sentence: &str, repair: Repair) -> (String, usize) {
        let mut labels = LabelSet::new();
        let tags: Vec<Tag> = sentence
            .split_whitespace()
            .map(|text| TagText::parse(text).and_then(|text| text.tag(&mut labels)).expect("a tag"))
            .collect();
        let found = mentions(scheme, &tags, repair);
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
            assert_eq!(read(scheme, sentence, Repair::Begin), (want.to_owned(), repairs), "{name}");
        }
    }

    #[test]
    fn discards_what_the_scheme_forbids() {
        let cases = [
            ("an I- of its own", Scheme::Iob2, "O I-PER I-PER", "", 1),
            ("it cascades", Scheme::Iob2, "B-ORG I-PER I-PER", "0..1 ORG", 1),
            ("back to the first label", Scheme::Iob2, "B-PER I-LOC I-PER", "0..1 PER", 2),
            ("IOB1 read as IOB2", Scheme::Iob2, "I-PER I-PER O I-LOC", "", 2),
            ("nothing to discard", Scheme::Iob1, "I-PER B-PER O I-LOC", "0..1 PER, 1..2 PER, 3..4 LOC", 0),
            ("B- where IOB1 has I-", Scheme::Iob1, "O B-PER I-PER", "2..3 PER", 1),
            ("never closed", Scheme::Bioes, "B-PER I-PER S-PER", "2..3 PER", 1),
            ("never closed at the end", Scheme::Bilou, "U-LOC B-PER I-PER", "0..1 LOC", 1),
            ("never opened", Scheme::Bioes, "O I-PER E-PER S-LOC", "3..4 LOC", 1),
            ("opened again", Scheme::Bioes, "B-PER B-PER E-PER", "1..3 PER", 1),
            ("another label", Scheme::Bioes, "B-PER I-LOC E-PER", "", 2),
        ];
        for (name, scheme, sentence, want, repairs) in cases {
            let got = read(scheme, sentence, Repair::Discard);
            assert_eq!(got, (want.to_owned(), repairs), "{name}");
        }
    }
}
