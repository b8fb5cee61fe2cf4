//! Are two names one place's?

use std::collections::BTreeSet;

use super::form::Form;
use super::reason::Reason;
use crate::link::Kind;
use crate::link::kb::{Entry, EntryKind, How, Kb, Match};

/// What a knowledge base says of a form: the country and the body that it can name, and the most populous region or city.
#[derive(Clone, Debug, Default)]
pub(super) struct Known<'k> {
    pub(super) country: Option<Match<'k>>,
    pub(super) body: Option<Match<'k>>,
    pub(super) town: Option<&'k Entry>,
}

impl<'k> Known<'k> {
    /// What all surfaces of a form can name.
    pub(super) fn find(kb: &'k Kb, (text, surfaces): (&str, &[&str])) -> Self {
        let mut known = Self::default();
        let mut found: Vec<Match<'k>> = surfaces.iter().flat_map(|surface| kb.find(surface)).collect();
        if found.is_empty() {
            // "S. Korea"; "London-based" without what the hyphen joins to it.
            found = kb.find(&directed(text));
        }
        let towns: Vec<&Entry> = surfaces.iter().take(1).flat_map(|surface| kb.find_places(surface)).collect();
        // Some languages call Tunisia by the name of its capital; English has that name for the city.
        let is_town = |found: &Match<'_>| {
            let own = |town: &&Entry| town.kind == EntryKind::City && town.country == found.entry.country;
            !matches!(found.how, How::Name | How::Demonym) && towns.iter().any(own)
        };
        for found in found.into_iter().filter(|found| !(found.entry.kind.is_country_level() && is_town(found))) {
            let slot = if found.entry.kind.is_country_level() {
                &mut known.country
            } else if found.entry.kind == EntryKind::Organisation {
                &mut known.body
            } else {
                continue;
            };
            // A name wins over a demonym of another.
            if slot.as_ref().is_none_or(|old| (found.how, &found.entry.id) < (old.how, &old.entry.id)) {
                *slot = Some(found);
            }
        }
        known.town = towns.into_iter().max_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| b.id.cmp(&a.id)));
        known
    }

    /// The entry that all names of one thing share, for mentions of a kind.
    pub(super) fn entry(&self, kind: Kind) -> Option<&'k Entry> {
        self.found(kind).map(|found| found.entry)
    }

    fn found(&self, kind: Kind) -> Option<Match<'k>> {
        match kind {
            Kind::Person => None,
            Kind::Organisation => self.body.or(self.country),
            Kind::Place | Kind::Other => self.country.or(self.body),
        }
    }

    /// The entry that mentions of a kind name: a team or a government with the name of a country is another thing.
    pub(super) fn named(&self, kind: Kind) -> Option<&'k Entry> {
        self.entry(kind).filter(|entry| kind != Kind::Organisation || !entry.kind.is_country_level())
    }

    /// Whether it names the people or things of a country, and not the country.
    pub(super) fn is_demonym(&self) -> bool {
        self.country.is_some_and(|found| found.how == How::Demonym)
    }

    /// Whether it can name a country, region or city.
    pub(super) fn is_place(&self) -> bool {
        self.country.is_some() || self.town.is_some()
    }
}

/// Whether a knowledge base knows two names as two things.
pub(super) fn differ((one, kind): (&Form<'_>, Kind), (other, others): (&Form<'_>, Kind)) -> bool {
    one.known.entry(kind).zip(other.known.entry(others)).is_some_and(|(a, b)| a.id != b.id)
}

/// The countries that the names of a document name, by their codes.
pub(super) fn countries<'a>(forms: impl Iterator<Item = &'a Form<'a>>) -> BTreeSet<&'a str> {
    forms.filter_map(|form| form.known.country?.entry.country.as_deref()).collect()
}

/// The region or city that a name means in all documents whose countries have one of that name: the most populous.
pub(super) fn town<'k>(kb: &'k Kb, name: &str, documents: &[&BTreeSet<&str>]) -> Option<&'k Entry> {
    let places = kb.find_places(name);
    let mut found: Option<&Entry> = None;
    for countries in documents {
        let here = places
            .iter()
            .copied()
            .filter(|place| place.country.as_deref().is_some_and(|code| countries.contains(code)));
        let Some(best) = here.max_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| b.id.cmp(&a.id))) else { continue };
        if found.is_some_and(|found| found.id != best.id) {
            return None;
        }
        found = Some(best);
    }
    found
}

/// A name whose first letter stands for a direction, with that written out: "n korea".
fn directed(text: &str) -> String {
    let direction = [("n ", "north "), ("s ", "south "), ("e ", "east "), ("w ", "west ")];
    let found = direction.iter().find_map(|(letter, word)| Some(format!("{word}{}", text.strip_prefix(letter)?)));
    found.unwrap_or_else(|| text.to_owned())
}

/// A city before a region of the same name, then the one with most people.
fn rank(entry: &Entry) -> (bool, u64) {
    (entry.kind == EntryKind::City, entry.population)
}

/// How sure it is that the shorter of two names, in one document, stands for the longer.
pub(super) fn compare(short: &Form<'_>, full: &Form<'_>) -> Option<(Reason, f32)> {
    if short.known.country.is_some() {
        return None;
    }
    let (part, whole): (Vec<&str>, Vec<&str>) = (short.words().collect(), full.words().collect());
    let is_noun = |words: &[&str]| words.iter().all(|word| NOUNS.binary_search(word).is_ok());
    if part.len() < whole.len() && whole.starts_with(&part) && is_noun(&whole[part.len()..]) && !is_noun(&part) {
        return Some((Reason::Head, 0.93));
    }
    let long_enough = short.text.len() >= 7 && full.text.len() >= 7 && full.known.country.is_none();
    (long_enough && one_edit(short.text.as_bytes(), full.text.as_bytes())).then_some((Reason::Spelling, 0.85))
}

/// Whether one letter more, less or other, not the first, makes one word of the other.
fn one_edit(a: &[u8], b: &[u8]) -> bool {
    let (a, b) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    if same == 0 || b.len() > a.len() + 1 {
        return false;
    }
    if [a, b].iter().any(|text| text.get(same).is_some_and(u8::is_ascii_digit)) {
        return false;
    }
    let skip = usize::from(a.len() == b.len());
    a.get(same + skip..).unwrap_or_default() == b.get(same + 1..).unwrap_or_default()
}

/// What may follow the name of a place without making another of it.
const NOUNS: &[&str] = &[
    "area",
    "basin",
    "desert",
    "district",
    "governorate",
    "highlands",
    "island",
    "islands",
    "mountains",
    "peninsula",
    "province",
    "region",
    "river",
    "strip",
    "territory",
    "valley",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_letter_may_differ() {
        for (a, b, want) in [
            ("kazakstan", "kazakhstan", true),
            ("surinam", "suriname", true),
            ("austria", "australia", false),
            ("chad", "shad", false),
        ] {
            assert_eq!(one_edit(a.as_bytes(), b.as_bytes()), want, "{a} {b}");
            assert_eq!(one_edit(b.as_bytes(), a.as_bytes()), want, "{b} {a}");
        }
    }

    #[test]
    fn the_list_is_sorted() {
        assert_eq!(NOUNS.windows(2).find(|two| two[0] >= two[1]), None);
    }
}
