//! Cuts lines into words, and words into sentences.

use unicode_segmentation::UnicodeSegmentation;

use super::abbreviation::is_abbreviation;
use super::word::{Joint, Word};
use crate::text::Span;

/// What is put together of segments, so far.
#[derive(Clone, Copy)]
struct Pending {
    span: Span,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    /// It has a letter or a digit.
    Word,
    /// A run of one mark.
    Run(char),
    /// Anything else.
    Other,
}

/// Appends the words of one line.
pub(super) fn words_of_line(text: &str, line: Span, words: &mut Vec<Word>) {
    let mut pending: Option<Pending> = None;
    let mut segments = text[line.range()]
        .split_word_bound_indices()
        .map(|(at, segment)| Span::new(line.start() + at, line.start() + at + segment.len()))
        .peekable();
    while let Some(segment) = segments.next() {
        let piece = &text[segment.range()];
        if piece.trim().is_empty() {
            flush(text, &mut pending, words);
            continue;
        }
        let next = segments.peek().map(|next| &text[next.range()]);
        if let Some(word) = &mut pending {
            if joins(text, *word, piece, next) {
                word.span = Span::new(word.span.start(), segment.end());
                continue;
            }
            flush(text, &mut pending, words);
        }
        pending = Some(Pending { span: segment, kind: kind(piece) });
    }
    flush(text, &mut pending, words);
}

fn is_word(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

/// The only character of a segment.
fn single(piece: &str) -> Option<char> {
    let mut chars = piece.chars();
    chars.next().filter(|_| chars.next().is_none())
}

fn kind(piece: &str) -> Kind {
    match single(piece) {
        _ if is_word(piece) => Kind::Word,
        Some(mark) => Kind::Run(mark),
        None => match piece.chars().next() {
            Some(first) if piece.chars().all(|c| c == first) => Kind::Run(first),
            _ => Kind::Other,
        },
    }
}

/// The longest chain of hyphens that is still one word; longer ones are rules and tables.
const MAX_JOINED: usize = 80;

/// Whether `piece`, which follows `word` without a space, belongs to it. `next` is the segment after it, even if that is a space.
fn joins(text: &str, word: Pending, piece: &str, next: Option<&str>) -> bool {
    let mark = single(piece);
    match word.kind {
        // "...", "--"
        Kind::Run(run) => return mark == Some(run),
        Kind::Other => return false,
        Kind::Word => {}
    }
    let word = &text[word.span.range()];
    match mark {
        Some('-' | '‐' | '‑' | '&' | '_') => next.is_some_and(is_word) && word.len() < MAX_JOINED,
        Some('.') => is_abbreviation(word),
        _ => word.len() < MAX_JOINED && word.ends_with(['-', '‐', '‑', '&', '_', '.']) && is_word(piece),
    }
}

/// Ends the pending word; an English clitic ("'s") becomes a word of its own.
fn flush(text: &str, pending: &mut Option<Pending>, words: &mut Vec<Word>) {
    let Some(Pending { span, .. }) = pending.take() else { return };
    // UAX #29 keeps a narrow no-break space inside of a word; news sets it between "US" and "$3".
    let mut start = span.start();
    for part in text[span.range()].split(char::is_whitespace) {
        let end = start + part.len();
        let clitics = ["'s", "’s", "'S", "’S"];
        let clitic = clitics.iter().find(|clitic| part.len() > clitic.len() && part.ends_with(**clitic));
        let cut = end - clitic.map_or(0, |clitic| clitic.len());
        let parts = [Span::new(start, cut), Span::new(cut, end)];
        words.extend(parts.into_iter().filter(|part| !part.is_empty()).map(|span| Word { span, joint: Joint::Within }));
        start = end + text[end..].chars().next().map_or(0, char::len_utf8);
    }
}

/// Marks the words of one line that begin a sentence.
pub(super) fn mark_sentences(text: &str, line: Span, words: &mut [Word]) {
    let mut at = 0;
    for offset in sentence_starts(&text[line.range()]) {
        let start = line.start() + offset;
        while at < words.len() && words[at].span.start() < start {
            at += 1;
        }
        let Some(before) = at.checked_sub(1) else { continue };
        if at == words.len() {
            break;
        }
        let last = &text[words[before].span.range()];
        let abbreviated = last.len() > 1 && last.ends_with('.') && last.chars().any(char::is_alphanumeric);
        if words[at].joint == Joint::Within && !abbreviated {
            words[at].joint = Joint::Sentence;
        }
    }
}

/// The longest run of characters that are neither letters nor digits for which UAX #29 is asked: at each of them it may look at all that
/// follow.
const LONGEST_RUN: usize = 64;

/// Where sentences begin in a line, but for the first one.
fn sentence_starts(line: &str) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut add = |from: usize, to: usize| {
        // A stretch after such a run begins a sentence.
        let skipped = usize::from(from == 0);
        starts.extend(line[from..to].split_sentence_bound_indices().skip(skipped).map(|(at, _)| from + at));
    };
    let (mut from, mut run, mut cut) = (0, 0, None);
    for (at, c) in line.char_indices() {
        if !c.is_alphanumeric() {
            run += 1;
            if run == LONGEST_RUN {
                cut = Some(at);
            }
            continue;
        }
        if let Some(cut) = cut.take() {
            add(from, cut);
            from = at;
        }
        run = 0;
    }
    add(from, cut.unwrap_or(line.len()));
    starts
}
