//! The tags of tokens, such as `B-PER`.

use super::{LabelId, LabelSet};

/// The role of one token in a mention, whatever letter the scheme has for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tag {
    /// Not part of a mention.
    Outside,
    /// The first token of a mention (`B-`).
    Begin(LabelId),
    /// A further token of a mention (`I-`, `M-`, or a label without prefix).
    Inside(LabelId),
    /// The last token of a mention of two or more (`E-`, `L-`).
    End(LabelId),
    /// The only token of a mention (`S-`, `U-`, `W-`).
    Single(LabelId),
}

impl Tag {
    /// The label; `None` for [`Tag::Outside`].
    pub fn label(self) -> Option<LabelId> {
        match self {
            Self::Outside => None,
            Self::Begin(id) | Self::Inside(id) | Self::End(id) | Self::Single(id) => Some(id),
        }
    }
}

/// A tag as it is written, split into prefix and label at the first hyphen.
///
/// A label may have hyphens of its own (`B-product-weapon`), and a tag may have no prefix (`PER`; `art-film`, where the part before the
/// hyphen is not one of the prefixes). A prefix alone (`B`, `I`) has a nameless label, which is called `_` as in seqeval.
///
/// ```
/// use allonym::label::TagText;
///
/// assert_eq!(TagText::parse("B-PER"), Some(TagText::Prefixed('B', "PER")));
/// assert_eq!(TagText::parse("O"), Some(TagText::Outside));
/// assert_eq!(TagText::parse("B-"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagText<'s> {
    /// `O`.
    Outside,
    /// One of the letters B, I, M, E, L, S, U and W, a hyphen, and a label.
    Prefixed(char, &'s str),
    /// A label alone.
    Bare(&'s str),
}

/// The label of tags that are only a prefix.
const NAMELESS: &str = "_";

impl<'s> TagText<'s> {
    /// Splits a tag; `None` if it has no label (`""`, `B-`).
    pub fn parse(text: &'s str) -> Option<Self> {
        if text == "O" {
            return Some(Self::Outside);
        }
        let (prefix, label) = text.split_once('-').unwrap_or((text, NAMELESS));
        if let "B" | "I" | "M" | "E" | "L" | "S" | "U" | "W" = prefix {
            let prefix = prefix.chars().next().expect("the prefix is one letter");
            return (!label.is_empty()).then_some(Self::Prefixed(prefix, label));
        }
        (!text.is_empty()).then_some(Self::Bare(text))
    }

    /// The tag. Its label is added to `labels` if it is new; `None` if `labels` is full.
    pub fn tag(self, labels: &mut LabelSet) -> Option<Tag> {
        Some(match self {
            Self::Outside => Tag::Outside,
            Self::Bare(label) => Tag::Inside(labels.add(label)?),
            Self::Prefixed(prefix, label) => {
                let id = labels.add(label)?;
                match prefix {
                    'B' => Tag::Begin(id),
                    'E' | 'L' => Tag::End(id),
                    'S' | 'U' | 'W' => Tag::Single(id),
                    _ => Tag::Inside(id),
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_tags_apart_at_the_first_hyphen() {
        let cases = [
            ("O", Some(TagText::Outside)),
            ("B-PER", Some(TagText::Prefixed('B', "PER"))),
            ("I-product-weapon", Some(TagText::Prefixed('I', "product-weapon"))),
            ("PER", Some(TagText::Bare("PER"))),
            ("art-film", Some(TagText::Bare("art-film"))),
            ("B-", None),
            ("", None),
        ];
        for (text, want) in cases {
            assert_eq!(TagText::parse(text), want, "{text:?}");
        }
    }
}
