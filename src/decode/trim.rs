//! Removes stray punctuation from the ends of mentions.

use std::ops::Range;

use crate::text::segment::Word;

/// The words of a mention without stray punctuation at its ends: `Iran` `,` becomes `Iran`.
///
/// A closing bracket stays if the opening one is inside. (The dot of `U.S.` is part of the word anyway.) A mention of nothing but
/// punctuation is left alone.
pub(super) fn trim(text: &str, words: &[Word], mention: Range<usize>) -> Range<usize> {
    let word = |word_idx: usize| &text[words[word_idx].span.range()];
    let is_stray = |word_idx: usize| !word(word_idx).chars().any(char::is_alphanumeric);
    let Range { mut start, mut end } = mention.clone();
    while start < end && is_stray(start) {
        start += 1;
    }
    while start < end && is_stray(end - 1) && !closes(word(end - 1), (start..end - 1).map(word)) {
        end -= 1;
    }
    if start == end { mention } else { start..end }
}

/// Whether `last` is a bracket that one of `before` opens.
fn closes<'t>(last: &str, mut before: impl Iterator<Item = &'t str>) -> bool {
    let opening = match last {
        ")" => "(",
        "]" => "[",
        _ => return false,
    };
    before.any(|word| word == opening)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::segment::words_of_text;

    #[test]
    fn only_stray_punctuation_is_removed() {
        for (text, want) in [
            ("Iran,", "Iran"),
            ("“Iran”", "Iran"),
            ("the U.S.", "the U.S."),
            ("Bank (Asia)", "Bank (Asia)"),
            ("Bank)", "Bank"),
            ("— AT&T :", "AT&T"),
            ("...", "..."),
        ] {
            let words = words_of_text(text);
            let kept = trim(text, &words, 0..words.len());
            let got = &text[words[kept.start].span.start()..words[kept.end - 1].span.end()];
            assert_eq!(got, want, "{text}");
        }
    }
}
