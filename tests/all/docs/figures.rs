//! Every figure on the pages is one of `docs/figures.json`, which says how it was measured.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::markdown::{Page, root};

/// `docs/figures.json`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Figures {
    measurements: Vec<Measurement>,
    /// Numbers that measure nothing (versions, settings), each with what it is.
    others: BTreeMap<String, String>,
}

/// Figures that one command gives, or one source tells.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Measurement {
    what: String,
    /// The command that prints the figures, or who published them.
    source: String,
    /// When it was measured, and with which commit.
    #[serde(default)]
    measured: String,
    #[serde(default)]
    machine: String,
    /// The page whose tested output shows the figures.
    #[serde(default)]
    shown_in: String,
    values: BTreeMap<String, String>,
}

/// An integer is a figure when one of these follows it.
const UNITS: [&str; 9] = ["%", "GB", "MB", "kB", "ms", "s", "times", "seconds", "words/s"];

#[test]
fn figures_have_a_source() {
    let text = std::fs::read_to_string(root().join("docs/figures.json")).expect("docs/figures.json can be read");
    let figures: Figures = serde_json::from_str(&text).expect("docs/figures.json is as expected");
    let pages: Vec<Page> = Page::all().into_iter().filter(|page| is_checked(&page.name)).collect();
    let known: BTreeSet<&str> =
        figures.measurements.iter().flat_map(|m| m.values.values()).map(String::as_str).collect();
    let mut quoted = BTreeSet::new();
    let mut wrong = Vec::new();
    for page in &pages {
        for (line, text) in page.prose() {
            for figure in in_text(&text) {
                if !known.contains(figure.as_str()) && !figures.others.contains_key(&figure) {
                    wrong.push(format!("{}:{line}: {figure} is not in docs/figures.json", page.name));
                }
            }
            quoted.extend(numbers(&text));
        }
    }
    for measurement in &figures.measurements {
        let Measurement { what, source, measured, machine, shown_in, values } = measurement;
        assert!(!source.is_empty() && (machine.is_empty() || !measured.is_empty()), "{what}: no source or date");
        let shown: Option<String> = (!shown_in.is_empty()).then(|| outputs(&pages, shown_in));
        for (name, value) in values {
            if !quoted.contains(value) {
                wrong.push(format!("docs/figures.json: {what}, {name}: {value} is on no page"));
            }
            if shown.as_ref().is_some_and(|shown| !numbers(shown).contains(value)) {
                wrong.push(format!("docs/figures.json: {what}, {name}: {value} is in no output on {shown_in}"));
            }
        }
    }
    let stale = figures.others.keys().filter(|number| !quoted.contains(*number));
    wrong.extend(stale.map(|number| format!("docs/figures.json: others: {number} is on no page")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(quoted.len() > 100, "the figures are found: {quoted:?}");
}

/// The pages that tell how good or fast the program is.
fn is_checked(name: &str) -> bool {
    name.starts_with("docs/")
        || [
            "README.md",
            "CHANGELOG.md",
            "models/news-en-base/README.md",
            "models/news-en-small/README.md",
            "models/news-multi/README.md",
        ]
        .contains(&name)
}

/// The tested outputs on a page.
fn outputs(pages: &[Page], name: &str) -> String {
    let page = pages.iter().find(|page| page.name == name).unwrap_or_else(|| panic!("{name} is not a page"));
    let blocks = page.blocks();
    blocks
        .iter()
        .filter(|block| block.language == "text")
        .map(|block| block.text.as_str())
        .collect::<Vec<_>>()
        .join("\n")
}

/// The figures in a text: numbers with a point or a comma, and those before a unit.
fn in_text(text: &str) -> Vec<String> {
    let is_unit = |rest: &str| {
        let word = rest.trim_start_matches([' ', '*']);
        UNITS.iter().any(|unit| {
            word.strip_prefix(unit).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '/'))
        })
    };
    let found = positions(text).into_iter();
    let figures = found.filter(|&(end, number)| number.contains(['.', ',']) || is_unit(&text[end..]));
    figures.map(|(_, number)| number.to_owned()).collect()
}

fn numbers(text: &str) -> Vec<String> {
    positions(text).into_iter().map(|(_, number)| number.to_owned()).collect()
}

/// The numbers in a text with their ends; `CoNLL-2003` and `v1` are names.
fn positions(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(|c: char| c.is_ascii_digit()).map(|n| at + n) {
        let end =
            text[start..].find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').map_or(text.len(), |n| start + n);
        let number = text[start..end].trim_end_matches(['.', ',']);
        let before = text[..start].strip_suffix(['-', '_']).unwrap_or(&text[..start]);
        if !before.ends_with(|c: char| c.is_alphabetic()) {
            found.push((start + number.len(), number));
        }
        at = end;
    }
    found
}

#[test]
fn figures_are_found_in_text() {
    let text = "F1 **90.37**, 19 MB, 56,896 words/s, 42 articles, 95 % of 2.4, v0.1.0, Apache-2.0, 35 ms.";
    assert_eq!(in_text(text), ["90.37", "19", "56,896", "95", "2.4", "35"]);
}
