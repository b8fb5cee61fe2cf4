//! What stands around a mention?

use std::borrow::Cow;

use serde::Serialize;

use crate::text::Span;

/// How many characters a context shows on either side.
const WIDTH: usize = 40;

/// A stretch of text with up to 40 characters on either side, all on one line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Context {
    /// What stands before it.
    pub before: String,
    /// The stretch itself.
    pub marked: String,
    /// What stands behind it.
    pub after: String,
}

/// The context of a span; empty parts where the span leaves the text or cuts a character.
pub(in crate::eval) fn context(text: &str, span: Span) -> Context {
    let before = text.get(..span.start()).unwrap_or_default();
    let after = text.get(span.end()..).unwrap_or_default();
    let first = before.char_indices().rev().take(WIDTH).last().map_or(before.len(), |(at, _)| at);
    let last = after.char_indices().nth(WIDTH).map_or(after.len(), |(at, _)| at);
    Context {
        before: one_line(&before[first..]).into_owned(),
        marked: one_line(span.slice(text).unwrap_or_default()).into_owned(),
        after: one_line(&after[..last]).into_owned(),
    }
}

/// A text with every run of white space as one space.
pub(in crate::eval) fn one_line(text: &str) -> Cow<'_, str> {
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
        let got = context(&text, Span::new(start, start + "Ürümqi".len()));
        assert_eq!(got.before, format!("{} ", "é".repeat(38)));
        assert_eq!(got.marked, "Ürümqi");
        assert_eq!(got.after, format!(", then {}", "ñ".repeat(40 - ",\n\nthen ".len())));
    }

    #[test]
    fn takes_what_there_is() {
        let got = context("Rain in Beirut", Span::new(8, 14));
        assert_eq!(got, Context { before: "Rain in ".into(), marked: "Beirut".into(), after: String::new() });
        assert_eq!(context("é", Span::new(1, 2)), Context::default());
    }

    #[test]
    fn one_space_is_left_of_white_space() {
        for (text, want) in [("a b", "a b"), ("a  b", "a b"), ("a\nb", "a b"), ("\ta\u{a0}\r\nb ", " a b "), ("", "")] {
            assert_eq!(one_line(text), want, "{text:?}");
        }
    }
}
