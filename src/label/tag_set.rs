//! The tags of a model.

use super::{LabelSet, Scheme, Tag, TagText};

/// Why a list of tags is not a [`TagSet`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TagError {
    /// A tag without a label.
    #[error("tag {index}: expected O, or a label with or without a prefix such as B-, found {found:?}")]
    NoLabel {
        /// Its index in the list, from 0.
        index: usize,
        /// The tag.
        found: String,
    },
    /// The same tag twice.
    #[error("tag {index}: expected every tag once, found {found:?} again")]
    Twice {
        /// The index of the second one, from 0.
        index: usize,
        /// The tag.
        found: String,
    },
    /// More labels than a [`LabelSet`] holds.
    #[error("tag {index}: expected at most 65,536 labels, found more")]
    TooMany {
        /// Its index in the list, from 0.
        index: usize,
    },
}

/// The tags that a model can assign, in the order of its classes.
///
/// ```
/// use allonym::label::{Scheme, TagSet};
///
/// let tags = TagSet::parse(&["O", "B-PER", "I-PER"])?;
/// assert_eq!((tags.scheme(), tags.outside()), (Scheme::Iob2, Some(0)));
/// # Ok::<(), allonym::label::TagError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagSet {
    scheme: Scheme,
    labels: LabelSet,
    tags: Vec<Tag>,
}

impl TagSet {
    /// Parses the tags of a model's `id2label`, in the order of its classes.
    ///
    /// The prefixes decide the scheme: with L or U it is BILOU, with E, S, W or M BIOES, with B IOB2 (or IOB1, if a label has an I but no
    /// B), otherwise IO. A full set of B and I could also be IOB1, which only the caller can know: see [`TagSet::with_scheme`].
    ///
    /// # Errors
    /// When a tag has no label or is repeated.
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
            // In IOB1 data a label without adjacent mentions has no B-; in IOB2 its mentions could not begin.
            let begins = |label| tags.contains(&Tag::Begin(label));
            let loose = tags.iter().any(|tag| matches!(tag, Tag::Inside(label) if !begins(*label)));
            if loose { Scheme::Iob1 } else { Scheme::Iob2 }
        } else {
            Scheme::Io
        };
        Ok(Self { scheme, labels, tags })
    }

    /// The same tags in another scheme.
    pub fn with_scheme(self, scheme: Scheme) -> Self {
        Self { scheme, ..self }
    }

    /// The scheme, which decides what tag may follow what.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The labels, in the order of their first tags.
    pub fn labels(&self) -> &LabelSet {
        &self.labels
    }

    /// The tags, in the order of the classes.
    pub fn tags(&self) -> &[Tag] {
        &self.tags
    }

    /// The number of tags.
    pub fn len(&self) -> usize {
        self.tags.len()
    }

    /// Whether there are no tags.
    pub fn is_empty(&self) -> bool {
        self.tags.is_empty()
    }

    /// The class of `O`; `None` if the model does not have it.
    pub fn outside(&self) -> Option<usize> {
        self.tags.iter().position(|&tag| tag == Tag::Outside)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn refuses_tags_without_label_and_repeated_ones() {
        assert_eq!(TagSet::parse(&["O", "B-"]), Err(TagError::NoLabel { index: 1, found: "B-".into() }));
        assert_eq!(TagSet::parse(&["O", "I-PER", "I-PER"]), Err(TagError::Twice { index: 2, found: "I-PER".into() }));
    }
}
