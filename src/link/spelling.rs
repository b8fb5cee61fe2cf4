//! American spellings of British words: the endings and words of the Oxford style guide.

/// The American spelling of a British word, lower-case; `None` for any other word.
pub(super) fn american(word: &str) -> Option<String> {
    for (british, american) in ENDINGS {
        if let Some(stem) = word.strip_suffix(british).filter(|stem| stem.len() >= 3) {
            return Some(format!("{stem}{american}"));
        }
    }
    let found = WORDS.binary_search_by_key(&word, |(british, _)| british);
    found.ok().map(|at| WORDS[at].1.to_owned())
}

const ENDINGS: &[(&str, &str)] = &[("isation", "ization"), ("isations", "izations"), ("isational", "izational")];
const WORDS: &[(&str, &str)] = &[
    ("aeroplane", "airplane"),
    ("aluminium", "aluminum"),
    ("armour", "armor"),
    ("centre", "center"),
    ("centres", "centers"),
    ("colour", "color"),
    ("defence", "defense"),
    ("favour", "favor"),
    ("fibre", "fiber"),
    ("grey", "gray"),
    ("harbour", "harbor"),
    ("honour", "honor"),
    ("jewellery", "jewelry"),
    ("labour", "labor"),
    ("licence", "license"),
    ("metre", "meter"),
    ("moslem", "muslim"),
    ("moslems", "muslims"),
    ("neighbour", "neighbor"),
    ("offence", "offense"),
    ("programme", "program"),
    ("programmes", "programs"),
    ("sulphur", "sulfur"),
    ("theatre", "theater"),
    ("theatres", "theaters"),
    ("tyre", "tire"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted() {
        assert!(WORDS.windows(2).all(|two| two[0].0 < two[1].0));
    }
}
