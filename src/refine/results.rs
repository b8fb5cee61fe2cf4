//! Lines that are results of games: "Spain 2 Italy 1", "Palm Bay d. Rockledge 70-44".

use std::ops::Range;

use super::found::Found;
use super::limits::Limits;
use super::passage::{Passage, is_capitalised, is_word};
use crate::text::Kind;

/// Most words of a team's name.
const MOST_WORDS: usize = 4;

/// The names of a line that is a result are of teams, unless the tagger knows one as a person.
pub(super) fn limits(passage: Passage<'_>, found: &[Found], limits: &mut Limits) {
    for line in passage.lines() {
        let results = passage.slices(line, |word| matches!(word, ";" | ","));
        let results: Option<Vec<_>> = results.iter().map(|result| teams(passage, result)).collect();
        for [first, second] in results.into_iter().flatten() {
            if is_team(found, &first) && is_team(found, &second) {
                limits.outside(first.end..second.start);
                limits.mention(first, Kind::Organisation);
                limits.mention(second, Kind::Organisation);
            }
        }
    }
}

/// Whether the tagger found something at a name, but not just this person.
fn is_team(found: &[Found], name: &Range<usize>) -> bool {
    let first = found.partition_point(|found| found.words.end <= name.start);
    let found = found.get(first).filter(|found| found.words.start < name.end);
    found.is_some_and(|found| found.kind != Kind::Person || found.words != *name)
}

/// The two teams of a stretch that is nothing but a result.
fn teams(passage: Passage<'_>, result: &Range<usize>) -> Option<[Range<usize>; 2]> {
    let name = |start: usize| {
        let is_part = |at: usize| is_word(passage.word(at)) && is_capitalised(passage.word(at));
        let end = (start..result.end).take(MOST_WORDS).take_while(|&at| is_part(at)).last()? + 1;
        Some(start..end)
    };
    let score = |start: usize| (start..result.end).take_while(|&at| is_score(passage.word(at))).count();
    let first = name(result.start)?;
    let n_between = score(first.end);
    let verb = passage.word(first.end);
    let is_verb = matches!(verb, "d." | "def." | "bt" | "v" | "vs" | "vs." | "beat");
    let joint = if n_between > 0 {
        n_between
    } else if is_verb {
        1
    } else if verb == "d" && passage.word(first.end + 1) == "." {
        2
    } else {
        return None;
    };
    let second = name(first.end + joint).filter(|second| !second.is_empty())?;
    let n_after = score(second.end);
    let rest = second.end + n_after;
    let ends = rest == result.end || rest + 1 == result.end && !is_word(passage.word(rest));
    (ends && n_between + n_after > 0).then_some([first, second])
}

/// Whether a word is of a score: "2", "70-44", "-".
fn is_score(word: &str) -> bool {
    let is_digits = word.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '–' | ':' | '(' | ')'));
    is_digits && !word.is_empty() && word.len() <= 7
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::segment::words_of_text;

    #[test]
    fn a_line_that_is_a_result_names_teams() {
        for (text, want) in [
            ("Palm Bay d. Rockledge 70-44", Some(["Palm Bay", "Rockledge"])),
            ("Spain 2 Italy 1", Some(["Spain", "Italy"])),
            ("Arsenal 3-1 Chelsea.", Some(["Arsenal", "Chelsea"])),
            ("Spain beat Italy 2-1", Some(["Spain", "Italy"])),
            ("Spain beat Italy", None),
            ("Spain beat Italy 2-1 on Monday", None),
            ("He met Spain 2 times", None),
        ] {
            let words = words_of_text(text);
            let passage = Passage::new(text, &words);
            let found = teams(passage, &(0..words.len())).map(|teams| teams.map(|team| passage.slice(&team)));
            assert_eq!(found, want, "{text}");
        }
    }
}
