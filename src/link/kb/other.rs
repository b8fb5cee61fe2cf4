//! What other languages call countries, cities and organisations, in letters that are not Latin.
//!
//! Names are looked up as they are written, not by their Latin letters, so that no word of one script is taken for one of another. Russian
//! and Ukrainian names have cases: where a name is not found as it is, its words are without their endings.

use std::collections::HashMap;
use std::sync::LazyLock;

use foldhash::fast::FixedState;

use crate::lexicon::fold_letters;

/// Ids of countries (ISO 3166-1), entries and cities (GeoNames) with their names, written by `models/kb/languages.py`.
const NAMES: &str = include_str!("../../../models/kb/other_names.tsv");

/// Fewest letters that an ending leaves of a word.
const SHORTEST_STEM: usize = 3;

/// Endings of the cases of Russian and Ukrainian that a letter ends which others have in their stems, the longest first.
const CASES: [&str; 15] =
    ["ого", "его", "ыми", "ими", "ами", "ями", "ом", "ем", "ым", "им", "ам", "ям", "ах", "ях", "єм"];
/// The letters of all other endings.
const CASE_LETTERS: &str = "аяоеуюыийьіїє";

/// The ids that a name can stand for, by the name.
struct OtherNames {
    exact: HashMap<String, Vec<&'static str>, FixedState>,
    by_stems: HashMap<String, Vec<&'static str>, FixedState>,
}

static OTHER: LazyLock<OtherNames> = LazyLock::new(|| {
    let mut other = OtherNames { exact: HashMap::default(), by_stems: HashMap::default() };
    for line in NAMES.lines().skip(1) {
        let (id, names) = line.split_once('\t').expect("a row of other_names.tsv has two cells; a test reads all");
        for name in names.split('|') {
            add(&mut other.exact, fold_letters(name), id);
            if is_cyrillic(name) && has_cases(name) {
                add(&mut other.by_stems, stems(name, &[]), id);
            }
        }
    }
    other
});

fn add(names: &mut HashMap<String, Vec<&'static str>, FixedState>, name: String, id: &'static str) {
    let ids = names.entry(name).or_default();
    if !ids.contains(&id) {
        ids.push(id);
    }
}

/// The ids that a name in letters that are not Latin can stand for: codes of countries, ids of entries, GeoNames ids of cities.
pub(super) fn find(surface: &str) -> &'static [&'static str] {
    let name = fold_letters(surface);
    if name.is_empty() {
        return &[];
    }
    let exact = OTHER.exact.get(&name);
    // "Китая" ends like "Китай", "Вьетнамом" in a letter that "Вьетнам" has in its stem.
    let by_stems = |cases: &[&str]| OTHER.by_stems.get(&stems(surface, cases));
    let found = exact.or_else(|| is_cyrillic(surface).then(|| by_stems(&[]).or_else(|| by_stems(&CASES)))?);
    found.map(Vec::as_slice).unwrap_or_default()
}

fn is_cyrillic(name: &str) -> bool {
    name.chars().any(|c| ('\u{400}'..='\u{4ff}').contains(&c))
}

/// Whether a name changes with the case: Quito (Кито), Peru (Перу) and Mali (Мали) do not.
fn has_cases(name: &str) -> bool {
    name.contains(char::is_whitespace) || !name.to_lowercase().ends_with(['о', 'у', 'ю', 'э', 'е', 'и', 'і'])
}

/// The words of a name without their last vowels, and before that without one of these endings.
fn stems(name: &str, cases: &[&str]) -> String {
    let mut stems = String::with_capacity(name.len());
    for word in name.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’').map(fold_letters) {
        let case = cases.iter().find_map(|case| word.strip_suffix(case));
        let stem = case.unwrap_or(&word).trim_end_matches(|c| CASE_LETTERS.contains(c));
        stems += if stem.chars().count() >= SHORTEST_STEM { stem } else { &word };
        stems.push(' ');
    }
    stems
}

/// All rows of the table.
#[cfg(test)]
pub(super) fn rows() -> impl Iterator<Item = (&'static str, &'static str)> {
    NAMES.lines().skip(1).filter_map(|line| line.split_once('\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_to_write_a_name() {
        for (surface, id) in [
            ("ایران", "IR"),
            ("إيران", "IR"),
            ("Иран", "IR"),
            ("Иране", "IR"),
            ("Ираном", "IR"),
            ("РОССИИ", "RU"),
            ("Россией", "RU"),
            ("Турцией", "TR"),
            ("Китая", "CN"),
            ("Китаем", "CN"),
            ("Вьетнам", "VN"),
            ("Вьетнама", "VN"),
            ("Вьетнамом", "VN"),
            ("Кубы", "CU"),
            ("Вене", "2761369"),
            ("Кито", "3652462"),
            ("США", "US"),
            ("Соединёнными Штатами", "US"),
            ("السعودية", "SA"),
            ("الإمارات", "AE"),
            ("آمریکا", "US"),
            ("برطانیہ", "GB"),
            ("Саудовской Аравии", "SA"),
            ("Україні", "UA"),
            ("Ιράν", "IR"),
            ("ΙΡΑΝ", "IR"),
            ("איראן", "IR"),
            ("ईरान", "IR"),
            ("伊朗", "IR"),
            ("イラン", "IR"),
            ("이란", "IR"),
            ("پاکستان", "PK"),
            ("باكستان", "PK"),
            ("Тегеране", "112931"),
            ("تهران", "112931"),
            ("سازمان ملل متحد", "Q1065"),
            ("ООН", "Q1065"),
            ("أوروبا", "Q46"),
        ] {
            assert_eq!(find(surface), [id], "{surface}");
        }
        for other in ["", "Iran", "Ирод", "ا", "…"] {
            assert!(find(other).is_empty(), "{other}");
        }
    }
}
