//! Finds out in which scheme the tags of a file are written.

use std::fmt;

use super::{Scheme, TagText};
use crate::text::plural;

/// What the tags seen so far show for and against each scheme.
#[derive(Clone, Debug, Default)]
pub(crate) struct Evidence {
    /// The label of the previous tag; empty if that was `O`.
    before: String,
    /// Tags with the prefixes E or S (M and W too), which only BIOES and its kin have.
    bioes: u64,
    /// Tags with the prefixes L or U, which only BILOU has.
    bilou: u64,
    begin: u64,
    inside: u64,
    /// I- tags that begin a mention, which IOB2 does not have.
    inside_begins: u64,
    /// B- tags right after a mention of the same label, the only B- tags that IOB1 has.
    begin_parts: u64,
    bare: u64,
}

impl Evidence {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Takes in the next tag of a sentence.
    pub(crate) fn add_tag(&mut self, tag: TagText<'_>) {
        let label = match tag {
            TagText::Outside => {
                self.before.clear();
                return;
            }
            TagText::Prefixed(_, label) | TagText::Bare(label) => label,
        };
        let goes_on = self.before == label;
        match tag {
            TagText::Outside => {}
            TagText::Bare(_) => self.bare += 1,
            TagText::Prefixed('B', _) => {
                self.begin += 1;
                self.begin_parts += u64::from(goes_on);
            }
            TagText::Prefixed('I', _) => {
                self.inside += 1;
                self.inside_begins += u64::from(!goes_on);
            }
            TagText::Prefixed('L' | 'U', _) => self.bilou += 1,
            TagText::Prefixed(..) => self.bioes += 1,
        }
        if !goes_on {
            self.before.clear();
            self.before.push_str(label);
        }
    }

    /// Ends a sentence.
    pub(crate) fn end_sentence(&mut self) {
        self.before.clear();
    }

    /// Adds what another one has seen.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.bioes += other.bioes;
        self.bilou += other.bilou;
        self.begin += other.begin;
        self.inside += other.inside;
        self.inside_begins += other.inside_begins;
        self.begin_parts += other.begin_parts;
        self.bare += other.bare;
    }

    /// The scheme that the fewest tags contradict; `None` if every tag so far is `O`.
    pub(crate) fn detect(&self) -> Option<Detection> {
        let begin_free = self.begin - self.begin_parts;
        let (scheme, reason, against) = if self.bioes + self.bilou > 0 {
            let (scheme, letters, most, fewest) = if self.bilou > self.bioes {
                (Scheme::Bilou, "L- or U-", self.bilou, self.bioes)
            } else {
                (Scheme::Bioes, "E- or S-", self.bioes, self.bilou)
            };
            let other = format!("{} with the letters of the other", plural(fewest, "tag"));
            (scheme, format!("{} with {letters}", plural(most, "tag")), (fewest > 0).then_some(other))
        } else if self.begin == 0 && self.inside > 0 {
            (Scheme::Io, format!("{} and no other", plural(self.inside, "I- tag")), None)
        } else if self.begin == 0 && self.bare > 0 {
            (Scheme::Io, format!("{} without prefix", plural(self.bare, "tag")), None)
        } else if self.begin == 0 {
            return None;
        } else if self.inside_begins > begin_free {
            let reason = format!(
                "{} at the start of a mention, {}, only between mentions of one label",
                plural(self.inside_begins, "I- tag"),
                plural(self.begin_parts, "B- tag"),
            );
            let other = format!("{} elsewhere", plural(begin_free, "B- tag"));
            (Scheme::Iob1, reason, (begin_free > 0).then_some(other))
        } else {
            let reason = format!("{} at the start of a mention", plural(self.begin, "B- tag"));
            let other = format!("{} there too", plural(self.inside_begins, "I- tag"));
            (Scheme::Iob2, reason, (self.inside_begins > 0).then_some(other))
        };
        Some(Detection { scheme, reason, against })
    }
}

/// A scheme and the evidence for it; displayed as `IOB2 (127 B- tags at the start of a mention)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detection {
    /// The scheme.
    pub scheme: Scheme,
    /// What speaks for it, as a phrase.
    pub reason: String,
    /// What speaks against it, as a phrase.
    pub against: Option<String>,
}

impl Detection {
    /// A scheme that the caller has declared.
    pub fn declared(scheme: Scheme) -> Self {
        Self { scheme, reason: "declared".to_owned(), against: None }
    }
}

impl fmt::Display for Detection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}", self.scheme, self.reason)?;
        if let Some(against) = &self.against {
            write!(f, "; against it: {against}")?;
        }
        f.write_str(")")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_scheme_and_why() {
        let cases = [
            ("O O", None),
            ("O I-PER I-PER O I-LOC", Some("IO (3 I- tags and no other)")),
            ("O PER PER", Some("IO (2 tags without prefix)")),
            (
                "I-PER B-PER O I-LOC",
                Some("IOB1 (2 I- tags at the start of a mention, 1 B- tag, only between mentions of one label)"),
            ),
            ("B-PER I-PER O B-LOC B-LOC", Some("IOB2 (3 B- tags at the start of a mention)")),
            (
                "B-PER O B-PER O I-LOC",
                Some("IOB2 (2 B- tags at the start of a mention; against it: 1 I- tag there too)"),
            ),
            ("B-PER E-PER O S-LOC", Some("BIOES (2 tags with E- or S-)")),
            ("B-PER L-PER O U-LOC", Some("BILOU (2 tags with L- or U-)")),
        ];
        for (sentence, want) in cases {
            let mut evidence = Evidence::new();
            sentence.split(' ').filter_map(TagText::parse).for_each(|tag| evidence.add_tag(tag));
            evidence.end_sentence();
            let got = evidence.detect().map(|detection| detection.to_string());
            assert_eq!(got.as_deref(), want, "{sentence}");
        }
    }
}
