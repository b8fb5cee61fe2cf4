//! How does a surface become words that can be compared?
//!
//! Case, marks, apostrophes, possessives, dots of abbreviations, hyphens, a leading "the" and what a parenthesis adds are set aside;
//! British and American spellings become one. Words that are joined to a name by a hyphen ("London-based", "ex-Beatle") go too.

/// The words of a surface: lower-case Latin letters and digits, joined by blanks; never empty for a surface with a letter or digit.
pub(super) fn fold(surface: &str) -> String {
    let plain = surface.split_once(" (").map_or(surface, |(name, _)| name);
    let mut words = words(plain);
    if words.is_empty() {
        words = self::words(surface);
    }
    if words.is_empty() {
        return surface.trim().to_owned();
    }
    if words.len() > 1 && ARTICLES.contains(&words[0].text.as_str()) {
        words.remove(0);
    }
    if words.len() > 1 && words[0].hyphen_after && AFFIXES_BEFORE.contains(&words[0].text.as_str()) {
        words.remove(0);
    }
    while let [.., before, last] = words.as_slice()
        && before.hyphen_after
        && AFFIXES_AFTER.contains(&last.text.as_str())
    {
        words.pop();
    }
    let spelled: Vec<String> = words.into_iter().map(|word| spelling(word.text)).collect();
    spelled.join(" ")
}

/// Whether a surface is one word of two to eight letters, all of them capitals but for a small one between or an `s` at the end.
pub(super) fn looks_like_acronym(surface: &str) -> bool {
    let letters: Vec<char> = surface.chars().filter(|c| !matches!(c, '.' | '&' | '-')).collect();
    let n_capitals = letters.iter().filter(|c| c.is_uppercase()).count();
    (2..=8).contains(&letters.len())
        && letters.iter().all(|c| c.is_alphabetic())
        && n_capitals >= 2
        && 3 * n_capitals >= 2 * letters.len()
}

struct Word {
    text: String,
    hyphen_after: bool,
}

fn words(surface: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut text = String::new();
    let mut close = |text: &mut String, hyphen_after: bool| {
        // What an apostrophe cut off: "Pakistan's".
        if text == "\u{1}s" {
            text.clear();
        }
        text.retain(|c| c != '\u{1}');
        if !text.is_empty() {
            words.push(Word { text: std::mem::take(text), hyphen_after });
        } else if let Some(last) = words.last_mut() {
            last.hyphen_after |= hyphen_after;
        }
    };
    let mut chars = surface.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\'' | '\u{2019}' | '\u{2018}' | '`' | 'ʻ' | 'ʼ' => {
                let ends_in_s = matches!(chars.peek(), Some('s' | 'S')) && {
                    let mut ahead = chars.clone();
                    ahead.next();
                    ahead.peek().is_none_or(|next| !next.is_alphanumeric())
                };
                if ends_in_s {
                    close(&mut text, false);
                    text.push('\u{1}');
                }
            }
            '.' => {}
            '&' => {
                // "AT&T" is one word, "Standard & Poor's" has three.
                if text.is_empty() {
                    text.push_str("and");
                    close(&mut text, false);
                }
            }
            '-' | '\u{2010}'..='\u{2015}' | '/' => close(&mut text, true),
            _ if c.is_alphanumeric() => {
                if c.is_ascii() {
                    text.push(c.to_ascii_lowercase());
                } else if let Some(latin) = deunicode::deunicode_char(c) {
                    text.extend(latin.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()));
                } else {
                    text.extend(c.to_lowercase());
                }
            }
            _ => close(&mut text, false),
        }
    }
    close(&mut text, false);
    words
}

/// The American spelling of a British word, by its ending and a list (Oxford Guide to British and American spelling).
fn spelling(word: String) -> String {
    for (british, american) in ENDINGS {
        if let Some(stem) = word.strip_suffix(british).filter(|stem| stem.len() >= 3) {
            return format!("{stem}{american}");
        }
    }
    match WORDS.iter().find(|(british, _)| *british == word) {
        Some((_, american)) => (*american).to_owned(),
        None => word,
    }
}

const ARTICLES: &[&str] = &["the", "a", "an"];
const AFFIXES_BEFORE: &[&str] = &["anti", "ex", "mid", "non", "post", "pre", "pro", "trans"];
const AFFIXES_AFTER: &[&str] = &[
    "administered",
    "area",
    "backed",
    "based",
    "born",
    "bound",
    "brokered",
    "controlled",
    "dominated",
    "educated",
    "funded",
    "held",
    "listed",
    "linked",
    "led",
    "made",
    "mediated",
    "occupied",
    "owned",
    "run",
    "sponsored",
    "supported",
    "style",
    "trained",
    "wide",
];
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
    fn surfaces_are_folded() {
        for (surface, want) in [
            ("LONDON", "london"),
            ("the United States", "united states"),
            ("The", "the"),
            ("U.S.", "us"),
            ("Pakistan's", "pakistan"),
            ("Standard & Poor’s 500", "standard and poor 500"),
            ("AT&T", "att"),
            ("London-based", "london"),
            ("ex-England", "england"),
            ("Amir-Abdollahian", "amir abdollahian"),
            ("O'Gorman", "ogorman"),
            ("Economic Cooperation Organisation (ECO)", "economic cooperation organization"),
            ("Labour Party", "labor party"),
            ("Erdoğan", "erdogan"),
            ("***", "***"),
        ] {
            assert_eq!(fold(surface), want, "{surface}");
        }
    }

    #[test]
    fn acronyms_are_short_and_in_capitals() {
        let found: Vec<&str> = ["ECO", "U.N.", "BoA", "Eco", "MUHAMMADAN", "X", "USAF", "G7"]
            .into_iter()
            .filter(|s| looks_like_acronym(s))
            .collect();
        assert_eq!(found, ["ECO", "U.N.", "BoA", "USAF"]);
    }
}
