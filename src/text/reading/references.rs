//! HTML character references.

use std::borrow::Cow;

use super::edits::{Editor, Edits};

/// The longest name of a character in HTML is `CounterClockwiseContourIntegral`.
const LONGEST: usize = 40;

/// Reads character references as their characters. Those that were escaped twice (`&amp;nbsp;`) count too.
pub(super) fn read(text: &str) -> Option<(String, Edits)> {
    let mut editor = Editor::new(text);
    let mut end = 0;
    for (at, _) in text.match_indices('&') {
        if at < end {
            continue;
        }
        if let Some((length, meant)) = reference(&text[at..]) {
            end = at + length;
            editor.replace(at..end, &meant);
        }
    }
    editor.finish()
}

/// The length and the meaning of the reference that a text begins with.
fn reference(text: &str) -> Option<(usize, Cow<'_, str>)> {
    let (mut length, mut meant) = single(text)?;
    while meant == "&"
        && let Some((more, inner)) = text.get(length - 1..).filter(|rest| rest.starts_with(';')).and_then(|_| {
            // The rest of "&amp;nbsp;" is "nbsp;", to be read after an ampersand.
            let rest = &text[length..];
            let end = rest.bytes().take(LONGEST).position(|byte| byte == b';')?;
            single_owned(&rest[..=end])
        })
    {
        length += more;
        meant = Cow::Owned(inner);
    }
    Some((length, meant))
}

fn single_owned(body: &str) -> Option<(usize, String)> {
    let whole = format!("&{body}");
    let (length, meant) = single(&whole)?;
    Some((length - 1, meant.into_owned()))
}

fn single(text: &str) -> Option<(usize, Cow<'_, str>)> {
    let body = text.strip_prefix('&')?;
    let end = body.bytes().take(LONGEST).position(|byte| !byte.is_ascii_alphanumeric() && byte != b'#')?;
    if end == 0 || body.as_bytes()[end] != b';' {
        return None;
    }
    let whole = &text[..end + 2];
    let meant = decode(whole);
    if meant == whole {
        return None;
    }
    // A line end that nobody sees in the source ends no line, and other control characters mean nothing.
    let meant = if meant.chars().all(char::is_whitespace) { Cow::Borrowed(" ") } else { meant };
    (!meant.chars().any(char::is_control)).then_some((whole.len(), meant))
}

/// What a reference means; itself if it is none.
#[cfg(feature = "references")]
fn decode(reference: &str) -> Cow<'_, str> {
    html_escape::decode_html_entities(reference)
}

#[cfg(not(feature = "references"))]
fn decode(reference: &str) -> Cow<'_, str> {
    Cow::Borrowed(reference)
}

#[cfg(all(test, feature = "references"))]
mod tests {
    #[test]
    fn references_are_read_as_their_characters() {
        for (text, want) in [
            ("AT&amp;T", Some("AT&T")),
            ("New&nbsp;York", Some("New York")),
            ("&quot;Angela&quot; &lt;Paris&gt;", Some("\"Angela\" <Paris>")),
            ("Ren&eacute; O&#39;Neill O&#x2019;Hara&rsquo;s", Some("René O'Neill O’Hara’s")),
            ("AT&amp;amp;T&amp;nbsp;Inc", Some("AT&T Inc")),
            ("&amp;amp", Some("&amp")),
            ("R&D; AT&T &nosuch; &#0; & &; &amp", None),
        ] {
            assert_eq!(super::read(text).map(|(read, _)| read).as_deref(), want, "{text}");
        }
    }
}
