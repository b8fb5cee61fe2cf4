//! The tagging schemes, and which tag may follow which.

use std::fmt;
use std::str::FromStr;

use super::Tag;

/// A way to spell mentions with one tag for each token.
///
/// IOB1 is the scheme of CoNLL-2003 (Tjong Kim Sang and De Meulder 2003), IOB2 that of Ratnaparkhi 1998. BIOES (also called IOBES)
/// and BILOU (Ratinov and Roth 2009) mark the last token and the only token as well.
///
/// ```
/// use allonym::label::Scheme;
///
/// assert_eq!("bio".parse(), Ok(Scheme::Iob2));
/// assert_eq!(Scheme::Bioes.to_string(), "BIOES");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// Every token of a mention has the same tag, so adjacent mentions of one label cannot be told apart.
    Io,
    /// `I-` throughout; `B-` only to separate a mention from one of the same label right before it.
    Iob1,
    /// `B-` for the first token of every mention.
    Iob2,
    /// `B-` first, `I-` between, `E-` last, `S-` alone.
    Bioes,
    /// `B-` first, `I-` between, `L-` last, `U-` alone.
    Bilou,
}

impl Scheme {
    /// Whether a sentence may start with this tag.
    pub fn may_start(self, tag: Tag) -> bool {
        self.may_follow(Tag::Outside, tag)
    }

    /// Whether `next` may come right after `prev` in a sentence.
    pub fn may_follow(self, prev: Tag, next: Tag) -> bool {
        let same = prev.label() == next.label();
        match self {
            Self::Io => matches!(next, Tag::Outside | Tag::Inside(_)),
            Self::Iob1 => match next {
                Tag::Outside | Tag::Inside(_) => true,
                Tag::Begin(_) => same,
                Tag::End(_) | Tag::Single(_) => false,
            },
            Self::Iob2 => match next {
                Tag::Outside | Tag::Begin(_) => true,
                Tag::Inside(_) => same && matches!(prev, Tag::Begin(_) | Tag::Inside(_)),
                Tag::End(_) | Tag::Single(_) => false,
            },
            Self::Bioes | Self::Bilou => {
                let open = matches!(prev, Tag::Begin(_) | Tag::Inside(_));
                match next {
                    Tag::Outside | Tag::Begin(_) | Tag::Single(_) => !open,
                    Tag::Inside(_) | Tag::End(_) => open && same,
                }
            }
        }
    }

    /// Whether a sentence may end with this tag.
    pub fn may_end(self, tag: Tag) -> bool {
        match self {
            Self::Io | Self::Iob1 | Self::Iob2 => true,
            Self::Bioes | Self::Bilou => !matches!(tag, Tag::Begin(_) | Tag::Inside(_)),
        }
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Io => "IO",
            Self::Iob1 => "IOB1",
            Self::Iob2 => "IOB2",
            Self::Bioes => "BIOES",
            Self::Bilou => "BILOU",
        })
    }
}

/// A name that is not the name of a [`Scheme`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected io, iob1, iob2 (also bio), bioes (also iobes) or bilou, found {0:?}")]
pub struct UnknownScheme(String);

impl FromStr for Scheme {
    type Err = UnknownScheme;

    fn from_str(name: &str) -> Result<Self, UnknownScheme> {
        match name.to_ascii_lowercase().as_str() {
            "io" => Ok(Self::Io),
            "iob1" | "iob" => Ok(Self::Iob1),
            "iob2" | "bio" => Ok(Self::Iob2),
            "bioes" | "iobes" | "bmes" | "bmewo" => Ok(Self::Bioes),
            "bilou" | "biluo" => Ok(Self::Bilou),
            _ => Err(UnknownScheme(name.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::LabelSet;
    use crate::label::TagText;

    /// Whether a scheme allows a whole sentence.
    fn allows(scheme: Scheme, sentence: &str) -> bool {
        let mut labels = LabelSet::new();
        let tags: Vec<Tag> = sentence
            .split(' ')
            .map(|text| TagText::parse(text).and_then(|text| text.tag(&mut labels)).expect("a tag"))
            .collect();
        scheme.may_start(tags[0])
            && tags.windows(2).all(|pair| scheme.may_follow(pair[0], pair[1]))
            && scheme.may_end(tags[tags.len() - 1])
    }

    #[test]
    fn allows_what_the_scheme_allows() {
        use Scheme::{Bilou, Bioes, Io, Iob1, Iob2};
        let cases: [(&str, &[Scheme]); 12] = [
            ("O O", &[Io, Iob1, Iob2, Bioes, Bilou]),
            ("I-PER I-PER", &[Io, Iob1]),
            ("O I-PER", &[Io, Iob1]),
            ("I-PER I-LOC", &[Io, Iob1]),
            ("B-PER I-PER", &[Iob2]),
            ("I-PER B-PER", &[Iob1]),
            ("I-PER B-LOC", &[]),
            ("B-PER B-PER I-PER", &[Iob2]),
            ("B-PER E-PER S-LOC O", &[Bioes, Bilou]),
            ("B-PER I-PER", &[Iob2]),
            ("S-PER I-PER E-PER", &[]),
            ("B-PER E-LOC", &[]),
        ];
        for (sentence, want) in cases {
            let got: Vec<Scheme> =
                [Io, Iob1, Iob2, Bioes, Bilou].into_iter().filter(|&scheme| allows(scheme, sentence)).collect();
            assert_eq!(got, want, "{sentence}");
        }
    }
}
