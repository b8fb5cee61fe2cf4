//! Endings that Turkish sets behind an apostrophe after a name.

/// The share of letters that only Turkish and its neighbours have, from which on a text is Turkish: one in so many.
const ONE_IN: usize = 60;
/// Endings of number, case, possession and of "to be", with the letters that join them to a vowel. Several can follow each other.
#[rustfmt::skip]
const ENDINGS: &[&str] = &[
    "lar", "ler", "a", "e", "ı", "i", "u", "ü", "ya", "ye", "yı", "yi", "yu", "yü", "na", "ne", "nı", "ni", "nu", "nü", "da", "de", "ta", "te",
    "nda", "nde", "dan", "den", "tan", "ten", "ndan", "nden", "ın", "in", "un", "ün", "nın", "nin", "nun", "nün", "la", "le", "yla", "yle", "ca",
    "ce", "ça", "çe", "ki", "lı", "li", "lu", "lü", "sı", "si", "su", "sü", "dır", "dir", "dur", "dür", "tır", "tir", "tur", "tür", "dı", "di",
    "du", "dü", "tı", "ti", "tu", "tü", "ydı", "ydi", "ydu", "ydü", "mış", "miş", "muş", "müş", "sa", "se", "lık", "lik", "luk", "lük",
];

/// Whether a text that begins with these letters is Turkish.
pub(super) fn is_language_of(first_letters: impl Iterator<Item = char>) -> bool {
    let (mut turkish, mut dotless, mut letters) = (0, false, 0);
    for c in first_letters {
        letters += 1;
        turkish += usize::from(matches!(c, 'ı' | 'ğ' | 'ş' | 'İ' | 'Ğ' | 'Ş'));
        dotless |= matches!(c, 'ı' | 'İ');
    }
    dotless && ONE_IN * turkish > letters
}

/// The bytes after a name that are not part of it.
pub(super) fn suffix(name: &str) -> usize {
    let Some(at) = name.rfind(['\'', '’']) else { return 0 };
    let (stem, ending) = (&name[..at], name[at..].trim_start_matches(['\'', '’']));
    let is_stem = stem.chars().filter(|c| c.is_alphanumeric()).nth(1).is_some();
    if is_stem && is_ending(ending) { name.len() - at } else { 0 }
}

/// Whether some letters are endings.
fn is_ending(letters: &str) -> bool {
    ENDINGS.iter().any(|ending| letters.strip_prefix(ending).is_some_and(|rest| rest.is_empty() || is_ending(rest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_may_follow_each_other() {
        for ending in ["da", "daki", "ların", "nın", "ndakiler", "yla", "dır", "lılar"] {
            assert!(is_ending(ending), "{ending}");
        }
        for other in ["", "x", "oğlu", "Ankara", "dax"] {
            assert!(!is_ending(other), "{other}");
        }
    }
}
