//! Credits of photos: "Photo: Jane Doe/Getty Images", "(AP Photo/Jane Doe)", "REUTERS/Jane Doe/File Photo".

use std::ops::Range;

use super::limits::Limits;
use super::passage::{Passage, is_capitalised, is_word};
use crate::lexicon::Lexicon;
use crate::text::Kind;

/// Most words of a credit.
const MOST_WORDS: usize = 20;

/// Most words of the name of an agency.
const MOST_OF_AGENCY: usize = 4;

/// The names of credits: each part is of its own, an agency is an organisation, and the words around are in no mention.
pub(super) fn limits(passage: Passage<'_>, limits: &mut Limits) {
    for line in passage.lines() {
        for credit in stretches(passage, line) {
            let parts = parts(passage, credit.clone());
            let has_agency = parts.iter().any(|part| is_agency(passage, part));
            let has_slash = parts.len() > 1 && credit.clone().any(|at| passage.word(at) == "/");
            if is_cue(passage, &credit) || has_slash && has_agency && is_short(passage, &parts) {
                mark(passage, &credit, &parts, limits);
            }
        }
    }
}

/// The stretches of a line that may be a credit: what a pair of brackets holds, and what is outside of them.
fn stretches(passage: Passage<'_>, line: Range<usize>) -> Vec<Range<usize>> {
    let mut stretches = passage.slices(line, |word| matches!(word, "(" | ")" | "[" | "]" | "|" | "©"));
    stretches.retain(|stretch| stretch.len() <= MOST_WORDS);
    stretches
}

/// Whether a stretch begins as credits do: "Photo:", "Picture by", "Image credit:".
fn is_cue(passage: Passage<'_>, credit: &Range<usize>) -> bool {
    let english = Lexicon::english();
    let word = |nth: usize| passage.word((credit.start + nth).min(credit.end - 1)).to_lowercase();
    let is_picture = english.is_picture(&word(0));
    let introduces = |word: &str| matches!(word, ":" | "by" | "courtesy" | "credit" | "credits");
    let is_credit = matches!(word(0).as_str(), "credit" | "courtesy");
    is_picture && introduces(&word(1))
        || word(0) == "file" && english.is_picture(&word(1)) && introduces(&word(2))
        || is_credit && matches!(word(1).as_str(), ":" | "of")
}

/// The parts of a credit between slashes, commas and "via".
fn parts(passage: Passage<'_>, credit: Range<usize>) -> Vec<Range<usize>> {
    let separates = |word: &str| matches!(word, "/" | "," | ":" | ";" | "." | "–" | "—" | "-" | "via" | "by");
    let parts = passage.slices(credit, separates);
    let trimmed = parts.into_iter().map(|part| trim(passage, part));
    trimmed.filter(|part| !part.is_empty()).collect()
}

/// A part without the words of credits around its name.
fn trim(passage: Passage<'_>, part: Range<usize>) -> Range<usize> {
    let Range { mut start, mut end } = part;
    let is_stray =
        |at: usize| Lexicon::english().is_credit_word(&passage.word(at).to_lowercase()) || !is_word(passage.word(at));
    while start < end && is_stray(start) {
        start += 1;
    }
    while start < end && is_stray(end - 1) && !is_agency(passage, &(start..end)) {
        end -= 1;
    }
    start..end
}

fn is_agency(passage: Passage<'_>, part: &Range<usize>) -> bool {
    part.len() <= MOST_OF_AGENCY && Lexicon::english().is_photo_agency(&passage.slice(part).to_lowercase())
}

/// Whether all parts are as short as names.
fn is_short(passage: Passage<'_>, parts: &[Range<usize>]) -> bool {
    parts.iter().all(|part| part.len() <= MOST_OF_AGENCY && is_capitalised(passage.word(part.start)))
}

fn mark(passage: Passage<'_>, credit: &Range<usize>, parts: &[Range<usize>], limits: &mut Limits) {
    let mut start = credit.start;
    let english = Lexicon::english();
    let is_named = |at: usize| is_capitalised(passage.word(at));
    for part in parts {
        limits.outside(start..part.start);
        start = part.end;
        let is_person = || {
            let first = passage.word(part.start).to_lowercase();
            (2..=MOST_OF_AGENCY).contains(&part.len())
                && part.clone().all(is_named)
                && english.given_name(&first).is_some()
        };
        if is_agency(passage, part) {
            limits.mention(part.clone(), Kind::Organisation);
        } else if parts.len() > 1 && is_person() {
            limits.mention(part.clone(), Kind::Person);
        }
    }
    limits.outside(start..credit.end);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::segment::words_of_text;

    #[test]
    fn credits_name_photographers_and_agencies() {
        for (text, want) in [
            ("Photo: Maria Silva/Getty Images", vec!["Maria Silva", "Getty Images"]),
            ("Photo: Getty Images/John Smith", vec!["Getty Images", "John Smith"]),
            ("REUTERS/Maria Silva/File Photo", vec!["REUTERS", "Maria Silva"]),
            ("Crowds in Oslo. (AP Photo/Jane Doe, File)", vec!["AP", "Jane Doe"]),
            ("John Smith/AFP via Getty Images", vec!["John Smith", "AFP", "Getty Images"]),
            ("Photo: Bank of Oslo", vec![]),
            ("The AP and Jane Doe met.", vec![]),
        ] {
            let words = words_of_text(text);
            let passage = Passage::new(text, &words);
            let mut found = Limits::default();
            limits(passage, &mut found);
            assert_eq!(found.into_names(passage), want, "{text}");
        }
    }
}
