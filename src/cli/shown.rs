//! Text from outside, shown so that it cannot command a terminal.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

/// A string on one line, control characters shown as escapes.
pub(crate) fn shown(text: &str) -> Cow<'_, str> {
    escaped(text, |_| false)
}

/// Lines of our own that quote strings from outside, such as a report: line ends and tabs stay.
pub(crate) fn shown_lines(text: &str) -> Cow<'_, str> {
    escaped(text, |c| c == '\n' || c == '\t')
}

fn escaped(text: &str, keep: impl Fn(char) -> bool) -> Cow<'_, str> {
    let is_wrong = |c: char| commands(c) && !keep(c);
    if !text.contains(is_wrong) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            c if !is_wrong(c) => safe.push(c),
            '\n' => safe.push_str("\\n"),
            '\r' => safe.push_str("\\r"),
            '\t' => safe.push_str("\\t"),
            c => write!(safe, "\\u{{{:x}}}", u32::from(c)).expect("a string takes everything"),
        }
    }
    Cow::Owned(safe)
}

/// Whether a character may command a terminal: control characters, and those that turn the direction of the text around.
fn commands(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

/// A page of ours that quotes texts: like [`shown_lines`], but the marks that right-to-left text needs stay.
pub(crate) fn shown_page(text: &str) -> Cow<'_, str> {
    escaped(text, |c| !c.is_control() || matches!(c, '\n' | '\t' | '\r'))
}

/// Writes to a terminal what is text, with control characters as escapes; line ends and tabs stay.
pub(crate) struct Shown<W> {
    inner: W,
    /// The first bytes of a character whose last ones are still to come.
    cut: Vec<u8>,
}

impl<W: Write> Shown<W> {
    pub(crate) fn new(inner: W) -> Self {
        Self { inner, cut: Vec::new() }
    }
}

impl<W: Write> Write for Shown<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut all = std::mem::take(&mut self.cut);
        all.extend_from_slice(bytes);
        for chunk in all.utf8_chunks() {
            self.inner.write_all(shown_lines(chunk.valid()).as_bytes())?;
            let rest = chunk.invalid();
            let is_last = rest.as_ptr_range().end == all.as_ptr_range().end;
            if is_last && rest.len() < 4 && std::str::from_utf8(rest).is_err_and(|error| error.error_len().is_none()) {
                self.cut = rest.to_vec();
            } else {
                rest.iter().try_for_each(|byte| write!(self.inner, "\\x{byte:02x}"))?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_quoted_commands_the_terminal() {
        for (text, want) in [
            ("plain, \u{e9} \u{4e2d}", "plain, \u{e9} \u{4e2d}"),
            ("\u{1b}]0;owned\u{7}", "\\u{1b}]0;owned\\u{7}"),
            ("a\nerror: b\r\tc", "a\\nerror: b\\r\\tc"),
            ("\u{9b}31m\u{7f}", "\\u{9b}31m\\u{7f}"),
            ("a\u{202e}b", "a\\u{202e}b"),
        ] {
            assert_eq!(shown(text), want);
        }
        assert_eq!(shown_lines("a\n\tb\u{8}"), "a\n\tb\\u{8}");
    }

    #[test]
    fn a_terminal_gets_whole_characters_however_they_arrive() {
        let text = "Zo\u{eb}\t\u{4e2d}\n\u{1b}[31m\u{9b}";
        for size in 1..6 {
            let mut got = Vec::new();
            let mut terminal = Shown::new(&mut got);
            text.as_bytes().chunks(size).for_each(|chunk| terminal.write_all(chunk).expect("a vector takes it"));
            assert_eq!(String::from_utf8_lossy(&got), "Zo\u{eb}\t\u{4e2d}\n\\u{1b}[31m\\u{9b}", "{size}");
        }
    }
}
