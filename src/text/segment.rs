//! Splits texts into words and sentences.
//!
//! Words follow UAX #29 (Unicode text segmentation), but are joined where news writes one name ("Jean-Pierre", "AT&T", "U.S.") and
//! split where it writes two words ("Iran's" is "Iran" and "'s"). Sentences follow UAX #29 too, except that the dot of an abbreviation
//! does not end one ("Dr. Zarif"). A line end ends a sentence, unless the text was wrapped at a fixed width.

use std::ops::Range;

use rayon::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

use super::cuts::cut;
pub use super::word::{Joint, Word};
use super::{Document, Line, Span};

/// The words of a document: its own tokens if the input was tokenised, otherwise [`words_of_text`].
pub fn words(document: &Document) -> Vec<Word> {
    let Some(layout) = &document.layout else { return words_of_text(&document.text) };
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

/// The words of a text, in order.
///
/// ```
/// use allonym::text::segment::words_of_text;
///
/// let text = "Dr. Zarif met Iran's U.S. envoy.";
/// let words: Vec<&str> = words_of_text(text).iter().map(|word| &text[word.span.range()]).collect();
/// assert_eq!(words, ["Dr.", "Zarif", "met", "Iran", "'s", "U.S.", "envoy", "."]);
/// ```
pub fn words_of_text(text: &str) -> Vec<Word> {
    let lines: Vec<Span> = lines(text);
    let words_of_lines = |some: Range<usize>| {
        let mut words = Vec::new();
        for i in some {
            let (line, first) = (lines[i], words.len());
            words_of_line(text, line, &mut words);
            cut(text, &mut words, first);
            if let Some(word) = words.get_mut(first) {
                word.joint = if i > 0 && is_wrap(text, &lines, i) { Joint::Within } else { Joint::Line };
            }
            mark_sentences(text, line, &mut words[first..]);
        }
        words
    };
    if lines.len() <= SHARE {
        return words_of_lines(0..lines.len());
    }
    let shares = (0..lines.len()).into_par_iter().step_by(SHARE);
    shares.flat_map_iter(|from| words_of_lines(from..lines.len().min(from + SHARE))).collect()
}

/// The number of lines that a thread takes at a time.
const SHARE: usize = 256;

/// The words of a text, grouped into sentences.
///
/// ```
/// let text = "Dr. Zarif left. Talks went on.";
/// let sentences = allonym::text::segment::sentences(text);
/// assert_eq!(sentences.len(), 2);
/// assert_eq!(&text[sentences[0][0].range()], "Dr.");
/// ```
pub fn sentences(text: &str) -> Vec<Vec<Span>> {
    let mut sentences: Vec<Vec<Span>> = Vec::new();
    for word in words_of_text(text) {
        match sentences.last_mut() {
            Some(sentence) if word.joint == Joint::Within => sentence.push(word.span),
            _ => sentences.push(vec![word.span]),
        }
    }
    sentences
}

/// The lines without their ends, except for those of nothing but white space.
fn lines(text: &str) -> Vec<Span> {
    let mut lines = Vec::new();
    let mut start = 0;
    for (at, mark) in text.match_indices(['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}']) {
        lines.push(Span::new(start, at));
        start = at + mark.len();
    }
    lines.push(Span::new(start, text.len()));
    lines.retain(|line| !text[line.range()].trim().is_empty());
    lines
}

/// The widths, in characters, at which programs and typists wrap lines.
const WRAPPED: std::ops::RangeInclusive<usize> = 40..=100;

/// Whether line `i` merely goes on with line `i - 1`, which reached the width of its page.
fn is_wrap(text: &str, lines: &[Span], i: usize) -> bool {
    let gap = &text[lines[i - 1].end()..lines[i].start()];
    if gap.matches('\n').count() + gap.matches(['\u{2028}', '\u{2029}', '\u{85}']).count() > 1
        || gap.matches('\r').count() > 1
    {
        return false;
    }
    let before = text[lines[i - 1].range()].trim();
    let after = text[lines[i].range()].trim();
    let width = before.chars().count();
    if !WRAPPED.contains(&width) {
        return false;
    }
    let first_word = after.split_whitespace().next().map_or(0, |word| word.chars().count());
    // The page is as wide as the widest line nearby; the next word must not have fitted.
    let page = lines[i.saturating_sub(8)..(i + 8).min(lines.len())]
        .iter()
        .map(|line| text[line.range()].trim().chars().count())
        .max()
        .unwrap_or(width);
    WRAPPED.contains(&page)
        && width + 1 + first_word > page
        && !before.ends_with(['.', '!', '?', ':', '"', '”'])
        && after.starts_with(char::is_alphanumeric)
}

/// Appends the words of one line.
fn words_of_line(text: &str, line: Span, words: &mut Vec<Word>) {
    let mut pending: Option<Span> = None;
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
        if let Some(word) = pending {
            if joins(&text[word.range()], piece, next) {
                pending = Some(Span::new(word.start(), segment.end()));
                continue;
            }
            flush(text, &mut pending, words);
        }
        pending = Some(segment);
    }
    flush(text, &mut pending, words);
}

/// The longest chain of hyphens that is still one word; longer ones are rules and tables.
const MAX_JOINED: usize = 80;

/// Whether `piece`, which follows `word` without a space, belongs to it. `next` is the segment after it, even if that is a space.
fn joins(word: &str, piece: &str, next: Option<&str>) -> bool {
    let mark = piece.chars().next().filter(|_| piece.chars().count() == 1);
    let is_word = |text: &str| text.chars().any(char::is_alphanumeric);
    if !is_word(word) {
        // A run of one mark: "...", "--".
        return mark.is_some_and(|mark| !mark.is_alphanumeric() && word.chars().all(|c| c == mark));
    }
    match mark {
        Some('-' | '‐' | '‑' | '&' | '_') => next.is_some_and(is_word) && word.len() < MAX_JOINED,
        Some('.') => is_abbreviation(word),
        _ => is_word(piece) && word.ends_with(['-', '‐', '‑', '&', '_', '.']) && word.len() < MAX_JOINED,
    }
}

/// Ends the pending word; an English clitic ("'s") becomes a word of its own.
fn flush(text: &str, pending: &mut Option<Span>, words: &mut Vec<Word>) {
    let Some(span) = pending.take() else { return };
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

/// Abbreviations of news English that keep their dot and do not end a sentence, in lower case.
const ABBREVIATIONS: &[&str] = &[
    "adm", "al", "apr", "assoc", "asst", "aug", "ave", "bldg", "blvd", "brig", "bros", "capt", "cdr", "cmdr", "co",
    "col", "corp", "cpl", "dec", "dept", "det", "dr", "drs", "ed", "esq", "est", "etc", "ex", "feb", "fr", "ft", "gen",
    "gov", "govt", "hon", "inc", "insp", "jan", "jr", "jul", "jun", "lt", "ltd", "maj", "mar", "messrs", "mgr", "mr",
    "mrs", "ms", "mt", "mts", "no", "nos", "nov", "oct", "ph", "prof", "pte", "pvt", "rep", "reps", "retd", "rev",
    "rt", "sec", "sen", "sens", "sep", "sept", "sgt", "spc", "sq", "sr", "st", "ste", "supt", "univ", "vol", "vs",
];

/// Whether the dot after `word` belongs to it: "Dr", "U.S", "J".
fn is_abbreviation(word: &str) -> bool {
    let last = word.rsplit(['-', '‐', '‑']).next().unwrap_or(word);
    let mut parts = last.split('.').peekable();
    let initials = last.chars().next().is_some_and(char::is_alphabetic)
        && parts.all(|part| part.chars().count() == 1 && part.chars().all(char::is_alphabetic));
    // A lone lower-case letter with a dot is a list item or the end of a sentence, not an initial.
    if initials {
        return last.contains('.') || last.chars().all(char::is_uppercase);
    }
    last.is_ascii()
        && ABBREVIATIONS.binary_search(&last.to_ascii_lowercase().as_str()).is_ok()
        && last.starts_with(|c: char| c.is_ascii_uppercase())
        || matches!(last, "vs" | "etc" | "retd")
}

/// Marks the words of one line that begin a sentence.
fn mark_sentences(text: &str, line: Span, words: &mut [Word]) {
    let mut at = 0;
    for (offset, _) in text[line.range()].split_sentence_bound_indices().skip(1) {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        words_of_text(text).iter().map(|word| &text[word.span.range()]).collect()
    }

    #[test]
    fn words_are_what_news_means() {
        for (text, want) in [
            ("Iran, Pakistan", vec!["Iran", ",", "Pakistan"]),
            ("the U.S. envoy", vec!["the", "U.S.", "envoy"]),
            ("in the U.S.", vec!["in", "the", "U.S."]),
            ("Pakistan’s “own” Gen. Munir", vec!["Pakistan", "’s", "“", "own", "”", "Gen.", "Munir"]),
            ("George W. Bush said no.", vec!["George", "W.", "Bush", "said", "no", "."]),
            ("Jean-Pierre of AT&T", vec!["Jean-Pierre", "of", "AT&T"]),
            ("US–Pakistan (ECO) talks...", vec!["US", "–", "Pakistan", "(", "ECO", ")", "talks", "..."]),
            ("Côte d'Ivoire", vec!["Côte", "d'Ivoire"]),
            ("al-Assad's U.S.-led", vec!["al-Assad", "'s", "U.S.-led"]),
            ("--- 3,000.5%", vec!["---", "3,000.5", "%"]),
            ("US\u{202f}$3 bn, 10\u{202f}000 men", vec!["US", "$", "3", "bn", ",", "10", "000", "men"]),
            ("Ürümqi 🇮🇷 הארץ", vec!["Ürümqi", "🇮🇷", "הארץ"]),
        ] {
            assert_eq!(split(text), want, "{text}");
        }
    }

    #[test]
    fn the_abbreviations_are_sorted() {
        assert!(ABBREVIATIONS.is_sorted());
    }

    #[test]
    fn sentences_end_at_full_stops_but_not_at_abbreviations() {
        let text = "Dr. Zarif met Gen. Munir. Talks went on. The U.S. President left!";
        let opening: Vec<&str> = words_of_text(text)
            .iter()
            .filter(|word| word.joint != Joint::Within)
            .map(|word| &text[word.span.range()])
            .collect();
        assert_eq!(opening, ["Dr.", "Talks", "The"]);
    }

    #[test]
    fn lines_separate_unless_the_page_ended() {
        let joints =
            |text: &str| words_of_text(text).iter().map(|word| word.joint).filter(|j| *j == Joint::Line).count();
        assert_eq!(joints("Headline here\nBody text begins."), 2);
        assert_eq!(joints("One.\n\nTwo.\r\nThree."), 3);
        let wrapped = "The foreign minister of the country said on Tuesday that Imran\nKhan would visit the capital of the neighbouring state.";
        assert_eq!(joints(wrapped), 1);
    }

    #[test]
    fn a_text_of_many_lines_is_its_lines() {
        let line = "Dr. Zarif met Iran's envoy. Talks went on.";
        let text = vec![line; 3 * SHARE + 7].join("\n\n");
        let (whole, alone) = (words_of_text(&text), words_of_text(line));
        assert_eq!(whole.len(), alone.len() * (3 * SHARE + 7));
        for (word, of_line) in whole.iter().zip(alone.iter().cycle()) {
            assert_eq!((&text[word.span.range()], word.joint), (&line[of_line.span.range()], of_line.joint));
        }
    }

    #[test]
    fn every_letter_belongs_to_a_word() {
        let text = "A\u{feff}b c\u{301}d 北京市 x\u{0}y مرحبا\u{200f} e\u{301}\u{302}";
        let words = words_of_text(text);
        for (at, c) in text.char_indices().filter(|(_, c)| c.is_alphanumeric()) {
            assert!(words.iter().any(|word| word.span.contains(Span::new(at, at + c.len_utf8()))), "{c:?} at {at}");
        }
        assert!(words.windows(2).all(|pair| pair[0].span.end() <= pair[1].span.start()));
    }
}
