//! The ways in which files spell tags.

use super::TagText;

/// How a file spells its tags: `B-PER`, `B_PER`, `PER-B` or `PER_B`, with the letter of the prefix large or small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spelling {
    order: Order,
    separator: char,
    case: Case,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    LetterFirst,
    LabelFirst,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Case {
    /// `B-PER`, `O`.
    Large,
    /// `b-per`, `o`.
    Small,
}

/// The label of a tag that is only a letter.
const NAMELESS: &str = "_";

impl Default for Spelling {
    fn default() -> Self {
        Self { order: Order::LetterFirst, separator: '-', case: Case::Large }
    }
}

impl Spelling {
    /// All spellings, the usual one first.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        [Case::Large, Case::Small].into_iter().flat_map(|case| {
            [(Order::LetterFirst, '-'), (Order::LetterFirst, '_'), (Order::LabelFirst, '-'), (Order::LabelFirst, '_')]
                .map(|(order, separator)| Self { order, separator, case })
        })
    }

    /// Splits a tag; `None` if it has no label.
    pub(crate) fn parse(self, text: &str) -> Option<TagText<'_>> {
        if self == Self::default() {
            return TagText::parse(text);
        }
        if text == (if self.case == Case::Large { "O" } else { "o" }) {
            return Some(TagText::Outside);
        }
        let parts = match self.order {
            Order::LetterFirst => text.split_once(self.separator),
            Order::LabelFirst => text.rsplit_once(self.separator).map(|(label, letter)| (letter, label)),
        };
        let (letter, label) = parts.unwrap_or((text, NAMELESS));
        match self.letter(letter) {
            Some(letter) => (!label.is_empty()).then_some(TagText::Prefixed(letter, label)),
            None => (!text.is_empty()).then_some(TagText::Bare(text)),
        }
    }

    /// The letter of a prefix, large.
    fn letter(self, prefix: &str) -> Option<char> {
        let mut chars = prefix.chars();
        let (letter, None) = (chars.next()?, chars.next()) else { return None };
        let is_case = if self.case == Case::Large { letter.is_ascii_uppercase() } else { letter.is_ascii_lowercase() };
        let letter = letter.to_ascii_uppercase();
        (is_case && matches!(letter, 'B' | 'I' | 'M' | 'E' | 'L' | 'S' | 'U' | 'W')).then_some(letter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_tag_in_every_spelling() {
        let spelled = ["B-PER", "B_PER", "PER-B", "PER_B", "b-PER", "b_PER", "PER-b", "PER_b"];
        for (spelling, text) in Spelling::all().zip(spelled) {
            assert_eq!(spelling.parse(text), Some(TagText::Prefixed('B', "PER")), "{spelling:?}");
            let outside = if spelling.case == Case::Large { "O" } else { "o" };
            assert_eq!(spelling.parse(outside), Some(TagText::Outside), "{spelling:?}");
            assert_eq!(spelling.parse("person"), Some(TagText::Bare("person")), "{spelling:?}");
            assert_eq!(spelling.parse(""), None, "{spelling:?}");
        }
    }
}
