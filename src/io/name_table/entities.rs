//! Tables of entities that `allonym link --entities` and `allonym archive export` write, read as tables of names.

use std::collections::{BTreeMap, HashSet};

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::row::is_name;

/// An entity as its JSON line has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawEntity {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) label: String,
    #[serde(rename = "documents")]
    _documents: u64,
    #[serde(rename = "mentions")]
    _mentions: u64,
    pub(super) aliases: Vec<Counted>,
    pub(super) kb: BTreeMap<String, String>,
    #[serde(rename = "merges")]
    _merges: IgnoredAny,
    #[serde(rename = "candidates", default)]
    _candidates: IgnoredAny,
    #[serde(rename = "context", default)]
    _context: IgnoredAny,
}

/// An alias with its number of mentions.
#[derive(Deserialize)]
pub(super) struct Counted {
    pub(super) name: String,
}

/// What rows take from entities.
#[derive(Default)]
pub(super) struct Ids {
    seen: HashSet<String>,
}

impl Ids {
    /// The id of an entity as a row: the user's own if it had one, so that it is the same however often a table goes round.
    pub(super) fn of(&mut self, id: &str, user: Option<&str>) -> String {
        let own = user.filter(|user| !self.seen.contains(*user)).unwrap_or(id);
        self.seen.insert(own.to_owned());
        own.to_owned()
    }
}

/// The aliases of an entity that are names by themselves. What a text calls a person in short, "Larijani", is left to each text.
pub(super) fn full(canonical: &str, label: &str, aliases: impl Iterator<Item = String>) -> Vec<String> {
    let is_person = matches!(label.to_ascii_uppercase().as_str(), "PER" | "PERSON");
    let n_words = |name: &str| name.split_whitespace().count();
    let is_short = |name: &str| is_person && n_words(name) == 1 && n_words(canonical) > 1;
    aliases.filter(|name| name != canonical && is_name(name) && !is_short(name)).collect()
}

/// The names in a cell such as `Shah Mehmood Qureshi (3); S. M. Qureshi (1)`.
pub(super) fn names(cell: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut start = 0;
    for (at, _) in cell.match_indices(')') {
        let rest = &cell[at + 1..];
        let Some(name) = counted(&cell[start..=at]) else { continue };
        if rest.is_empty() || rest.starts_with("; ") {
            names.push(name.to_owned());
            start = cell.len().min(at + 3);
        }
    }
    names
}

/// The name before a number in brackets.
fn counted(text: &str) -> Option<&str> {
    let (name, n) = text.strip_suffix(')')?.rsplit_once(" (")?;
    (!n.is_empty() && n.bytes().all(|digit| digit.is_ascii_digit())).then_some(name)
}

/// The id in a base of a cell such as `user:7; wikidata:Q843`.
pub(super) fn id_in<'c>(base: &str, cell: &'c str) -> Option<&'c str> {
    cell.split("; ").find_map(|id| id.strip_prefix(base)?.strip_prefix(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_of_names() {
        for (cell, want) in [
            ("", &[][..]),
            ("Oslo (2)", &["Oslo"]),
            ("Shah Mehmood Qureshi (3); S. M. Qureshi (1)", &["Shah Mehmood Qureshi", "S. M. Qureshi"]),
            ("Georgia (state) (2); A; B (1)", &["Georgia (state)", "A; B"]),
            ("Supreme Court (India) (12)", &["Supreme Court (India)"]),
        ] {
            assert_eq!(names(cell), want, "{cell}");
        }
        assert_eq!(id_in("user", "geonames:1; user:a7"), Some("a7"));
        assert_eq!(id_in("user", "wikidata:Q1"), None);
    }
}
