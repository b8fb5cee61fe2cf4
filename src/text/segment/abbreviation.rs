//! Abbreviations of news English.

/// Abbreviations of news English that keep their dot and do not end a sentence, in lower case.
const ABBREVIATIONS: &[&str] = &[
    "adm", "al", "apr", "assoc", "asst", "aug", "ave", "bldg", "blvd", "brig", "bros", "capt", "cdr", "cmdr", "co",
    "col", "corp", "cpl", "dec", "dept", "det", "dr", "drs", "ed", "esq", "est", "etc", "ex", "feb", "fr", "ft", "gen",
    "gov", "govt", "hon", "inc", "insp", "jan", "jr", "jul", "jun", "lt", "ltd", "maj", "mar", "messrs", "mgr", "mr",
    "mrs", "ms", "mt", "mts", "no", "nos", "nov", "oct", "ph", "prof", "pte", "pvt", "rep", "reps", "retd", "rev",
    "rt", "sec", "sen", "sens", "sep", "sept", "sgt", "spc", "sq", "sr", "st", "ste", "supt", "univ", "vol", "vs",
];

/// Whether the dot after `word` belongs to it: "Dr", "U.S", "J".
pub(in crate::text) fn is_abbreviation(word: &str) -> bool {
    let last = word.rsplit(['-', '‐', '‑']).next().unwrap_or(word);
    let mut parts = last.split('.').peekable();
    let initials = last.chars().next().is_some_and(char::is_alphabetic)
        && parts.all(|part| part.chars().count() == 1 && part.chars().all(char::is_alphabetic));
    // A lone lower-case letter with a dot is a list item or the end of a sentence, not an initial.
    if initials {
        return last.contains('.') || last.chars().all(char::is_uppercase);
    }
    last.is_ascii()
        && ABBREVIATIONS.binary_search(&last.to_ascii_lowercase().as_str()).is_ok()
        && last.starts_with(|c: char| c.is_ascii_uppercase())
        || matches!(last, "vs" | "etc" | "retd")
}

/// Abbreviated titles, which stand before a name and are not part of it, in lower case.
const TITLES: &[&str] = &[
    "adm", "brig", "capt", "cmdr", "col", "cpl", "dr", "fr", "gen", "gov", "hon", "insp", "lt", "maj", "messrs", "mr",
    "mrs", "ms", "prof", "rep", "reps", "rev", "sen", "sens", "sgt", "spc", "supt",
];

/// Whether a word is an abbreviated title: "Mr".
pub(in crate::text) fn is_title(word: &str) -> bool {
    word.starts_with(char::is_uppercase) && TITLES.binary_search(&word.to_lowercase().as_str()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_abbreviations_are_sorted() {
        assert!(ABBREVIATIONS.is_sorted() && TITLES.is_sorted());
        assert!(TITLES.iter().all(|title| ABBREVIATIONS.contains(title)));
    }
}
