//! Chinese, Korean and Vietnamese names, whose syllables decide: one other syllable is another person, and one syllable is written in
//! several ways.
//!
//! Romanisations: Pinyin and Wade-Giles for Chinese; Revised, McCune-Reischauer and customary for Korean; Vietnamese without its marks.

use std::collections::HashSet;
use std::sync::LazyLock;

use foldhash::fast::FixedState;

use crate::lexicon::{FamilyLanguage, Lexicon};

/// What the syllables of two names say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Syllables {
    /// The same in two romanisations, or with other hyphens.
    Same,
    /// At least one is another.
    Different,
}

impl Syllables {
    /// What the syllables of two names, given by their parts, say. `None` unless both are full names of one language.
    pub(super) fn compare(a: &[&str], b: &[&str]) -> Option<Self> {
        let (one, other) = (Reading::all(a), Reading::all(b));
        let pairs = || one.iter().flat_map(|one| other.iter().map(move |other| (one, other)));
        let alike: Vec<_> = pairs().filter(|(one, other)| one.language == other.language).collect();
        if alike.is_empty() {
            return None;
        }
        // One name may be of several languages, and begin or end with its family name: names are different only if no reading says else.
        let mut different = true;
        for (one, other) in alike {
            match one.compare(other) {
                Some(Self::Same) => return Some(Self::Same),
                Some(Self::Different) => {}
                None => different = false,
            }
        }
        different.then_some(Self::Different)
    }
}

/// How a name, given by its parts, may be read as a Chinese, Korean or Vietnamese one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EastAsian {
    /// News calls the bearer by the first part, the family name: Chinese and Korean names, also those of which both ends may be one.
    ByFirst,
    /// News calls the bearer by the last part.
    ByLast,
}

impl EastAsian {
    /// `None` if it is a name of none of these languages.
    pub(super) fn find(parts: &[&str]) -> Option<Self> {
        let readings = Reading::all(parts);
        let is_first = |reading: &Reading| reading.is_first && reading.language != FamilyLanguage::Vietnamese;
        let is_vietnamese = |reading: &Reading| reading.is_first && reading.language == FamilyLanguage::Vietnamese;
        let by_first = readings.iter().any(is_first) && !readings.iter().any(is_vietnamese);
        (!readings.is_empty()).then_some(if by_first { Self::ByFirst } else { Self::ByLast })
    }
}

/// A name as one of a language: its syllables, the surname first.
#[derive(Debug)]
struct Reading {
    language: FamilyLanguage,
    syllables: Vec<String>,
    /// Whether the family name comes first.
    is_first: bool,
    /// Whether it is surely Pinyin, which writes given names as one word.
    is_pinyin: bool,
}

impl Reading {
    /// The readings of a name whose first or last part is a surname of one of the languages, and whose other parts are syllables of it.
    fn all(parts: &[&str]) -> Vec<Self> {
        let [first, .., last] = parts else { return Vec::new() };
        let n = parts.len();
        let mut readings = Vec::new();
        for language in [FamilyLanguage::Chinese, FamilyLanguage::Korean, FamilyLanguage::Vietnamese] {
            let is_surname = |part: &str| Lexicon::english().is_family_name(part, language);
            let orders = [(true, first, &parts[1..]), (false, last, &parts[..n - 1])];
            for (is_first, surname, given) in orders.into_iter().filter(|(_, part, _)| is_surname(part)) {
                let cut: Option<Vec<Vec<String>>> = given.iter().map(|part| syllables(part, language)).collect();
                let Some(cut) = cut else { continue };
                let mut syllables = vec![(*surname).to_owned()];
                syllables.extend(cut.into_iter().flatten());
                if (2..=4).contains(&syllables.len()) {
                    let is_pinyin = given.len() == 1 && syllables.iter().all(|syllable| is_pinyin(syllable));
                    readings.push(Self { language, syllables, is_first, is_pinyin });
                }
            }
        }
        readings
    }

    fn compare(&self, other_name: &Self) -> Option<Syllables> {
        if self.syllables.len() != other_name.syllables.len() {
            return None;
        }
        let pairs = || self.syllables.iter().zip(&other_name.syllables);
        if pairs().all(|(one, other)| one == other) {
            return Some(Syllables::Same);
        }
        let is_other = |one: &str, other: &str| match self.language {
            FamilyLanguage::Vietnamese => one != other,
            FamilyLanguage::Korean => korean(one) != korean(other),
            FamilyLanguage::Chinese if self.is_pinyin && other_name.is_pinyin => {
                one != other && !is_ambiguous_pinyin(one, other)
            }
            FamilyLanguage::Chinese => chinese(one) != chinese(other),
        };
        if pairs().any(|(one, other)| is_other(one, other)) {
            return Some(Syllables::Different);
        }
        let is_same = |one: &str, other: &str| one == other || self.language != FamilyLanguage::Vietnamese;
        pairs().all(|(one, other)| is_same(one, other)).then_some(Syllables::Same)
    }
}

/// The syllables of a part of a given name; `None` if it does not consist of syllables.
fn syllables(part: &str, language: FamilyLanguage) -> Option<Vec<String>> {
    let is_one = |text: &str| match language {
        FamilyLanguage::Chinese => is_pinyin(text) || is_wade_giles(text),
        FamilyLanguage::Korean => is_korean(text),
        FamilyLanguage::Vietnamese => is_vietnamese(text),
    };
    if is_one(part) {
        return Some(vec![part.to_owned()]);
    }
    // "Zedong" and "Jaeyong" are two syllables.
    let cut = (2..part.len().saturating_sub(1)).rev().find(|&at| is_one(&part[..at]) && is_one(&part[at..]));
    let at = cut.filter(|_| language != FamilyLanguage::Vietnamese)?;
    Some(vec![part[..at].to_owned(), part[at..].to_owned()])
}

const PINYIN_INITIALS: [&str; 24] = [
    "zh", "ch", "sh", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "r", "z", "c", "s", "y",
    "w", "",
];
const PINYIN_FINALS: [&str; 35] = [
    "iang", "iong", "uang", "ang", "eng", "ian", "iao", "ing", "ong", "uai", "uan", "ai", "an", "ao", "ei", "en", "er",
    "ia", "ie", "in", "iu", "ou", "ua", "ue", "ui", "un", "uo", "a", "e", "i", "o", "u", "v", "ve", "ue",
];

/// Whether letters are a syllable of Pinyin.
fn is_pinyin(text: &str) -> bool {
    let Some((initial, rest)) = split(text, &PINYIN_INITIALS) else { return false };
    if !PINYIN_FINALS.contains(&rest) {
        return false;
    }
    match initial {
        "" => matches!(rest, "a" | "ai" | "an" | "ang" | "ao" | "e" | "en" | "er" | "ou"),
        "j" | "q" | "x" => {
            matches!(
                rest,
                "i" | "ia" | "ian" | "iang" | "iao" | "ie" | "in" | "ing" | "iong" | "iu" | "u" | "uan" | "ue" | "un"
            )
        }
        "zh" | "ch" | "sh" | "r" | "z" | "c" | "s" => {
            !matches!(rest, "ia" | "ian" | "iang" | "iao" | "ie" | "in" | "ing" | "iong" | "iu" | "ue" | "o" | "v")
        }
        "y" => matches!(
            rest,
            "a" | "an" | "ang" | "ao" | "e" | "i" | "in" | "ing" | "ong" | "ou" | "u" | "uan" | "ue" | "un" | "o"
        ),
        "w" => matches!(rest, "a" | "ai" | "an" | "ang" | "ei" | "en" | "eng" | "o" | "u"),
        "b" | "p" | "m" | "f" => matches!(
            rest,
            "a" | "ai"
                | "an"
                | "ang"
                | "ao"
                | "ei"
                | "en"
                | "eng"
                | "i"
                | "ian"
                | "iao"
                | "ie"
                | "in"
                | "ing"
                | "iu"
                | "o"
                | "ou"
                | "u"
                | "e"
        ),
        "g" | "k" | "h" => !rest.starts_with('i') && rest != "o" && rest != "ue",
        _ => {
            !matches!(rest, "iong" | "o" | "uai" | "uang" | "ua" | "ui" | "er")
                || matches!((initial, rest), ("d" | "t", "ui"))
        }
    }
}

/// Whether letters are a syllable of Wade-Giles without its apostrophes.
fn is_wade_giles(text: &str) -> bool {
    const INITIALS: [&str; 24] = [
        "tz", "ts", "ch", "hs", "sh", "ss", "sz", "p", "m", "f", "t", "n", "l", "k", "h", "j", "s", "y", "w", "r", "g",
        "d", "b", "",
    ];
    const FINALS: [&str; 43] = [
        "iang", "iung", "uang", "ang", "eng", "ien", "iao", "ing", "ung", "uai", "uan", "ai", "an", "ao", "ei", "en",
        "erh", "ia", "ieh", "in", "iu", "ou", "ua", "ueh", "ui", "un", "uo", "a", "e", "i", "ih", "o", "u", "uei",
        "en", "ian", "yu", "ee", "oo", "eh", "iong", "ong", "ow",
    ];
    split(text, &INITIALS)
        .is_some_and(|(initial, rest)| !(initial.is_empty() && rest.len() < 2) && FINALS.contains(&rest))
}

/// A class of syllables that Pinyin and Wade-Giles may both write: without aspiration, with one vowel for those that are written alike.
fn chinese(text: &str) -> String {
    const INITIALS: [(&str, &str); 26] = [
        ("zh", "J"),
        ("ch", "J"),
        ("sh", "S"),
        ("hs", "S"),
        ("tz", "Z"),
        ("ts", "Z"),
        ("ss", "Z"),
        ("sz", "Z"),
        ("p", "B"),
        ("b", "B"),
        ("t", "D"),
        ("d", "D"),
        ("k", "G"),
        ("g", "G"),
        ("q", "J"),
        ("j", "J"),
        ("x", "S"),
        ("r", "J"),
        ("z", "Z"),
        ("c", "Z"),
        ("s", "S"),
        ("y", ""),
        ("w", "U"),
        ("m", "M"),
        ("f", "F"),
        ("h", "H"),
    ];
    const FINALS: [(&str, &str); 24] = [
        ("ueh", "ue"),
        ("ieh", "ie"),
        ("ien", "ian"),
        ("iung", "ong"),
        ("iong", "ong"),
        ("ung", "ong"),
        ("erh", "er"),
        ("uei", "ui"),
        ("ih", "i"),
        ("eh", "e"),
        ("uo", "e"),
        ("o", "e"),
        ("ou", "u"),
        ("oo", "u"),
        ("ee", "i"),
        ("yu", "u"),
        ("iu", "u"),
        ("eng", "eng"),
        ("u", "u"),
        ("ow", "ao"),
        ("ia", "a"),
        ("iang", "ang"),
        ("iao", "ao"),
        ("e", "e"),
    ];
    let (initial, rest) = INITIALS
        .iter()
        .find_map(|(letters, class)| Some((*class, text.strip_prefix(letters)?)))
        .filter(|(_, rest)| !rest.is_empty())
        .unwrap_or_else(|| {
            if text.starts_with(['l', 'n']) {
                (if text.starts_with('l') { "L" } else { "N" }, &text[1..])
            } else {
                ("", text)
            }
        });
    let rest = FINALS.iter().find(|(letters, _)| *letters == rest).map_or(rest, |(_, class)| class);
    // The vowel of "si", "zi", "ci" is written i, u, e or ih.
    let rest = if matches!(initial, "Z" | "S" | "J") && matches!(rest, "i" | "u" | "e") { "i" } else { rest };
    format!("{initial}{rest}")
}

/// Two spellings that Pinyin itself has for one syllable: "lü" as "lu", "lyu" or "lv".
fn is_ambiguous_pinyin(a: &str, b: &str) -> bool {
    let without = |text: &str| text.replace('v', "u").replace("yu", "u");
    without(a) == without(b)
}

/// Whether letters may be a syllable of Korean in one of its romanisations.
fn is_korean(text: &str) -> bool {
    static INITIALS: [&str; 26] = [
        "kk", "tt", "pp", "ss", "jj", "ch", "sh", "k", "g", "t", "d", "p", "b", "s", "j", "r", "l", "n", "m", "h", "y",
        "w", "rh", "hy", "c", "",
    ];
    static VOWELS: [&str; 34] = [
        "yeo", "yae", "oung", "wae", "woo", "you", "eui", "yoo", "ae", "eo", "eu", "ya", "ye", "yo", "yu", "wa", "we",
        "wi", "wo", "oe", "ui", "ee", "oo", "ou", "ai", "ei", "uh", "ah", "oh", "a", "e", "i", "o", "u",
    ];
    const FINALS: [&str; 14] = ["ng", "ck", "k", "g", "n", "l", "r", "m", "p", "b", "t", "d", "h", ""];
    if text.len() > 6 {
        return false;
    }
    INITIALS
        .iter()
        .filter_map(|initial| text.strip_prefix(initial))
        .any(|rest| VOWELS.iter().filter_map(|vowel| rest.strip_prefix(vowel)).any(|last| FINALS.contains(&last)))
}

/// A class of syllables that the romanisations of Korean write alike.
fn korean(text: &str) -> String {
    // Surnames have customs of their own.
    match text {
        "lee" | "yi" | "ri" | "rhee" | "li" | "i" | "yee" | "rhi" => return "I".to_owned(),
        "no" | "roh" | "noh" | "ro" | "rho" => return "No".to_owned(),
        "park" | "pak" | "bak" | "bahk" => return "Bak".to_owned(),
        "choi" | "choe" | "chwe" => return "Choe".to_owned(),
        "yim" | "im" | "lim" | "rim" | "ihm" => return "Im".to_owned(),
        "yoo" | "yu" | "ryu" | "you" | "liu" | "ryoo" => return "Yu".to_owned(),
        "yang" | "ryang" | "liang" => return "Yang".to_owned(),
        _ => {}
    }
    let mut out = String::new();
    let first = text.find(|c: char| "aeiouyw".contains(c)).unwrap_or(text.len());
    out.push_str(match &text[..first] {
        "k" | "g" | "kk" => "G",
        "t" | "d" | "tt" => "D",
        "p" | "b" | "pp" => "B",
        "ch" | "j" | "jj" | "c" => "J",
        "s" | "ss" | "sh" => "S",
        "r" | "l" | "rh" => "L",
        other => other,
    });
    let rest = &text[first..];
    let vowels_end = rest.find(|c: char| !"aeiouyw".contains(c)).unwrap_or(rest.len());
    let (vowels, last) = rest.split_at(vowels_end);
    out.push_str(match vowels {
        "ae" | "ai" | "e" | "ei" | "yae" | "ye" => "e",
        "eo" | "o" | "u" | "oo" | "ou" | "woo" | "wo" | "uh" | "eu" => "o",
        "yeo" | "yo" | "yu" | "you" | "yoo" | "youn" => "yo",
        "i" | "ee" | "ui" | "eui" | "ie" | "wi" | "yi" => "i",
        other => other,
    });
    out.push_str(match last {
        "k" | "g" | "ck" => "g",
        "t" | "d" => "t",
        "p" | "b" => "b",
        "l" | "r" => "l",
        "h" => "",
        other => other,
    });
    out
}

/// Whether letters may be a syllable of Vietnamese.
fn is_vietnamese(text: &str) -> bool {
    static SYLLABLES: LazyLock<HashSet<String, FixedState>> = LazyLock::new(|| {
        const INITIALS: [&str; 27] = [
            "ngh", "ng", "nh", "gh", "gi", "kh", "ph", "qu", "th", "tr", "ch", "b", "c", "d", "g", "h", "k", "l", "m",
            "n", "p", "r", "s", "t", "v", "x", "",
        ];
        const FINALS: [&str; 86] = [
            "a", "ac", "ach", "ai", "am", "an", "ang", "anh", "ao", "ap", "at", "au", "ay", "e", "ec", "em", "en",
            "eng", "enh", "eo", "ep", "et", "eu", "i", "ia", "ich", "iec", "iem", "ien", "ieng", "iep", "iet", "ieu",
            "im", "in", "inh", "ip", "it", "iu", "o", "oa", "oac", "oai", "oan", "oang", "oat", "oc", "oe", "oi", "om",
            "on", "ong", "op", "ot", "u", "ua", "uan", "uang", "uat", "uc", "ue", "uech", "uenh", "ui", "um", "un",
            "ung", "uoc", "uoi", "uom", "uon", "uong", "uot", "uou", "up", "ut", "uu", "uy", "uya", "uyen", "uyet",
            "uynh", "y", "yen", "yeu", "oanh",
        ];
        INITIALS.iter().flat_map(|initial| FINALS.iter().map(move |rest| format!("{initial}{rest}"))).collect()
    });
    SYLLABLES.contains(text)
}

fn split<'t>(text: &'t str, initials: &[&'static str]) -> Option<(&'static str, &'t str)> {
    initials.iter().find_map(|initial| {
        let rest = text.strip_prefix(initial)?;
        (!rest.is_empty()).then_some((*initial, rest))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_decide() {
        use Syllables::{Different, Same};
        for (a, b, want) in [
            ("Mao Zedong", "Mao Tse-tung", Some(Same)),
            ("Zhou Enlai", "Chou En-lai", Some(Same)),
            ("Tsai Ing-wen", "Cai Yingwen", Some(Same)),
            ("Deng Xiaoping", "Teng Hsiao-ping", Some(Same)),
            ("Roh Moo-hyun", "No Mu-hyeon", Some(Same)),
            ("Kim Jong-un", "Kim Jong Un", Some(Same)),
            ("Park Geun-hye", "Pak Kun-hye", Some(Same)),
            ("Lee Jae-myung", "Lee Jae-yong", Some(Different)),
            ("Chen Gang", "Cheng Gang", Some(Different)),
            ("Zhang Lei", "Zhang Li", Some(Different)),
            ("Li Peng", "Li Ping", Some(Different)),
            ("Phan Van Khai", "Phan Van Khoi", Some(Different)),
            ("Xi Jinping", "Jinping Xi", Some(Same)),
            ("Ali Larijani", "Sadeq Larijani", None),
            ("Bill Clinton", "William Clinton", None),
            ("Kim Clijsters", "Kim Clysters", None),
        ] {
            let [one, other] = [a, b].map(|name| name.to_lowercase().replace('-', " "));
            let [one, other] = [&one, &other].map(|name| name.split(' ').collect::<Vec<_>>());
            assert_eq!(Syllables::compare(&one, &other), want, "{a} {b}");
        }
    }
}
