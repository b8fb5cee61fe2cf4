//! What does a tag such as `B-PER` say?

use super::{LabelId, LabelSet, Scheme};

/// What one token is to the mention that it may belong to, whatever the scheme calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tag {
    /// Not part of a mention.
    Outside,
    /// The first token of a mention (`B-`).
    Begin(LabelId),
    /// A token of a mention (`I-`, `M-`, or a tag without prefix).
    Inside(LabelId),
    /// The last token of a mention of two or more (`E-`, `L-`).
    End(LabelId),
    /// The only token of a mention (`S-`, `U-`, `W-`).
    Single(LabelId),
}

impl Tag {
    /// The label, where the tag has one.
    pub fn label(self) -> Option<LabelId> {
        match self {
            Self::Outside => None,
            Self::Begin(id) | Self::Inside(id) | Self::End(id) | Self::Single(id) => Some(id),
        }
    }
}

/// A tag as it is written: its prefix and its label, apart at the first hyphen.
///
/// A label may hold hyphens of its own (`B-product-weapon`), and a tag may have no prefix (`PER`, or `art-film`, where what
/// stands before the hyphen is none of the prefixes). A prefix alone (`B`, `I`) stands for a nameless label, which is called `_` as in
/// seqeval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagText<'s> {
    /// `O`.
    Outside,
    /// One of the letters B, I, M, E, L, S, U and W, then a hyphen, then a label.
    Prefixed(char, &'s str),
    /// A label alone.
    Bare(&'s str),
}

/// The label of tags that are only a prefix.
const NAMELESS: &str = "_";

impl<'s> TagText<'s> {
    /// Takes a tag apart; `None` where there is no label (`""`, `B-`).
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

    /// The tag, with its label's id from `labels`, which gains the label where it is new; `None` when `labels` is full.
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

/// A list of tags that is no tag set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TagError {
    /// A tag without a label.
    #[error("tag {index}: expected O, or a label with or without a prefix such as B-, found {found:?}")]
    NoLabel {
        /// The tag's place in the list.
        index: usize,
        /// The tag.
        found: String,
    },
    /// The same tag twice.
    #[error("tag {index}: expected every tag once, found {found:?} again")]
    Twice {
        /// The second one's place in the list.
        index: usize,
        /// The tag.
        found: String,
    },
    /// More labels than a label set holds.
    #[error("tag {index}: expected at most 65,536 labels, found more")]
    TooMany {
        /// The tag's place in the list.
        index: usize,
    },
}

/// The tags that a model can give, in the order of its classes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagSet {
    scheme: Scheme,
    labels: LabelSet,
    tags: Vec<Tag>,
}

impl TagSet {
    /// Reads the tags of a model's `id2label`, in the order of its classes.
    ///
    /// The scheme follows from the prefixes: E or S says BIOES, L or U says BILOU, B says IOB2, or IOB1 where a label has an I
    /// but no B, anything else IO. A full set of B and I could be IOB1 too; who knows that says so with
    /// [`TagSet::with_scheme`].
    ///
    /// # Errors
    /// When a tag has no label or stands there twice.
    pub fn parse<S: AsRef<str>>(names: &[S]) -> Result<Self, TagError> {
        let mut labels = LabelSet::new();
        let mut tags = Vec::with_capacity(names.len());
        let mut prefixes = Vec::new();
        for (index, name) in names.iter().enumerate() {
            let name = name.as_ref();
            let no_label = || TagError::NoLabel { index, found: name.to_owned() };
            let text = TagText::parse(name).ok_or_else(no_label)?;
            if let TagText::Prefixed(prefix, _) = text {
                prefixes.push(prefix);
            }
            let tag = text.tag(&mut labels).ok_or(TagError::TooMany { index })?;
            if tags.contains(&tag) {
                return Err(TagError::Twice { index, found: name.to_owned() });
            }
            tags.push(tag);
        }
        let any = |wanted: &[char]| prefixes.iter().any(|prefix| wanted.contains(prefix));
        let scheme = if any(&['L', 'U']) {
            Scheme::Bilou
        } else if any(&['E', 'S', 'W', 'M']) {
            Scheme::Bioes
        } else if any(&['B']) {
            // In IOB1 data some labels never have two neighbours, so their B- never occurs; IOB2 could not begin them.
            let begins = |label| tags.contains(&Tag::Begin(label));
            let loose = tags.iter().any(|tag| matches!(tag, Tag::Inside(label) if !begins(*label)));
            if loose { Scheme::Iob1 } else { Scheme::Iob2 }
        } else {
            Scheme::Io
        };
        Ok(Self { scheme, labels, tags })
    }

    /// The same tags, read by another scheme.
    pub fn with_scheme(self, scheme: Scheme) -> Self {
        Self { scheme, ..self }
    }

    /// The scheme that says which tag may follow which.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The labels, in the order in which the tags name them first.
    pub fn labels(&self) -> &LabelSet {
        &self.labels
    }

    /// The tags, in the order of the classes.
    pub fn tags(&self) -> &[Tag] {
        &self.tags
    }

    /// How many tags there are.
    pub fn len(&self) -> usize {
        self.tags.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.tags.is_empty()
    }

    /// The class of `O`, where there is one.
    pub fn outside(&self) -> Option<usize> {
        self.tags.iter().position(|&tag| tag == Tag::Outside)
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

    #[test]
    fn the_prefixes_tell_the_scheme_of_a_model() {
        let cases: [(&[&str], Scheme); 6] = [
            (&["O", "B-PER", "I-PER"], Scheme::Iob2),
            (&["O", "B-LOC", "I-LOC", "I-PER"], Scheme::Iob1),
            (&["O", "I-PER", "I-LOC"], Scheme::Io),
            (&["O", "PER", "LOC"], Scheme::Io),
            (&["O", "B-PER", "I-PER", "E-PER", "S-PER"], Scheme::Bioes),
            (&["O", "B-PER", "I-PER", "L-PER", "U-PER"], Scheme::Bilou),
        ];
        for (names, want) in cases {
            let tags = TagSet::parse(names).expect("the tags are sound");
            assert_eq!(tags.scheme(), want, "{names:?}");
            assert_eq!(tags.outside(), Some(0));
        }
    }

    #[test]
    fn refuses_tags_that_say_nothing_or_say_it_twice() {
        assert_eq!(TagSet::parse(&["O", "B-"]), Err(TagError::NoLabel { index: 1, found: "B-".into() }));
        assert_eq!(TagSet::parse(&["O", "I-PER", "I-PER"]), Err(TagError::Twice { index: 2, found: "I-PER".into() }));
    }
}
