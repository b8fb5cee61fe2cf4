//! Short forms in brackets, which tell where the name before them begins: "Council of Ministers of the Economic Cooperation Organisation (ECO)".

use std::ops::Range;

use super::found::Found;
use super::limits::Limits;
use super::passage::{Passage, is_capitalised};
use crate::text::Kind;

/// Fewest and most letters of a short form.
const LETTERS: std::ops::RangeInclusive<usize> = 2..=10;

/// What a short form stands for is a name of its own where a mention has more words before it, joined by "of" or the like.
pub(super) fn limits(passage: Passage<'_>, found: &[Found], limits: &mut Limits) {
    for mention in found.iter().filter(|mention| matches!(mention.kind, Kind::Organisation | Kind::Other)) {
        let Some(own) = short_form(passage, mention.words.end).and_then(|short| tail(passage, &mention.words, short))
        else {
            continue;
        };
        let joints = (mention.words.start..own.start).rev().take_while(|&word| !is_capitalised(passage.word(word)));
        joints.for_each(|word| limits.outside(word..word + 1));
        limits.mention(own, Kind::Organisation);
    }
}

/// The short form in brackets right after a word.
fn short_form(passage: Passage<'_>, end: usize) -> Option<&str> {
    let open = passage.after(end - 1).filter(|&at| passage.word(at) == "(")?;
    let short = passage.after(open)?;
    passage.after(short).filter(|&at| passage.word(at) == ")")?;
    let letters = passage.word(short);
    let is_short = LETTERS.contains(&letters.len()) && letters.chars().all(|c| c.is_ascii_uppercase());
    is_short.then_some(letters)
}

/// The last words of a name, behind a word in lower case, whose initials a short form has, if those of the whole name are others.
fn tail(passage: Passage<'_>, words: &Range<usize>, short: &str) -> Option<Range<usize>> {
    if is_short_for(passage, words.clone(), short) {
        return None;
    }
    let begins = |&at: &usize| is_capitalised(passage.word(at)) && !is_capitalised(passage.word(at - 1));
    let mut starts = (words.start + 1..words.end).filter(begins);
    starts.find(|&start| is_short_for(passage, start..words.end, short)).map(|start| start..words.end)
}

/// Whether the initials of the capitalised words are the letters of a short form.
fn is_short_for(passage: Passage<'_>, words: Range<usize>, short: &str) -> bool {
    words.filter_map(|at| passage.word(at).chars().next()).filter(|first| first.is_uppercase()).eq(short.chars())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::segment::words_of_text;

    #[test]
    fn a_short_form_tells_where_its_name_begins() {
        for (text, n_words, want) in [
            (
                "Council of Ministers of the Economic Cooperation Organisation (ECO) met",
                8,
                "Economic Cooperation Organisation",
            ),
            ("Economic Cooperation Organisation (ECO) met", 3, ""),
            ("Council of Europe (CE) met", 3, ""),
            ("Bank of the South (BS) met", 4, ""),
            ("House of Commons Health Committee (HC) met", 5, ""),
            ("Council of Ministers of the Economic Cooperation Organisation met", 8, ""),
        ] {
            let words = words_of_text(text);
            let passage = Passage::new(text, &words);
            let mut limited = Limits::default();
            limits(passage, &[Found { words: 0..n_words, kind: Kind::Organisation }], &mut limited);
            assert_eq!(limited.into_names(passage).join(", "), want, "{text}");
        }
    }
}
