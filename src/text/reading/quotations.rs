//! Quoted mail.

use super::edits::{Editor, Edits};

/// Leaves out the marks of quotation at the start of lines. Where their number changes, a paragraph ends.
pub(super) fn read(text: &str) -> Option<(String, Edits)> {
    if !text.starts_with('>') && !text.contains("\n>") {
        return None;
    }
    let mut editor = Editor::new(text);
    let (mut at, mut before) = (0, 0);
    for line in text.split_inclusive('\n') {
        let marks = line.len() - line.trim_start_matches(['>', ' ', '\t']).len();
        let depth = if line.starts_with('>') { line[..marks].matches('>').count() } else { 0 };
        if depth != before && at > 0 {
            editor.replace(at - 1..at, "\n\n");
        }
        if depth > 0 {
            editor.replace(at..at + marks, "");
        }
        (at, before) = (at + line.len(), depth);
    }
    editor.finish()
}

#[cfg(test)]
mod tests {
    #[test]
    fn marks_are_left_out_and_depths_apart() {
        for (text, want) in [
            ("> He met Angela\n> Merkel.\n", Some("He met Angela\nMerkel.\n")),
            ("He wrote\n> No.\n>> Yes.\r\n> > Both.\nEnd", Some("He wrote\n\nNo.\n\nYes.\r\nBoth.\n\nEnd")),
            ("5 > 4\nx > y", None),
        ] {
            assert_eq!(super::read(text).map(|(read, _)| read).as_deref(), want, "{text}");
        }
    }
}
