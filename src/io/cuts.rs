//! Do mentions without a text begin and end where words do?

use super::Notice;
use crate::text::{OffsetUnit, Offsets};

/// Counts mentions that begin or end inside of a word, in each unit that their offsets could count.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cuts {
    mentions: u64,
    /// By the place of the unit in [`OffsetUnit::ALL`].
    cut: [u64; 3],
    /// The unit that the file declares, or the default.
    unit: OffsetUnit,
}

/// A mention that cuts a word is usual in one annotation of so many (half of a compound, a plural without its ending).
const USUAL: u64 = 10;

impl Cuts {
    /// Counts the mentions of a text, whose offsets count `unit`.
    pub(crate) fn of(text: &str, unit: OffsetUnit, ranges: &[(usize, usize)]) -> Self {
        let mut cuts = Self { mentions: ranges.len() as u64, unit, cut: [0; 3] };
        if ranges.is_empty() {
            return cuts;
        }
        for (cut, other) in cuts.cut.iter_mut().zip(OffsetUnit::ALL) {
            let offsets = Offsets::new(text, other);
            let is_cut = |&&(start, end): &&(usize, usize)| {
                let span = offsets.span(start, end);
                span.is_none_or(|span| is_inside(text, span.start()) || is_inside(text, span.end()))
            };
            *cut = ranges.iter().filter(is_cut).count() as u64;
        }
        cuts
    }

    /// Adds what another text shows.
    pub(crate) fn add(&mut self, other: &Self) {
        if other.mentions > 0 {
            self.unit = other.unit;
        }
        self.mentions += other.mentions;
        self.cut.iter_mut().zip(other.cut).for_each(|(cut, more)| *cut += more);
    }

    /// The notice of a file where another unit would fit better, or too many words are cut.
    pub(crate) fn notice(&self, path: &str) -> Option<Notice> {
        let count = |unit: OffsetUnit| OffsetUnit::ALL.iter().zip(self.cut).find(|(other, _)| **other == unit);
        let own = count(self.unit)?.1;
        let best = OffsetUnit::ALL.into_iter().zip(self.cut).min_by_key(|&(unit, cut)| (cut, unit != self.unit))?;
        let better = (best.1 * 2 < own).then_some(best);
        let is_strange = own > 1 && own * USUAL > self.mentions;
        (better.is_some() || is_strange).then(|| Notice::WordsCut {
            path: path.to_owned(),
            unit: self.unit,
            cut: own,
            mentions: self.mentions,
            better,
        })
    }
}

/// Whether a place is inside of a word of a script that separates words.
fn is_inside(text: &str, byte: usize) -> bool {
    let (Some(before), Some(after)) = (text.get(..byte), text.get(byte..)) else { return true };
    let is_letter = |c: char| c.is_alphanumeric() && !is_unspaced(c);
    before.chars().next_back().is_some_and(is_letter) && after.chars().next().is_some_and(is_letter)
}

/// Thai, Lao, Myanmar and Khmer, kana, Han and Hangul: blanks there do not show where words, or parts of them, end.
fn is_unspaced(c: char) -> bool {
    matches!(c as u32, 0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1100..=0x11FF | 0x1780..=0x17FF | 0x2E80..=0xD7FF | 0xF900..=0xFAFF
        | 0xFF00..=0xFFEF | 0x20000..=0x3FFFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notice(text: &str, unit: OffsetUnit, ranges: &[(usize, usize)]) -> Option<String> {
        Cuts::of(text, unit, ranges).notice("a").map(|notice| notice.to_string())
    }

    #[test]
    fn the_unit_that_cuts_no_word_is_named() {
        let text = "😀 Clara Dunn met Omar Diaz.";
        let ranges = [(3, 13), (18, 27)];
        let want = "a: 2 of 2 mentions begin or end inside of a word, counted in char; in utf16, none does: if that is the unit, \
                    say \"offsets\": \"utf16\"";
        assert_eq!(notice(text, OffsetUnit::Char, &ranges).as_deref(), Some(want));
        assert_eq!(notice(text, OffsetUnit::Utf16, &ranges), None);
        assert_eq!(notice("Café: Clara left", OffsetUnit::Byte, &[(7, 12)]), None);
        assert_eq!(notice("東京都は広い", OffsetUnit::Char, &[(0, 2), (2, 3)]), None, "no blanks, no words to cut");
        assert_eq!(notice("Clara left Oslo", OffsetUnit::Char, &[(1, 5)]), None, "one is not many");
        let many = notice("Clara left Oslo", OffsetUnit::Char, &[(1, 5), (7, 10)]).expect("both are cut");
        assert_eq!(many, "a: 2 of 2 mentions begin or end inside of a word, counted in char");
    }
}
