//! Cuts of words that only their surroundings tell: marks of emphasis, written line ends, parties and states.

use super::Span;
use super::segment::word::{Joint, Word};
use crate::lexicon::Lexicon;

/// Cuts the words of a line where a mark or a party is joined to a name, and joins the dot to the abbreviation of a state.
pub(super) fn cut(text: &str, words: &mut Vec<Word>, first: usize) {
    let is_plain = |word: &Word| !text[word.span.range()].contains(['_', '-', '–', '\\', '‑']);
    let mut line = words.split_off(first).into_iter().peekable();
    while let Some(word) = line.next() {
        // Most words are left alone.
        if is_plain(&word) && !is_after_party(text, words) && !(words.len() > first && ends_in_backslash(text, words)) {
            words.push(word);
            continue;
        }
        let at = words.len();
        push(text, word, words);
        // The dot of "R-Wyo." is of the state, whose abbreviation it is.
        let dot = line.peek().filter(|dot| text[dot.span.range()] == *"." && dot.span.start() == word.span.end());
        let is_state = is_after_party(text, &words[..words.len() - 1]) && words.len() > at;
        if let (true, Some(dot)) = (is_state, dot) {
            let last = words.last_mut().expect("a word was added");
            let state = &text[last.span.range()];
            // "TX" of the post has no dot, "Tex." of the press has.
            let is_of_press = state.contains(char::is_lowercase);
            if is_of_press && Lexicon::english().state(state).is_some_and(|name| name != state) {
                last.span = Span::new(last.span.start(), dot.span.end());
                line.next();
            }
        }
    }
}

/// Appends a word, in parts where it has several.
fn push(text: &str, word: Word, words: &mut Vec<Word>) {
    let Word { span, mut joint } = word;
    let own = &text[span.range()];
    let after_backslash =
        ends_in_backslash(text, words) && words.last().is_some_and(|last| last.span.end() == span.start());
    let mut cuts = vec![span.start()];
    if after_backslash && own.len() > 1 && own.starts_with(['n', 't', 'r']) && own[1..].starts_with(char::is_uppercase)
    {
        cuts.push(span.start() + 1);
    }
    if own.starts_with('_') || own.ends_with('_') {
        cuts.push(span.end() - own.trim_start_matches('_').len());
        cuts.push((span.start() + own.trim_end_matches('_').len()).max(cuts[cuts.len() - 1]));
    }
    let before = words.last().map_or("", |last| &text[last.span.range()]);
    if let Some(hyphen) = own.find(['-', '–', '‑']).filter(|_| matches!(before, "(" | "," | "[")) {
        let (party, rest) = own.split_at(hyphen);
        let state = rest.trim_start_matches(['-', '–', '‑']);
        let is_state = || before != "," || begins_with_state(&text[span.end() - state.len()..]);
        if matches!(party, "R" | "D" | "I" | "DFL")
            && state.starts_with(char::is_uppercase)
            && state != "Day"
            && is_state()
        {
            cuts.extend([span.start() + hyphen, span.end() - state.len()]);
        }
    }
    cuts.push(span.end());
    for cut in cuts.windows(2).filter(|cut| cut[0] < cut[1]) {
        words.push(Word { span: Span::new(cut[0], cut[1]), joint });
        joint = Joint::Within;
    }
}

/// Whether a text begins with a state's name or abbreviation.
fn begins_with_state(text: &str) -> bool {
    let ends = text.match_indices(|c: char| c.is_whitespace() || matches!(c, ',' | ')' | ';')).map(|(end, _)| end);
    ends.chain([text.len()]).take(3).any(|end| Lexicon::english().is_state(text[..end].trim_end_matches('.')))
}

fn ends_in_backslash(text: &str, words: &[Word]) -> bool {
    words.last().is_some_and(|last| text[last.span.range()] == *"\\")
}

/// Whether the last words are a party, before a state: "(R-", "(D.,".
fn is_after_party(text: &str, words: &[Word]) -> bool {
    let word = |back: usize| words.len().checked_sub(back).map_or("", |at| &text[words[at].span.range()]);
    let is_party = matches!(word(2), "R" | "D" | "I" | "R." | "D." | "I." | "DFL");
    is_party && matches!((word(1), word(3)), ("-" | "–" | "‑", "(" | "," | "[") | (",", "(" | "["))
}
