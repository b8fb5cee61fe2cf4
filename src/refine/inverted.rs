//! Names of persons with a comma in them: "Doe, John" in a list, "Sammy Davis, Jr."

use std::ops::Range;

use super::found::Found;
use super::limits::Limits;
use super::passage::{Passage, is_capitalised, is_word};
use crate::lexicon::Lexicon;
use crate::text::Kind;

/// Most words before the comma, and after it.
const MOST_WORDS: usize = 4;

/// Persons whose name goes on behind a comma.
pub(super) fn limits(passage: Passage<'_>, found: &[Found], limits: &mut Limits) {
    for Found { words, .. } in found.iter().filter(|found| found.kind == Kind::Person) {
        if let Some(suffix) = suffix(passage, words) {
            limits.mention(words.start..suffix + 1, Kind::Person);
        }
    }
    let persons: Vec<&Found> = found.iter().filter(|found| found.kind == Kind::Person).collect();
    let lines: Vec<List> = passage.lines().map(|line| List::read(passage, line)).collect();
    for (nth, list) in lines.iter().enumerate() {
        let is_single = |nth: usize| lines.get(nth).is_some_and(List::is_single);
        let is_column = list.is_single() && (nth.checked_sub(1).is_some_and(is_single) || is_single(nth + 1));
        for name in list.names(&persons, is_column) {
            limits.mention(name, Kind::Person);
        }
    }
}

/// The suffix of a generation that follows a name and a comma.
fn suffix(passage: Passage<'_>, name: &Range<usize>) -> Option<usize> {
    let comma = passage.after(name.end - 1).filter(|&at| passage.word(at) == "," && passage.is_glued(at))?;
    let suffix = passage.after(comma)?;
    let word = passage.word(suffix);
    let is_suffix = Lexicon::english().generation(&word.trim_end_matches('.').to_lowercase()).is_some();
    (name.len() > 1 && is_suffix && is_capitalised(word)).then_some(suffix)
}

/// A line as a list of names that are written surname first.
struct List {
    n_items: usize,
    names: Vec<Item>,
}

impl List {
    fn read(passage: Passage<'_>, line: Range<usize>) -> Self {
        let items = items(passage, line);
        Self { n_items: items.len(), names: items.into_iter().filter_map(|item| Item::read(passage, item)).collect() }
    }

    /// Whether the line is one such name.
    fn is_single(&self) -> bool {
        self.n_items == 1 && self.names.len() == 1
    }

    /// The names that are persons'; `is_column` says that the lines around are such names too.
    fn names(&self, persons: &[&Found], is_column: bool) -> Vec<Range<usize>> {
        let is_list = is_column || self.n_items > 1 && 2 * self.names.len() > self.n_items;
        let is_found = |name: &Item| {
            let first = persons.partition_point(|person| person.words.end <= name.words.start);
            persons.get(first).is_some_and(|person| person.words.start < name.words.end)
        };
        let is_person = |name: &Item| {
            is_found(name) && name.has_given_name && (is_list || name.is_surname_in_capitals || name.has_brackets)
        };
        let n_persons = self.names.iter().filter(|name| is_person(name)).count();
        // Where most are persons, all are.
        let all = is_list && 2 * n_persons > self.names.len();
        self.names.iter().filter(|name| all || is_person(name)).map(|name| name.words.clone()).collect()
    }
}

/// The items of a list: what stands between semicolons, without a heading that ends in a colon.
fn items(passage: Passage<'_>, line: Range<usize>) -> Vec<Range<usize>> {
    let mut items = Vec::new();
    let mut start = line.start;
    for at in line.clone() {
        match passage.word(at) {
            ";" | "|" | "•" => {
                items.push(start..at);
                start = at + 1;
            }
            ":" | "-" | "–" if items.is_empty() => start = at + 1,
            _ => {}
        }
    }
    items.push(start..line.end);
    items.retain(|item| !item.is_empty());
    items
}

/// "Doe, John", and what tells that it is a name.
struct Item {
    words: Range<usize>,
    is_surname_in_capitals: bool,
    has_given_name: bool,
    /// Whether brackets follow: "Doe, John (1990)".
    has_brackets: bool,
}

impl Item {
    /// Reads an item that is nothing but such a name, with what a bracket or a full stop has behind it.
    fn read(passage: Passage<'_>, item: Range<usize>) -> Option<Self> {
        let is_name = |at: usize| {
            let word = passage.word(at);
            is_word(word) && !word.contains(|c: char| c.is_ascii_digit()) && is_capitalised(word)
        };
        let is_particle = |at: usize| {
            matches!(
                passage.word(at),
                "van" | "von" | "der" | "den" | "de" | "da" | "dos" | "del" | "la" | "bin" | "ben" | "al"
            )
        };
        let comma = item.clone().take(MOST_WORDS + 1).find(|&at| !is_name(at) && !is_particle(at))?;
        let given = comma + 1..item.end;
        let end = given.clone().find(|&at| !is_name(at)).unwrap_or(item.end);
        let given = given.start..end;
        let ends = end == item.end || passage.word(end) == "(" || passage.word(end) == "." && end + 1 == item.end;
        let is_shape = passage.word(comma) == ","
            && comma > item.start
            && is_name(comma - 1)
            && !given.is_empty()
            && given.len() <= MOST_WORDS;
        if !(is_shape && ends) {
            return None;
        }
        let first = passage.word(given.start);
        let is_initial = first.ends_with('.') && first.chars().filter(|c| c.is_alphabetic()).count() <= 2;
        let english = Lexicon::english();
        let surname = passage.slice(&(item.start..comma));
        let is_caps =
            |text: &str| text.chars().filter(|c| c.is_alphabetic()).count() > 1 && text == text.to_uppercase();
        Some(Self {
            has_brackets: passage.word(end) == "(" && end < item.end,
            words: item.start..given.end,
            is_surname_in_capitals: is_caps(surname) && !is_caps(first),
            has_given_name: is_initial || english.given_name(&first.to_lowercase()).is_some(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refine::fixture::Marked;

    /// The names with a comma, where the tagger found persons in `[]`.
    fn names(marked: &str) -> Vec<String> {
        let marked = Marked::new(marked);
        let mut limits = Limits::default();
        super::limits(marked.passage(), &marked.found(Kind::Person), &mut limits);
        limits.into_names(marked.passage())
    }

    #[test]
    fn a_comma_may_be_within_a_name() {
        for (marked, want) in [
            ("[Doe], John; [Smith], [Anna]; Lopez, Maria", vec!["Doe, John", "Smith, Anna", "Lopez, Maria"]),
            ("DOE, [John] (1990)", vec!["DOE, John"]),
            ("[Doe], [John]\nRoe, [Ann]", vec!["Doe, John", "Roe, Ann"]),
            ("Witnesses: [Doe], J. R.; [van der Berg], Anna", vec!["Doe, J. R.", "van der Berg, Anna"]),
            ("[Sammy Davis], Jr. sang", vec!["Sammy Davis, Jr."]),
            ("[Doe], [Smith] and [Jones] left.", vec![]),
            ("Paris, France; Berlin, Germany", vec![]),
            ("ATLANTA, Georgia (AP)", vec![]),
            ("[Obama], [Clinton]", vec![]),
            ("Yesterday, [John] left; today, [Anna] did.", vec![]),
        ] {
            assert_eq!(names(marked), want, "{marked}");
        }
    }
}
