//! Which pseudonym does an entity get?

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::options::Style;
use super::table::{Entry, Table};
use super::{fake, hash};
use crate::text::Kind;

/// How often another fake name is tried before it is a number.
const MOST_TRIES: u32 = 10_000;

/// What pseudonyms of the style `numbers` are called.
fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::Person => "Person",
        Kind::Organisation => "Organisation",
        Kind::Place => "Place",
        Kind::Other => "Name",
    }
}

const KINDS: [Kind; 4] = [Kind::Person, Kind::Organisation, Kind::Place, Kind::Other];

/// What the texts have already, so that it would be no pseudonym.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    /// Hashes of words in small letters. Only for the style `names`.
    words: HashSet<u64>,
    /// "Person 1", by its noun and its number.
    numbers: HashSet<(Kind, u64)>,
}

impl Seen {
    /// Takes in a text.
    pub(super) fn add(&mut self, text: &str, style: Style) {
        let mut before = None;
        for word in words(text) {
            if style == Style::Names {
                self.words.insert(word_hash(word));
            }
            if let (Some(kind), Ok(number)) = (before, word.parse()) {
                self.numbers.insert((kind, number));
            }
            before = KINDS.into_iter().find(|&kind| noun(kind).eq_ignore_ascii_case(word));
        }
    }

    /// Whether a text that was taken in has this pseudonym, or for fake names a word of it other than "Group".
    pub(super) fn has(&self, pseudonym: &str) -> bool {
        match numbered(pseudonym) {
            Some(found) => self.numbers.contains(&found),
            None => words(pseudonym).any(|word| word != fake::GROUP && self.words.contains(&word_hash(word))),
        }
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

fn word_hash(word: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    word.chars().flat_map(char::to_lowercase).for_each(|c| c.hash(&mut hasher));
    hasher.finish()
}

/// The kind and number of a pseudonym of the style `numbers`.
fn numbered(pseudonym: &str) -> Option<(Kind, u64)> {
    let (first, number) = pseudonym.split_once(' ')?;
    let kind = KINDS.into_iter().find(|&kind| noun(kind) == first)?;
    Some((kind, number.parse().ok()?))
}

/// Gives pseudonyms that nobody has.
pub(super) struct Giver<'s> {
    style: Style,
    seed: u64,
    seen: &'s Seen,
    used: HashSet<String>,
    next: HashMap<Kind, u64>,
}

impl<'s> Giver<'s> {
    /// One that goes on where a table ends.
    pub(super) fn new(table: &Table, seen: &'s Seen) -> Self {
        let used: HashSet<String> = table.entries.iter().map(|entry| entry.pseudonym.clone()).collect();
        let mut next: HashMap<Kind, u64> = HashMap::new();
        for (kind, number) in used.iter().filter_map(|pseudonym| numbered(pseudonym)) {
            let of_kind = next.entry(kind).or_default();
            *of_kind = (*of_kind).max(number);
        }
        Self { style: table.style(), seed: table.seed(), seen, used, next }
    }

    /// The pseudonym of an entity of this kind and name.
    pub(super) fn give(&mut self, kind: Kind, name: &str) -> String {
        let fake = match self.style {
            Style::Numbers => None,
            Style::Names => self.fake(kind, name),
        };
        let pseudonym = fake.unwrap_or_else(|| self.number(kind));
        self.used.insert(pseudonym.clone());
        pseudonym
    }

    fn number(&mut self, kind: Kind) -> String {
        let last = self.next.entry(kind).or_default();
        loop {
            *last += 1;
            let pseudonym = format!("{} {last}", noun(kind));
            if !self.seen.numbers.contains(&(kind, *last)) && !self.used.contains(&pseudonym) {
                return pseudonym;
            }
        }
    }

    fn fake(&self, kind: Kind, name: &str) -> Option<String> {
        let gender = fake::gender(kind, name);
        let nth = self.used.len().to_string();
        (0..MOST_TRIES)
            .map(|attempt| {
                let number = hash::number(&[&self.seed.to_string(), noun(kind), &nth, &attempt.to_string()]);
                fake::name(kind, gender, number)
            })
            .find(|name| !self.used.contains(name) && !self.seen.has(name))
    }
}

/// The pseudonyms of a table that new texts have already, as something else.
pub(super) fn clashes(entries: &[Entry], seen: &Seen) -> Vec<String> {
    entries.iter().filter(|entry| seen.has(&entry.pseudonym)).map(|entry| entry.pseudonym.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_text_has_is_no_pseudonym() {
        let mut seen = Seen::default();
        seen.add("PERSON 1 and person 003 met Place-2; Person 4000000000000000000000", Style::Numbers);
        let table = Table::default();
        let mut giver = Giver::new(&table, &seen);
        let given: Vec<String> =
            [Kind::Person, Kind::Person, Kind::Place, Kind::Place, Kind::Other, Kind::Organisation]
                .into_iter()
                .map(|kind| giver.give(kind, "Ann"))
                .collect();
        assert_eq!(given, ["Person 2", "Person 4", "Place 1", "Place 3", "Name 1", "Organisation 1"]);
    }

    #[test]
    fn fake_names_are_new_and_the_same_for_a_seed() {
        let draw = |seed: u64, text: &str| -> Vec<String> {
            let table = Table::new(Style::Names, seed);
            let mut seen = Seen::default();
            seen.add(text, Style::Names);
            let mut giver = Giver::new(&table, &seen);
            (0..2_000).map(|n| giver.give(KINDS[n % 4], "Maria Lopez")).collect()
        };
        let names = draw(1, "");
        assert_eq!(names, draw(1, ""));
        assert_ne!(names, draw(2, ""));
        let all: HashSet<&String> = names.iter().collect();
        assert_eq!(all.len(), names.len());
        let text = names.join(", ").to_uppercase();
        let mut seen = Seen::default();
        seen.add(&text, Style::Names);
        assert!(draw(1, &text).iter().all(|name| !seen.has(name)), "a word of a fake name is in the text");
    }
}
