//! Cuts documents into the windows that a model sees.
//!
//! Every word is in the core of exactly one window and has context on both sides. Cores end where a sentence begins, and are of even
//! length within stretches of one or a few cores. The checksums of nearby sentences decide where a stretch begins, so that a passage falls
//! into the same windows wherever it is in a document (content-defined chunking by local minima; Bjørner, Blass and Gurevich 2010).

use std::ops::Range;

use super::{Pieces, Tokenizer};
use crate::text::segment::{Joint, Word};

/// The size of windows, in pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WindowSize {
    /// The most pieces in a window, special pieces included.
    pub longest: usize,
    /// The most pieces of context on either side of a core.
    pub context: usize,
    /// Whether there is a separator piece where a line begins.
    pub separators: Separators,
}

/// Whether windows show where lines begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Separators {
    /// They do not.
    None,
    /// There is a separator piece before the first word of a line.
    Lines,
}

/// One window, as ranges of word indices. The core is inside the shown range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// The words that the model sees.
    pub shown: Range<usize>,
    /// The words whose scores are taken from this window.
    pub core: Range<usize>,
}

/// The pieces of a window, as the model gets them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// The vocabulary ids, one for each piece, special pieces included.
    pub ids: Vec<u32>,
    /// The token types, one for each piece.
    pub types: Vec<u32>,
    /// For each word of the core, the index of its first piece.
    pub rows: Vec<usize>,
}

/// Cuts a document into windows. Without words there are none.
pub fn windows(text: &str, words: &[Word], pieces: &Pieces, size: WindowSize) -> Vec<Window> {
    let plan = Plan { text, words, pieces, size };
    plan.cores().into_iter().map(|core| plan.with_context(core)).collect()
}

struct Plan<'a> {
    text: &'a str,
    words: &'a [Word],
    pieces: &'a Pieces,
    size: WindowSize,
}

impl Plan<'_> {
    /// The room between the special pieces.
    fn room(&self) -> usize {
        self.size.longest.saturating_sub(2).max(1)
    }

    fn width(&self, word_idx: usize) -> usize {
        let separator = self.size.separators == Separators::Lines && word_idx > 0;
        self.pieces.width(word_idx) + usize::from(separator && self.words[word_idx].joint == Joint::Line)
    }

    fn cores(&self) -> Vec<Range<usize>> {
        let n = self.words.len();
        if n == 0 {
            return Vec::new();
        }
        // The number of pieces before each word, and before the end.
        let starts: Vec<usize> = std::iter::once(0)
            .chain((0..n).scan(0, |sum, i| {
                *sum += self.width(i);
                Some(*sum)
            }))
            .collect();
        if starts[n] <= self.room() {
            return std::iter::once(0..n).collect();
        }
        let most = self.room().saturating_sub(2 * self.size.context).max(1);
        let mut cuts = self.local_minima(&starts, most / 2);
        cuts.push(n);
        let mut cores = Vec::new();
        let mut start = 0;
        for end in cuts {
            self.split(start..end, &starts, most, &mut cores);
            start = end;
        }
        cores
    }

    /// The first words of the sentences with the smallest checksum of all that begin within `reach` pieces before or after them.
    fn local_minima(&self, starts: &[usize], reach: usize) -> Vec<usize> {
        let opens = |word_idx: &usize| self.words[*word_idx].joint != Joint::Within;
        let sentences: Vec<(u32, usize)> =
            (1..self.words.len()).filter(opens).map(|word_idx| (self.checksum(word_idx), word_idx)).collect();
        let near = |a: usize, b: usize| starts[a].abs_diff(starts[b]) <= reach;
        let is_minimum = |i: usize| {
            let own = sentences[i];
            let before = sentences[..i].iter().rev().take_while(|other| near(other.1, own.1));
            let after = sentences[i + 1..].iter().take_while(|other| near(other.1, own.1));
            before.chain(after).all(|other| *other > own)
        };
        (0..sentences.len()).filter(|&i| is_minimum(i)).map(|i| sentences[i].1).collect()
    }

    /// Appends `core`, cut into as few parts of about the same length as have at most `most` pieces each. Cuts are at the start of a
    /// sentence, or else of a word.
    fn split(&self, core: Range<usize>, starts: &[usize], most: usize, cores: &mut Vec<Range<usize>>) {
        let first = starts[core.start];
        let size = starts[core.end] - first;
        if size <= most || core.len() == 1 {
            cores.push(core);
            return;
        }
        // Cores that are full to the last piece would leave no choice of cuts.
        let n = (size * 16).div_ceil(most * 15);
        let left = n / 2;
        let ideal = size * left / n;
        let fits = size.saturating_sub((n - left) * most).max(1)..=left * most;
        let from = core.start + starts[core.start..core.end].partition_point(|start| start - first < *fits.start());
        let to = core.start + starts[core.start..core.end].partition_point(|start| start - first <= *fits.end());
        let inside = from.max(core.start + 1)..to;
        // Beside a word that is wider than a core, no cut fits.
        let inside = if inside.is_empty() { core.start + 1..core.end } else { inside };
        let distance = |i: &usize| ((starts[*i] - first).abs_diff(ideal), *i);
        let sentences = inside.clone().filter(|&i| self.words[i].joint != Joint::Within);
        let cut = sentences.min_by_key(distance).or_else(|| inside.min_by_key(distance)).expect("two words or more");
        self.split(core.start..cut, starts, most, cores);
        self.split(cut..core.end, starts, most, cores);
    }

    /// CRC-32 of the next four words.
    fn checksum(&self, word_idx: usize) -> u32 {
        let mut hasher = crc32fast::Hasher::new();
        for word in self.words[word_idx..].iter().take(4) {
            hasher.update(&self.text.as_bytes()[word.span.range()]);
            hasher.update(b"\0");
        }
        hasher.finalize()
    }

    fn with_context(&self, core: Range<usize>) -> Window {
        let mut shown = core.clone();
        let mut size = 0;
        while shown.start > 0 && size + self.width(shown.start - 1) <= self.size.context {
            shown.start -= 1;
            size += self.width(shown.start);
        }
        let mut size = 0;
        while shown.end < self.words.len() && size + self.width(shown.end) <= self.size.context {
            size += self.width(shown.end);
            shown.end += 1;
        }
        Window { shown, core }
    }
}

impl Window {
    /// The pieces that the model gets. Of a word too long for a window only the first pieces are shown; its label is read from the first.
    pub fn fill(&self, words: &[Word], pieces: &Pieces, tokenizer: &Tokenizer, size: WindowSize) -> Filled {
        let special = tokenizer.special_type();
        let last_row = size.longest.saturating_sub(tokenizer.closing().len());
        let mut filled = Filled::default();
        let push = |filled: &mut Filled, id: u32, type_: u32| {
            filled.ids.push(id);
            filled.types.push(type_);
        };
        for (&id, &kind) in tokenizer.opening().iter().zip(tokenizer.opening_types()) {
            push(&mut filled, id, kind);
        }
        let mut emitted = pieces.of_word(self.shown.start).start;
        for word_idx in self.shown.clone() {
            let lines = size.separators == Separators::Lines && word_idx > self.shown.start;
            if lines && words[word_idx].joint == Joint::Line && filled.ids.len() < last_row {
                push(&mut filled, tokenizer.separator(), special);
            }
            let of_word = pieces.of_word(word_idx);
            if self.core.contains(&word_idx) {
                let shared = usize::from(of_word.start < emitted);
                filled.rows.push((filled.ids.len() - shared).min(last_row - 1));
            }
            for row in of_word.start.max(emitted)..of_word.end {
                if filled.ids.len() < last_row {
                    push(&mut filled, pieces.ids[row], pieces.types[row]);
                }
            }
            emitted = emitted.max(of_word.end);
        }
        for (&id, &kind) in tokenizer.closing().iter().zip(tokenizer.closing_types()) {
            push(&mut filled, id, kind);
        }
        filled
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::segment::words_of_text;

    /// A piece for every letter of a word, up to 20.
    fn pieces(text: &str, words: &[Word]) -> Pieces {
        let mut pieces = Pieces::default();
        for word in words {
            let start = pieces.ids.len() as u32;
            let n = text[word.span.range()].chars().count().min(20);
            pieces.ids.extend(std::iter::repeat_n(7, n));
            pieces.types.extend(std::iter::repeat_n(0, n));
            pieces.words.push(start..start + n as u32);
        }
        pieces
    }

    const SIZE: WindowSize = WindowSize { longest: 60, context: 10, separators: Separators::Lines };

    fn cut(text: &str) -> (Vec<Word>, Pieces, Vec<Window>) {
        let words = words_of_text(text);
        let pieces = pieces(text, &words);
        let windows = windows(text, &words, &pieces, SIZE);
        (words, pieces, windows)
    }

    fn text(n: usize) -> String {
        (0..n).map(|i| format!("Item {i} was sold to Mr. X{}. ", i * 7919 % 1000)).collect()
    }

    #[test]
    fn every_word_is_in_one_core_and_every_window_fits() {
        let long_word = "x".repeat(500);
        let no_sentences = "a b c d ".repeat(100);
        for text in [
            String::new(),
            "One.".into(),
            text(3),
            text(200),
            no_sentences,
            format!("{long_word} {long_word}-{long_word} end"),
        ] {
            let (words, pieces, windows) = cut(&text);
            let mut next = 0;
            for window in &windows {
                assert_eq!(window.core.start, next);
                assert!(window.shown.start <= window.core.start && window.core.end <= window.shown.end);
                next = window.core.end;
                let n: usize = window.shown.clone().map(|i| pieces.width(i)).sum();
                assert!(n <= SIZE.longest - 2 || window.core.len() == 1, "{n} pieces");
            }
            assert_eq!(next, words.len());
        }
    }

    #[test]
    fn cuts_do_not_move_with_what_stands_far_before() {
        let text = text(300);
        let cuts = |prefix: &str| {
            let whole = format!("{prefix}{text}");
            let (words, _, windows) = cut(&whole);
            let starts =
                windows.iter().map(|window| words[window.core.start].span.start() as isize - prefix.len() as isize);
            starts.filter(|at| *at > 300).collect::<Vec<_>>()
        };
        let base = cuts("");
        assert!(base.len() > 50);
        for prefix in ["Rain. ", "It rained all day. Nobody came. ", &"Rain fell. ".repeat(40)] {
            assert_eq!(cuts(prefix), base, "{prefix}");
        }
    }

    #[test]
    fn cores_are_few_and_even() {
        let most = SIZE.longest - 2 - 2 * SIZE.context;
        for n in [16, 23, 70, 300, 1_000] {
            // Without sentences there is but one stretch.
            let (words, pieces, windows) = cut(&"a b c d ".repeat(n));
            let sizes: Vec<usize> =
                windows.iter().map(|window| window.core.clone().map(|i| pieces.width(i)).sum()).collect();
            let enough = (words.len() * 16).div_ceil(most * 15) * 9 / 8;
            assert!(sizes.len() <= enough, "{n}: {} windows, enough are {enough}", sizes.len());
            assert!(sizes.iter().all(|size| (most / 2..=most).contains(size)), "{n}: {sizes:?}");
        }
    }

    #[test]
    fn windows_have_context_on_both_sides() {
        let (_, _, windows) = cut(&text(100));
        for pair in windows.windows(2) {
            assert!(pair[0].shown.end > pair[0].core.end, "{:?}", pair[0]);
            assert!(pair[1].shown.start < pair[1].core.start, "{:?}", pair[1]);
        }
    }
}
