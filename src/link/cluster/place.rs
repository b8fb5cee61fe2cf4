//! Are two names one place's?

use super::form::Form;
use super::reason::Reason;

/// What a knowledge base says of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Known {
    /// The same for all names of one entry.
    pub(super) id: String,
    pub(super) what: What,
}

/// What kind of entry a knowledge base has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A country or territory by one of its names.
    Country,
    /// The people or adjective of a country.
    Demonym,
}

impl Known {
    /// Whether it names the people or things of a country, and not the country.
    pub(super) fn is_demonym(&self) -> bool {
        self.what == What::Demonym
    }

    /// Its ids, by the name of the base.
    pub(super) fn ids(&self) -> impl Iterator<Item = (&str, &str)> {
        [("wikidata", self.id.as_str())].into_iter()
    }

    pub(super) fn find(_text: &str, _surfaces: &[&str]) -> Option<Self> {
        None
    }
}

/// How sure it is that the shorter of two names, in one document, stands for the longer.
pub(super) fn compare(short: &Form, full: &Form) -> Option<(Reason, f32)> {
    if short.known.is_some() {
        return None;
    }
    let (part, whole): (Vec<&str>, Vec<&str>) = (short.words().collect(), full.words().collect());
    let is_noun = |words: &[&str]| words.iter().all(|word| NOUNS.binary_search(word).is_ok());
    if part.len() < whole.len() && whole.starts_with(&part) && is_noun(&whole[part.len()..]) && !is_noun(&part) {
        return Some((Reason::Head, 0.93));
    }
    let long_enough = short.text.len() >= 7 && full.text.len() >= 7 && full.known.is_none();
    (long_enough && one_edit(short.text.as_bytes(), full.text.as_bytes())).then_some((Reason::Spelling, 0.85))
}

/// Whether one letter more, less or other, not the first, makes one word of the other.
fn one_edit(a: &[u8], b: &[u8]) -> bool {
    let (a, b) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    if same == 0 || b.len() > a.len() + 1 {
        return false;
    }
    let skip = usize::from(a.len() == b.len());
    a.get(same + skip..).unwrap_or_default() == b.get(same + 1..).unwrap_or_default()
}

/// What may follow the name of a place without making another of it.
const NOUNS: &[&str] = &[
    "area", "basin", "desert", "district", "governorate", "highlands", "island", "islands", "mountains", "peninsula", "province", "region",
    "river", "strip", "territory", "valley",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_letter_may_differ() {
        for (a, b, want) in
            [("kazakstan", "kazakhstan", true), ("surinam", "suriname", true), ("austria", "australia", false), ("chad", "shad", false)]
        {
            assert_eq!(one_edit(a.as_bytes(), b.as_bytes()), want, "{a} {b}");
            assert_eq!(one_edit(b.as_bytes(), a.as_bytes()), want, "{b} {a}");
        }
    }

    #[test]
    fn the_list_is_sorted() {
        assert_eq!(NOUNS.windows(2).find(|two| two[0] >= two[1]), None);
    }
}
