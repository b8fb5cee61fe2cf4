//! Are two names one place's?

use super::form::Form;
use super::reason::Reason;
use crate::link::Kind;
use crate::link::kb::EntryKind;

/// Whether a knowledge base knows two names as two things.
pub(super) fn differ((one, kind): (&Form<'_>, Kind), (other, others): (&Form<'_>, Kind)) -> bool {
    one.known.alone(kind).zip(other.known.alone(others)).is_some_and(|(a, b)| a.entry.id != b.entry.id)
}

/// How sure it is that the shorter of two names, in one document, stands for the longer.
pub(super) fn compare(short: &Form<'_>, full: &Form<'_>) -> Option<(Reason, f32)> {
    if short.known.is_land() {
        return None;
    }
    let (part, whole): (Vec<&str>, Vec<&str>) = (short.words().collect(), full.words().collect());
    let is_noun = |words: &[&str]| words.iter().all(|word| NOUNS.binary_search(word).is_ok());
    // "Portland, Ore.": the knowledge base knows the city there.
    if part.len() < whole.len() && whole.starts_with(&part) && full.known.is_formed() {
        return Some((Reason::Head, 0.95));
    }
    // The province is not the city that it is called after.
    let is_city = || short.known.town().is_some_and(|town| town.kind == EntryKind::City);
    let is_other = |words: &[&str]| words.iter().all(|word| DIVISIONS.contains(word)) && is_city();
    if part.len() < whole.len()
        && whole.starts_with(&part)
        && is_noun(&whole[part.len()..])
        && !is_noun(&part)
        && !is_other(&whole[part.len()..])
    {
        return Some((Reason::Head, 0.93));
    }
    let long_enough = short.text.len() >= 7 && full.text.len() >= 7 && !full.known.is_land();
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

/// What countries are divided into.
const DIVISIONS: &[&str] = &["district", "governorate", "province", "region"];

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
