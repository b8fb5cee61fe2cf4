//! Cuts a text into words as it is written.

use std::ops::Range;

use rayon::prelude::*;

use super::line::Lines;
use super::split::{mark_sentences, words_of_line};
use super::word::{Joint, Word};
use crate::text::Segmentation;
use crate::text::cuts::cut;

/// The number of lines that a thread takes at a time.
pub(super) const SHARE: usize = 256;

/// The words of a text as it is written.
pub(in crate::text) fn words_as_written(text: &str, how: Segmentation) -> Vec<Word> {
    let lines = Lines::new(text, how.columns);
    let words_of_lines = |some: Range<usize>| {
        let mut words = Vec::new();
        for i in some {
            let first = words.len();
            words_of_line(text, lines.span(i), &mut words);
            if how.marks.is_on() {
                cut(text, &mut words, first);
            }
            if let Some(word) = words.get_mut(first) {
                word.joint = if lines.goes_on(i) { Joint::Within } else { Joint::Line };
            }
            mark_sentences(text, lines.span(i), &mut words[first..]);
        }
        words
    };
    if lines.len() <= SHARE {
        return words_of_lines(0..lines.len());
    }
    let shares = (0..lines.len()).into_par_iter().step_by(SHARE);
    shares.flat_map_iter(|from| words_of_lines(from..lines.len().min(from + SHARE))).collect()
}
