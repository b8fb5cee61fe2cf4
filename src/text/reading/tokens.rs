//! What stands between blanks.

use std::ops::Range;

/// The longest word that is looked at beside a compound.
const LONGEST: usize = 40;

/// The stretches between white space, by their places.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = Range<usize>> {
    let start = text.as_ptr() as usize;
    text.split_whitespace().map(move |token| {
        let at = token.as_ptr() as usize - start;
        at..at + token.len()
    })
}

/// Whether a token is an address of the web or of mail, or a path, in which nothing is a word.
pub(super) fn is_address(token: &str) -> bool {
    token.contains(['@', '\\'])
        || token.contains("://")
        || token.contains("www.")
        || (token.contains('/')
            && token
                .as_bytes()
                .windows(3)
                .any(|at| at[1] == b'.' && at[0].is_ascii_lowercase() && at[2].is_ascii_lowercase()))
}

/// The token after byte `at`, which follows after a few blanks or one line end.
pub(super) fn after(text: &str, at: usize) -> &str {
    let rest = &text[at..];
    let blanks = rest.char_indices().take(4).find(|(_, c)| !c.is_whitespace());
    let Some((skipped, _)) = blanks.filter(|(skipped, _)| *skipped > 0) else { return "" };
    let rest = &rest[skipped..];
    let end = rest.char_indices().take(LONGEST).find(|(_, c)| c.is_whitespace());
    end.map_or_else(|| if rest.len() <= LONGEST { rest } else { "" }, |(end, _)| &rest[..end])
}

/// The token before byte `at`.
pub(super) fn before(text: &str, at: usize) -> &str {
    let rest = text[..at].trim_end_matches([' ', '\u{a0}', '\n', '\r']);
    if rest.len() == at {
        return "";
    }
    let start = rest.char_indices().rev().take(LONGEST).find(|(_, c)| c.is_whitespace());
    start.map_or_else(|| if rest.len() <= LONGEST { rest } else { "" }, |(start, c)| &rest[start + c.len_utf8()..])
}
