//! Which stretches of a text are replaced?

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use aho_corasick::{AhoCorasick, Input, MatchKind};

use super::options::Occurrences;
use crate::text::{Document, Span};

/// A stretch of a text that gives way to a pseudonym.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// Where it is.
    pub span: Span,
    /// The index of its entity among [`Table::entries`](super::Table::entries).
    pub entry: usize,
}

/// What is replaced in a document, in order and without overlaps. `entries` has the entity of each mention that is replaced.
pub(super) fn replaced(document: &Document, entries: &[Option<usize>], occurrences: Occurrences) -> Vec<Replaced> {
    let mentions = document.mentions.iter().zip(entries);
    let taken = mentions.filter_map(|(mention, entry)| Some(Replaced { span: mention.span, entry: (*entry)? }));
    let mut taken = apart(taken.collect());
    if occurrences == Occurrences::All {
        let others = elsewhere(document, entries, &taken);
        taken.extend(others);
        taken.sort_by_key(|replaced| replaced.span);
    }
    taken
}

/// Without overlaps: of two stretches that share bytes, the first (or the longer one) has them.
fn apart(mut all: Vec<Replaced>) -> Vec<Replaced> {
    all.sort_by_key(|replaced| (replaced.span.start(), std::cmp::Reverse(replaced.span.end())));
    let mut end = 0;
    all.retain_mut(|replaced| {
        let rest = replaced.span.start().max(end)..replaced.span.end();
        if rest.is_empty() {
            return false;
        }
        replaced.span = Span::new(rest.start, rest.end);
        end = rest.end;
        true
    });
    all
}

/// Where else a surface that is replaced stands as a whole word, as it is or in capitals.
///
/// A mention with another label and just this surface is somebody, or something, else; one that is longer ("Clinton Foundation") tells
/// the name.
fn elsewhere(document: &Document, entries: &[Option<usize>], taken: &[Replaced]) -> Vec<Replaced> {
    let text = document.text.as_str();
    let surfaces = surfaces(document, entries);
    if surfaces.is_empty() {
        return Vec::new();
    }
    let others: HashSet<Span> = document
        .mentions
        .iter()
        .zip(entries)
        .filter(|(_, entry)| entry.is_none())
        .map(|(mention, _)| mention.span)
        .collect();
    let finder = AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(surfaces.keys())
        .expect("the surfaces of a document are shorter than it");
    let mut found = Vec::new();
    let (mut at, mut next) = (0, 0);
    while let Some(longest) = finder.find(Input::new(text).span(at..text.len())) {
        let whole = whole_word(text, longest.range(), |part| surfaces.contains_key(part));
        let Some(range) = whole else {
            at = word_after(text, longest.start());
            continue;
        };
        at = range.end;
        let span = Span::new(range.start, range.end);
        while taken.get(next).is_some_and(|replaced| replaced.span.end() <= span.start()) {
            next += 1;
        }
        match taken.get(next) {
            Some(replaced) if replaced.span.overlaps(span) => {
                at = replaced.span.end().max(word_after(text, span.start()));
            }
            _ if others.contains(&span) => {}
            _ => found.push(Replaced { span, entry: surfaces[&text[range]] }),
        }
    }
    found
}

/// The surfaces that are looked for, each with the entity that most mentions with it have.
fn surfaces(document: &Document, entries: &[Option<usize>]) -> BTreeMap<String, usize> {
    let mut counts: HashMap<&str, BTreeMap<usize, usize>> = HashMap::new();
    for (mention, entry) in document.mentions.iter().zip(entries) {
        if let (Some(surface), Some(entry)) = (mention.span.slice(&document.text), entry)
            && is_telling(surface)
        {
            *counts.entry(surface).or_default().entry(*entry).or_default() += 1;
        }
    }
    let most =
        |of_entry: BTreeMap<usize, usize>| of_entry.into_iter().max_by_key(|&(entry, n)| (n, std::cmp::Reverse(entry)));
    let mut surfaces: BTreeMap<String, usize> = BTreeMap::new();
    let mut in_text: Vec<(&str, usize)> = Vec::new();
    for (surface, entry) in counts.into_iter().filter_map(|(surface, of_entry)| Some((surface, most(of_entry)?.0))) {
        // Headlines are where taggers miss most; a short name in capitals is more likely an acronym.
        if surface.chars().filter(|c| c.is_alphabetic()).count() >= SHORTEST_IN_CAPITALS {
            surfaces.entry(surface.to_uppercase()).and_modify(|first| *first = entry.min(*first)).or_insert(entry);
        }
        in_text.push((surface, entry));
    }
    // What the text has as it is goes first.
    surfaces.extend(in_text.into_iter().map(|(surface, entry)| (surface.to_owned(), entry)));
    surfaces
}

/// The fewest letters of a name that is looked for in capitals, too.
const SHORTEST_IN_CAPITALS: usize = 4;

/// Whether a surface is a name wherever it stands: two letters at least, and not all of them small.
fn is_telling(surface: &str) -> bool {
    surface.chars().filter(|c| c.is_alphanumeric()).count() > 1
        && surface.chars().any(|c| c.is_alphabetic() && !c.is_lowercase())
}

/// The longest beginning of a match that is a surface and a whole word.
fn whole_word(text: &str, found: Range<usize>, is_surface: impl Fn(&str) -> bool) -> Option<Range<usize>> {
    if text[..found.start].ends_with(char::is_alphanumeric) {
        return None;
    }
    let ends = text[found.clone()].char_indices().rev().map(|(at, c)| found.start + at + c.len_utf8());
    let mut ranges = ends.map(|end| found.start..end);
    ranges.find(|range| is_whole_word(text, range.clone()) && is_surface(&text[range.clone()]))
}

/// Whether no letter and no digit stands right before or behind.
pub(super) fn is_whole_word(text: &str, range: Range<usize>) -> bool {
    !text[..range.start].ends_with(char::is_alphanumeric) && !text[range.end..].starts_with(char::is_alphanumeric)
}

/// Where the next word begins.
fn word_after(text: &str, start: usize) -> usize {
    let rest = &text[start..];
    let end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
    let gap = rest[end..].find(char::is_alphanumeric).unwrap_or(rest.len() - end);
    let first = rest.chars().next().map_or(0, char::len_utf8);
    start + (end + gap).max(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Label, Mention};

    fn shown(text: &str, mentions: &[(usize, usize, Option<usize>)], occurrences: Occurrences) -> String {
        let mut document = Document::new("a", text);
        for &(start, end, entry) in mentions {
            let label = Label::new(if entry.is_some() { "PER" } else { "ORG" });
            document.mentions.push(Mention::new(Span::new(start, end), label));
        }
        let entries: Vec<Option<usize>> = mentions.iter().map(|mention| mention.2).collect();
        let mut shown = String::new();
        let mut done = 0;
        for Replaced { span, entry } in replaced(&document, &entries, occurrences) {
            shown += &format!("{}<{entry}>", &text[done..span.start()]);
            done = span.end();
        }
        shown + &text[done..]
    }

    #[test]
    fn what_is_replaced() {
        let all = Occurrences::All;
        for (name, text, mentions, want) in [
            (
                "possessive and hyphen",
                "Lopez's; a Lopez-backed Lopez",
                &[(0, 5, Some(3))][..],
                "<3>'s; a <3>-backed <3>",
            ),
            ("no part of a word", "Lopez, Lopezes, xLopez, Lopez2", &[(0, 5, Some(0))], "<0>, Lopezes, xLopez, Lopez2"),
            (
                "the longest",
                "Ann Lee; Ann; Ann Lee, Ann Leeds",
                &[(0, 7, Some(0)), (9, 12, Some(1))],
                "<0>; <1>; <0>, <1> Leeds",
            ),
            (
                "something else of this name",
                "Washington; Washington",
                &[(0, 10, Some(0)), (12, 22, None)],
                "<0>; Washington",
            ),
            ("a longer name tells it", "Clinton; Clinton Fund", &[(0, 7, Some(0)), (9, 21, None)], "<0>; <0> Fund"),
            ("small letters and single ones", "the A; A the", &[(0, 3, Some(0)), (4, 5, Some(1))], "<0> <1>; A the"),
            ("overlaps", "Maria Lopez Diaz", &[(0, 11, Some(0)), (6, 16, Some(1)), (0, 5, Some(2))], "<0><1>"),
            (
                "capitals",
                "Ann Lee; ANN LEE; LEES; Kim Un; UN; ANN",
                &[(0, 7, Some(0)), (28, 30, Some(1))],
                "<0>; <0>; LEES; Kim <1>; UN; ANN",
            ),
            ("other alphabets", "Мария; Мария, Мариям 玛丽", &[(0, 10, Some(0))], "<0>; <0>, Мариям 玛丽"),
            (
                "most mentions decide",
                "Lee Lee Lee Lee",
                &[(0, 3, Some(1)), (4, 7, Some(2)), (8, 11, Some(2))],
                "<1> <2> <2> <2>",
            ),
        ] {
            assert_eq!(shown(text, mentions, all), want, "{name}");
        }
        assert_eq!(shown("Lopez, Lopez", &[(0, 5, Some(0))], Occurrences::Mentions), "<0>, Lopez");
    }
}
