//! Invisible characters, and apostrophes.

use super::edits::{Editor, Edits};

/// Leaves out invisible characters, but for the space without width between two letters, which is a space, and joiners where they
/// change how letters are written; and reads other apostrophes as `'`.
pub(super) fn read(text: &str) -> Option<(String, Edits)> {
    if text.is_ascii() && !text.contains('`') {
        return None;
    }
    let mut editor = Editor::new(text);
    let mut before = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let range = at..at + c.len_utf8();
        let next = chars.peek().map(|(_, next)| *next);
        let in_word = || {
            before.is_some_and(char::is_alphanumeric)
                && next.is_some_and(|next| next.is_alphanumeric() || is_invisible(next))
        };
        if c == JOINER && !shows(before, next) {
            // It holds an emoji together.
        } else if matches!(c, NON_JOINER | JOINER) && before.is_some_and(is_joined) && next.is_some_and(is_joined) {
            // It is part of how the word is spelled.
        } else if c == ZERO_WIDTH_SPACE && in_word() {
            editor.replace(range, " ");
            before = Some(' ');
            continue;
        } else if is_invisible(c) {
            editor.replace(range, "");
            continue;
        } else if is_apostrophe(c) || (may_be_apostrophe(c) && in_word()) {
            editor.replace(range, "'");
        }
        before = Some(c);
    }
    editor.finish()
}

const NON_JOINER: char = '\u{200c}';
const JOINER: char = '\u{200d}';
const ZERO_WIDTH_SPACE: char = '\u{200b}';

/// Whether letters or spaces are beside a joiner, so that it joins letters if anything.
fn shows(before: Option<char>, next: Option<char>) -> bool {
    let is_text = |c: Option<char>| c.is_none_or(|c| c.is_alphanumeric() || c.is_whitespace());
    is_text(before) || is_text(next)
}

/// Whether a letter or mark is of a script whose letters join, so that joiners between them are spelling: Arabic, Syriac, N'Ko, Mandaic,
/// those of India, Myanmar, Khmer and Mongolian.
fn is_joined(c: char) -> bool {
    matches!(c, '\u{620}'..='\u{6ff}' | '\u{700}'..='\u{8ff}' | '\u{900}'..='\u{df4}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{18aa}')
        || matches!(c, '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

/// Soft hyphen, Arabic letter mark, zero widths, marks of direction, word joiner, byte order mark.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}')
        || matches!(c, '\u{2066}'..='\u{206f}' | '\u{feff}')
}

/// The modifier letter and the full-width form are nothing else.
fn is_apostrophe(c: char) -> bool {
    matches!(c, '\u{2bc}' | '\u{ff07}')
}

/// Quotation marks, accents and primes that stand for an apostrophe inside a word.
fn may_be_apostrophe(c: char) -> bool {
    matches!(c, '`' | '\u{b4}' | '\u{2018}' | '\u{201b}' | '\u{2032}')
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_not_seen_is_left_out() {
        for (text, want) in [
            ("Merkelʼs Merkel＇s Swift‘s Merkel`s Merkel´s", "Merkel's Merkel's Swift's Merkel's Merkel's"),
            ("‘Yes’ `no` O‘Brien", "‘Yes’ `no` O'Brien"),
            ("\u{feff}Mahmoud Abbas\u{202c} in Par\u{ad}is\u{200b}.", "Mahmoud Abbas in Paris."),
            ("New\u{200b}York \u{200b} a\u{200b}\u{200b}b", "New York  a b"),
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
            ("क्\u{200d}ष", "क्\u{200d}ष"),
            ("\u{200c}خانه\u{200c} New\u{200c}York", "خانه NewYork"),
            ("👩\u{200d}👧 x\u{200d}", "👩\u{200d}👧 x"),
        ] {
            let read = super::read(text).map_or(text.to_owned(), |(read, _)| read);
            assert_eq!(read, want, "{text}");
        }
    }
}
