//! Lines, and which of them go on with the one before.

use crate::text::{Span, Switch};

/// A line without its end and the white space around it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    pub(super) span: Span,
    /// In characters.
    width: usize,
    /// Whether an empty line, or more than one line end, stands before it.
    opens: bool,
}

/// The lines of a text, except for those of nothing but white space.
#[derive(Debug)]
pub(super) struct Lines<'t> {
    text: &'t str,
    lines: Vec<Line>,
    columns: Switch,
}

/// The widths, in characters, at which programs and typists wrap lines.
const WRAPPED: std::ops::RangeInclusive<usize> = 40..=100;

/// The lines on either side that show how wide a page is.
const NEAR: usize = 8;

impl<'t> Lines<'t> {
    pub(super) fn new(text: &'t str, columns: Switch) -> Self {
        let mut lines: Vec<Line> = Vec::new();
        let mut start = 0;
        let mut last_end = None;
        let ends = text.match_indices(['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}']);
        for (at, mark) in ends.chain(std::iter::once((text.len(), ""))) {
            let content = text[start..at].trim();
            if !content.is_empty() {
                let span = Span::new(start, at);
                let opens = last_end.is_none_or(|end| is_gap(&text[end..start]));
                lines.push(Line { span, width: content.chars().count(), opens });
                last_end = Some(at);
            }
            start = at + mark.len();
        }
        Self { text, lines, columns }
    }

    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    pub(super) fn span(&self, i: usize) -> Span {
        self.lines[i].span
    }

    fn content(&self, i: usize) -> &'t str {
        self.text[self.lines[i].span.range()].trim()
    }

    /// Whether line `i` merely goes on with the one before it, which reached the width of its page.
    pub(super) fn goes_on(&self, i: usize) -> bool {
        if i == 0 || !self.fits(i) {
            return false;
        }
        let width = self.lines[i - 1].width;
        match self.columns {
            Switch::Off => WRAPPED.contains(&width) && WRAPPED.contains(&self.page(i)),
            Switch::On if self.is_evident(i) => true,
            Switch::On if begins_sentence(self.content(i)) => false,
            // A list or a heading has short lines, too.
            Switch::On => width >= *WRAPPED.start() || self.is_prose(i),
        }
    }

    /// Whether nothing but the width of the page ended the line before.
    fn fits(&self, i: usize) -> bool {
        let (before, after) = (self.content(i - 1), self.content(i));
        let first_word = after.split_whitespace().next().map_or(0, |word| word.chars().count());
        !self.lines[i].opens
            && !before.ends_with(['.', '!', '?', ':', '"', '”'])
            && after.starts_with(char::is_alphanumeric)
            // The next word must not have fitted.
            && self.lines[i - 1].width + 1 + first_word > self.page(i)
    }

    /// The width of the widest line nearby.
    fn page(&self, i: usize) -> usize {
        let near = i.saturating_sub(NEAR)..(i + NEAR).min(self.lines.len());
        self.lines[near].iter().map(|line| line.width).max().unwrap_or(0)
    }

    /// Whether line `i` shows by its words that it goes on: it begins in lower case, or the one before ends in the middle of a phrase.
    fn is_evident(&self, i: usize) -> bool {
        let before = self.content(i - 1);
        let last = before.rsplit(char::is_whitespace).next().unwrap_or(before);
        self.content(i).starts_with(char::is_lowercase) && before.contains(char::is_whitespace)
            || before.ends_with(',')
            || last.starts_with(char::is_lowercase) && is_small(last)
    }

    /// Whether the lines around line `i` are those of a wrapped text: of the line ends in its paragraph that no mark explains, one in
    /// five is evidently within a sentence.
    fn is_prose(&self, i: usize) -> bool {
        let first = (i.saturating_sub(NEAR) + 1..=i)
            .rev()
            .find(|&at| self.lines[at - 1].opens)
            .map_or(i.saturating_sub(NEAR) + 1, |at| at);
        let rest = i + 1..(i + NEAR).min(self.lines.len());
        let last = rest.clone().find(|&at| self.lines[at].opens).unwrap_or(rest.end);
        let (mut open, mut evident) = (0, 0);
        for at in first..last {
            if self.fits(at) {
                open += 1;
                evident += usize::from(self.is_evident(at));
            }
        }
        evident > 0 && evident * 5 >= open
    }
}

/// Whether more than one line ends between two lines.
fn is_gap(between: &str) -> bool {
    between.matches('\n').count() + between.matches(['\u{2028}', '\u{2029}', '\u{85}']).count() > 1
        || between.matches('\r').count() > 1
}

/// Words that stand in the middle of a phrase and seldom end a heading.
const SMALL: &[&str] = &[
    "a", "an", "and", "as", "at", "by", "for", "from", "his", "her", "in", "into", "its", "of", "on", "or", "our",
    "than", "that", "the", "their", "to", "with",
];

fn is_small(word: &str) -> bool {
    SMALL.contains(&word)
}

/// Whether a line begins with a word that has a capital only where a sentence begins.
fn begins_sentence(line: &str) -> bool {
    const OPENING: &[&str] = &[
        "A",
        "After",
        "An",
        "And",
        "As",
        "At",
        "Before",
        "But",
        "By",
        "For",
        "From",
        "He",
        "His",
        "However",
        "I",
        "If",
        "In",
        "It",
        "Its",
        "Meanwhile",
        "No",
        "On",
        "She",
        "That",
        "The",
        "Their",
        "There",
        "These",
        "They",
        "This",
        "Those",
        "To",
        "We",
        "What",
        "When",
        "Where",
        "While",
        "Who",
        "With",
        "You",
    ];
    line.split_whitespace().next().is_some_and(|word| OPENING.contains(&word))
}
