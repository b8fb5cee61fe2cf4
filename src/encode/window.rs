//! Which words does a model see together?
//!
//! Every word is in the core of exactly one window and stands with context on both sides. Cores end where a sentence begins;
//! which sentence is decided by a checksum of its first words, so that the same passage falls into the same windows wherever it
//! stands in a document (content-defined chunking, as in rsync).

use std::ops::Range;

use super::{Pieces, Tokenizer};
use crate::text::segment::{Joint, Word};

/// Sizes of windows, in pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WindowSize {
    /// The most pieces of a window, special pieces included.
    pub longest: usize,
    /// The most pieces of context on either side of a core.
    pub context: usize,
    /// Whether a separator piece stands where a line begins.
    pub separators: Separators,
}

/// Whether windows show where lines begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Separators {
    /// They do not.
    None,
    /// A separator piece stands before the first word of a line.
    Lines,
}

/// One window: ranges of word indices, the core inside of what is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// The words that the model sees.
    pub shown: Range<usize>,
    /// The words that this window answers for.
    pub core: Range<usize>,
}

/// A window as the model gets it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// Vocabulary ids, one a piece, special pieces included.
    pub ids: Vec<u32>,
    /// Token types, one a piece.
    pub types: Vec<u32>,
    /// For each word of the core the row of its first piece.
    pub rows: Vec<usize>,
}

/// Cuts a document into windows; there are none where there are no words.
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
        if (0..n).map(|i| self.width(i)).sum::<usize>() <= self.room() {
            return vec![0..n];
        }
        let most = self.room().saturating_sub(2 * self.size.context).max(1);
        let mut cores = Vec::new();
        let mut start = 0;
        while start < n {
            let end = self.core_end(start, most);
            cores.push(start..end);
            start = end;
        }
        cores
    }

    /// Where the core from `start` ends: at the sentence of the smallest checksum in its second half, else where it is full.
    fn core_end(&self, start: usize, most: usize) -> usize {
        let n = self.words.len();
        let opens = |word_idx: usize| self.words[word_idx].joint != Joint::Within;
        let mut best: Option<(u32, usize)> = None;
        let mut size = self.width(start);
        let mut end = start + 1;
        while end < n {
            if size >= most / 2 && opens(end) {
                let candidate = (self.checksum(end), end);
                best = Some(best.map_or(candidate, |best| best.min(candidate)));
            }
            if size + self.width(end) > most {
                break;
            }
            size += self.width(end);
            end += 1;
        }
        match best {
            Some((_, at)) if end < n => at,
            _ => end,
        }
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
    /// The pieces that the model gets. A word that fills a window alone is shown by its first pieces, from which its label is read.
    pub fn fill(&self, words: &[Word], pieces: &Pieces, tokenizer: &Tokenizer, size: WindowSize) -> Filled {
        let special = tokenizer.special_type();
        let last_row = size.longest.saturating_sub(tokenizer.closing().len());
        let mut filled = Filled::default();
        let push = |filled: &mut Filled, id: u32, type_: u32| {
            filled.ids.push(id);
            filled.types.push(type_);
        };
        for &id in tokenizer.opening() {
            push(&mut filled, id, special);
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
        for &id in tokenizer.closing() {
            push(&mut filled, id, special);
        }
        filled
    }
}
