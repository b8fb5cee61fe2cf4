//! A mention with the text around it, for lists.

use std::borrow::Cow;

use serde::Serialize;

use crate::text::Span;

/// How many characters of context an excerpt has on either side.
const WIDTH: usize = 40;

/// A span of text with up to 40 characters of context on either side. Every run of white space is one space.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Excerpt {
    /// The text before the span.
    pub before: String,
    /// The span itself.
    pub marked: String,
    /// The text after the span.
    pub after: String,
}

impl Excerpt {
    /// Cuts out a span. Parts are empty if the span reaches beyond the text or splits a character.
    pub(crate) fn new(text: &str, span: Span) -> Self {
        let before = text.get(..span.start()).unwrap_or_default();
        let after = text.get(span.end()..).unwrap_or_default();
        let first = before.char_indices().rev().take(WIDTH).last().map_or(before.len(), |(at, _)| at);
        let last = after.char_indices().nth(WIDTH).map_or(after.len(), |(at, _)| at);
        Self {
            before: one_line(&before[first..]).into_owned(),
            marked: one_line(span.slice(text).unwrap_or_default()).into_owned(),
            after: one_line(&after[..last]).into_owned(),
        }
    }
}

/// The text with every run of white space replaced by one space.
pub(crate) fn one_line(text: &str) -> Cow<'_, str> {
    let mut space = false;
    let plain = text.chars().all(|c| {
        let twice = space && c == ' ';
        space = c == ' ';
        !twice && (space || !c.is_whitespace())
    });
    if plain {
        return Cow::Borrowed(text);
    }
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        if !c.is_whitespace() {
            line.push(c);
        } else if !line.ends_with(' ') {
            line.push(' ');
        }
    }
    Cow::Owned(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_at_characters_and_shows_one_line() {
        let text = format!("{}\r\nÜrümqi,\n\nthen {}", "é".repeat(50), "ñ".repeat(50));
        let start = 102;
        let got = Excerpt::new(&text, Span::new(start, start + "Ürümqi".len()));
        assert_eq!(got.before, format!("{} ", "é".repeat(38)));
        assert_eq!(got.marked, "Ürümqi");
        assert_eq!(got.after, format!(", then {}", "ñ".repeat(40 - ",\n\nthen ".len())));
    }

    #[test]
    fn short_texts_have_short_excerpts() {
        let got = Excerpt::new("Rain in Beirut", Span::new(8, 14));
        assert_eq!(got, Excerpt { before: "Rain in ".into(), marked: "Beirut".into(), after: String::new() });
        assert_eq!(Excerpt::new("é", Span::new(1, 2)), Excerpt::default());
    }

    #[test]
    fn white_space_becomes_one_space() {
        for (text, want) in [("a b", "a b"), ("a  b", "a b"), ("a\nb", "a b"), ("\ta\u{a0}\r\nb ", " a b "), ("", "")] {
            assert_eq!(one_line(text), want, "{text:?}");
        }
    }
}
