//! Texts as HTML shows them.

use std::borrow::Cow;
use std::fmt::Write as _;

use html_escape::{encode_double_quoted_attribute, encode_text};

/// Text escaped for a page. Characters that cannot be seen and may mislead are shown.
pub(crate) fn visible(text: &str) -> String {
    encode_text(&shown(text)).into_owned()
}

/// Text escaped for an attribute in double quotes.
pub(crate) fn attribute(text: &str) -> String {
    encode_double_quoted_attribute(&shown(text)).into_owned()
}

/// JSON that can be in a `script` element.
pub(crate) fn json(value: &impl serde::Serialize) -> String {
    let json = serde_json::to_string(value).expect("text, numbers and lists are always JSON");
    // These occur only within strings. Escaped, no `</script` or `<!--` can end or change the element.
    json.replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

/// Control characters become their symbols, and those that turn the direction of a text around become escapes. `shown` in base.js does
/// the same.
fn shown(text: &str) -> Cow<'_, str> {
    if !text.contains(misleads) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            c if !misleads(c) => safe.push(c),
            '\0'..='\x1f' => safe.push(char::from_u32(0x2400 + u32::from(c)).expect("each has a symbol")),
            '\x7f' => safe.push('␡'),
            c => write!(safe, "\\u{{{:x}}}", u32::from(c)).expect("a string takes everything"),
        }
    }
    Cow::Owned(safe)
}

/// Whether a character is a control character, or one that lets words stand in another order than in the text.
fn misleads(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t' | '\r'))
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_is_markup_or_misleads() {
        for (text, want) in [
            ("Ann & <b>", "Ann &amp; &lt;b&gt;"),
            ("a\n\tb\r\nc", "a\n\tb\r\nc"),
            ("\0\u{1b}[31m\u{7f}\u{9b}", "␀␛[31m␡\\u{9b}"),
            ("\u{202e}gpj.exe", "\\u{202e}gpj.exe"),
            ("\u{2067}שלום\u{2069}", "\\u{2067}שלום\\u{2069}"),
            ("بيروت\u{200f}!", "بيروت\u{200f}!"),
        ] {
            assert_eq!(visible(text), want);
        }
        assert_eq!(attribute("\" onclick='x' \0"), "&quot; onclick='x' ␀");
        assert_eq!(json(&"</script><!--\u{2028}\0"), "\"\\u003c/script>\\u003c!--\\u2028\\u0000\"");
    }
}
