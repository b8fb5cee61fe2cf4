//! The words of tokenised documents.

use super::word::{Joint, Word};
use crate::text::{Layout, Line};

/// The tokens of a layout.
pub(in crate::text) fn words_of_layout(layout: &Layout) -> Vec<Word> {
    let mut words = Vec::new();
    let mut joint = Joint::Line;
    for line in &layout.lines {
        match line {
            Line::Token { span, .. } => {
                words.push(Word { span: *span, joint });
                joint = Joint::Within;
            }
            Line::Other { .. } => joint = Joint::Line,
        }
    }
    words
}
