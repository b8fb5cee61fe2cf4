//! Which characters of one text are which characters of another one, blanks aside?

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::text::Span;

/// Maps spans of one text to another one whose words are the same, or mostly so.
#[derive(Debug)]
pub(in crate::eval) struct CharMap {
    /// Where the characters of the one text begin that are not blank.
    own: Vec<usize>,
    /// Where each of them is in the other text.
    other: Vec<Option<Span>>,
}

/// A text without its blanks.
struct Solid {
    chars: Vec<char>,
    spans: Vec<Span>,
    /// The words, and the ranges of their characters: runs of letters and digits, and each other character by itself.
    words: Vec<(String, std::ops::Range<usize>)>,
}

impl Solid {
    fn of(text: &str) -> Self {
        let mut solid = Self { chars: Vec::new(), spans: Vec::new(), words: Vec::new() };
        let mut is_open = false;
        for (byte, c) in text.char_indices() {
            if c.is_whitespace() {
                is_open = false;
                continue;
            }
            let at = solid.chars.len();
            solid.chars.push(c);
            solid.spans.push(Span::new(byte, byte + c.len_utf8()));
            match solid.words.last_mut() {
                Some((word, range)) if is_open && c.is_alphanumeric() => {
                    word.push(c);
                    range.end = at + 1;
                }
                _ => solid.words.push((c.to_string(), at..at + 1)),
            }
            is_open = c.is_alphanumeric();
        }
        solid
    }
}

impl CharMap {
    /// The map between texts that differ in nothing but blanks; `None` if there is more to it.
    pub(in crate::eval) fn of_blanks(own: &str, other: &str) -> Option<Self> {
        let solid =
            |text: &str| -> Vec<(usize, char)> { text.char_indices().filter(|(_, c)| !c.is_whitespace()).collect() };
        let (own, other) = (solid(own), solid(other));
        let same = own.len() == other.len() && own.iter().zip(&other).all(|(a, b)| a.1 == b.1);
        same.then(|| Self {
            own: own.into_iter().map(|(byte, _)| byte).collect(),
            other: other.into_iter().map(|(byte, c)| Some(Span::new(byte, byte + c.len_utf8()))).collect(),
        })
    }

    /// The map between texts that have words in common, in the same order.
    pub(in crate::eval) fn of_words(own: &str, other: &str) -> Self {
        let (own, other) = (Solid::of(own), Solid::of(other));
        let mut map =
            Self { own: own.spans.iter().map(|span| span.start()).collect(), other: vec![None; own.chars.len()] };
        let words = |solid: &Solid| -> Vec<String> { solid.words.iter().map(|(word, _)| word.clone()).collect() };
        let chars = |solid: &Solid, words: std::ops::Range<usize>| match solid.words.get(words.clone()) {
            Some([first, .., last]) => first.1.start..last.1.end,
            Some([only]) => only.1.clone(),
            _ => 0..0,
        };
        for op in capture_diff_slices(Algorithm::Myers, &words(&own), &words(&other)) {
            match op {
                DiffOp::Equal { old_index, new_index, len } => {
                    map.set(chars(&own, old_index..old_index + len), chars(&other, new_index..new_index + len), &other);
                }
                DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                    let ours = chars(&own, old_index..old_index + old_len);
                    let theirs = chars(&other, new_index..new_index + new_len);
                    // The same characters in other words, such as `do n't` and `don't`.
                    if own.chars[ours.clone()] == other.chars[theirs.clone()] {
                        map.set(ours, theirs, &other);
                    }
                }
                DiffOp::Delete { .. } | DiffOp::Insert { .. } => {}
            }
        }
        map
    }

    fn set(&mut self, own: std::ops::Range<usize>, other: std::ops::Range<usize>, text: &Solid) {
        for (own, other) in own.zip(other) {
            self.other[own] = Some(text.spans[other]);
        }
    }

    /// The span in the other text; `None` where it has no such characters at the start or at the end.
    pub(in crate::eval) fn map(&self, span: Span) -> Option<Span> {
        let first = self.own.partition_point(|&byte| byte < span.start());
        let last = self.own.partition_point(|&byte| byte < span.end()).checked_sub(1)?;
        let (first, last) = (self.other.get(first).copied()??, self.other.get(last).copied()??);
        (first.start() < last.end()).then(|| Span::new(first.start(), last.end()))
    }

    /// The places of the other text that have a character here, in order.
    pub(in crate::eval) fn covered(&self) -> impl Iterator<Item = Span> + '_ {
        self.other.iter().flatten().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_follow_their_characters() {
        let map = CharMap::of_blanks("Clara Dunn, a judge", "Clara Dunn , a\njudge ").expect("only blanks differ");
        assert_eq!(map.map(Span::new(0, 10)), Some(Span::new(0, 10)));
        assert_eq!(map.map(Span::new(14, 19)), Some(Span::new(15, 20)));
        assert!(CharMap::of_blanks("Clara Dunn", "Clara Dunne").is_none());
    }

    #[test]
    fn what_only_one_text_has_is_mapped_nowhere() {
        let map = CharMap::of_words(
            "He do n't know Omar Diaz. Clara left Oslo.",
            "He don't know him. Clara left Oslo today.",
        );
        assert_eq!(map.map(Span::new(3, 9)), Some(Span::new(3, 8)));
        assert_eq!(map.map(Span::new(15, 24)), None);
        assert_eq!(map.map(Span::new(26, 31)), Some(Span::new(19, 24)));
        assert_eq!(map.map(Span::new(37, 41)), Some(Span::new(30, 34)));
        assert_eq!(map.map(Span::new(5, 5)), None);
    }
}
