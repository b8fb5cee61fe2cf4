//! Words around a name that are no part of it: titles, suffixes, particles.
//!
//! They are the offices and honorifics of English-language news on the West, South Asia, Iran and the Arab world. A run at the start of a
//! name is set aside up to its last [`WordKind::Title`]. Words that are also common given names or surnames (Shah, Malik, Mir, Sultan,
//! Khan, Prince, King, Major) are not listed: a name must not lose them.

use std::collections::HashMap;
use std::sync::LazyLock;

use foldhash::fast::FixedState;

/// What a word means before, inside or after a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WordKind {
    /// Office or honorific that may end a run of titles: minister, gen, dr, sheikh.
    Title,
    /// Part of a run that a title ends: prime, foreign, of, the.
    Qualifier,
    /// Generation, degree or state of service: jr, iii, phd, retd.
    Suffix,
    /// Arabic article and its assimilated forms: al, el, ul, ash.
    Article,
    /// "Son of" or "daughter of": bin, ibn, bint.
    Patronymic,
    /// "Father of" or "mother of": abu, umm.
    Kunya,
    /// "Of", "the" or "from" in European surnames: de, van, von.
    Nobiliary,
    /// "Servant of", which needs a name of God after it: abd, abdul.
    Servant,
    /// Any other word.
    Word,
}

/// What a lower-case word is.
pub(super) fn kind(word: &str) -> WordKind {
    static KNOWN: LazyLock<HashMap<&'static str, WordKind, FixedState>> = LazyLock::new(|| {
        // Of several lists with a word, the first one counts.
        LISTS.iter().rev().flat_map(|(list, kind)| list.iter().map(|word| (*word, *kind))).collect()
    });
    KNOWN.get(word).copied().unwrap_or(WordKind::Word)
}

const LISTS: [(&[&str], WordKind); 8] = [
    (TITLES, WordKind::Title),
    (QUALIFIERS, WordKind::Qualifier),
    (SUFFIXES, WordKind::Suffix),
    (ARTICLES, WordKind::Article),
    (PATRONYMICS, WordKind::Patronymic),
    (KUNYAS, WordKind::Kunya),
    (NOBILIARY, WordKind::Nobiliary),
    (SERVANTS, WordKind::Servant),
];

/// Whether a title also occurs between given names and surname.
pub(super) fn is_inner_title(word: &str) -> bool {
    matches!(
        word,
        "dr" | "haji" | "hajji" | "hajj" | "mullah" | "mulla" | "sheikh" | "shaykh" | "mawlawi" | "maulvi" | "molavi"
    )
}

const TITLES: &[&str] = &[
    "acting",
    "adm",
    "admiral",
    "adviser",
    "advisor",
    "advocate",
    "air",
    "allama",
    "allamah",
    "amb",
    "ambassador",
    "apostle",
    "archbishop",
    "ayatollah",
    "ayatullah",
    "baroness",
    "begum",
    "bishop",
    "brig",
    "brigadier",
    "capt",
    "captain",
    "cardinal",
    "caretaker",
    "ceo",
    "cfo",
    "ch",
    "chair",
    "chairman",
    "chairperson",
    "chairwoman",
    "chancellor",
    "chaudhary",
    "chaudhri",
    "chaudhry",
    "chaudry",
    "chief",
    "choudhry",
    "cllr",
    "cmdr",
    "coach",
    "col",
    "colonel",
    "commander",
    "commissioner",
    "comrade",
    "congressman",
    "congresswoman",
    "councillor",
    "cpl",
    "dame",
    "daw",
    "deputy",
    "detective",
    "dr",
    "engineer",
    "engr",
    "envoy",
    "excellency",
    "father",
    "fm",
    "fr",
    "gen",
    "general",
    "gov",
    "governor",
    "haj",
    "haji",
    "hajj",
    "hajji",
    "hojatoleslam",
    "hojjat",
    "hon",
    "honourable",
    "hujjat",
    "hujjatoleslam",
    "ing",
    "inspector",
    "journalist",
    "judge",
    "justice",
    "lady",
    "lawyer",
    "leader",
    "lieutenant",
    "lord",
    "lt",
    "ltcol",
    "ltgen",
    "mag",
    "maj",
    "majgen",
    "maulana",
    "maulvi",
    "mawlana",
    "mawlawi",
    "mayor",
    "minister",
    "miss",
    "mister",
    "mla",
    "mna",
    "molavi",
    "moulana",
    "moulvi",
    "mp",
    "mpa",
    "mr",
    "mrs",
    "ms",
    "msgr",
    "mufti",
    "mulla",
    "mullah",
    "officer",
    "ombudsman",
    "pastor",
    "pm",
    "pres",
    "president",
    "prof",
    "professor",
    "prosecutor",
    "qari",
    "rabbi",
    "rep",
    "representative",
    "rev",
    "reverend",
    "saint",
    "sardar",
    "sayed",
    "sayeed",
    "sayyed",
    "sayyid",
    "se",
    "secretary",
    "sen",
    "senator",
    "sergeant",
    "seyed",
    "seyyed",
    "sgt",
    "shaikh",
    "shaykh",
    "sheik",
    "sheikh",
    "sir",
    "sister",
    "speaker",
    "spokesman",
    "spokesperson",
    "spokeswoman",
    "sri",
    "syed",
    "tunku",
    "ustad",
    "ustaz",
];

const QUALIFIERS: &[&str] = &[
    "affairs",
    "agriculture",
    "army",
    "assistant",
    "chairing",
    "corps",
    "defence",
    "defense",
    "designate",
    "economy",
    "education",
    "elect",
    "energy",
    "executive",
    "external",
    "federal",
    "finance",
    "first",
    "for",
    "foreign",
    "former",
    "grand",
    "great",
    "health",
    "her",
    "his",
    "home",
    "house",
    "in",
    "information",
    "interim",
    "interior",
    "islam",
    "islamic",
    "joint",
    "justice",
    "late",
    "law",
    "lieutenant",
    "major",
    "marshal",
    "national",
    "navy",
    "of",
    "oil",
    "opposition",
    "outgoing",
    "parliament",
    "party",
    "police",
    "prime",
    "pro",
    "provincial",
    "railways",
    "retired",
    "rtd",
    "second",
    "security",
    "senior",
    "special",
    "staff",
    "state",
    "supreme",
    "the",
    "then",
    "trade",
    "us",
    "veteran",
    "vice",
    "wing",
];

const SUFFIXES: &[&str] = &[
    "cbe", "esq", "esquire", "ii", "iii", "iv", "jnr", "jr", "junior", "kbe", "kc", "mbbs", "mbe", "obe", "phd", "qc",
    "ret", "retd", "retired", "rtd", "senior", "snr", "sr",
];

const ARTICLES: &[&str] = &[
    "ad", "al", "an", "ar", "as", "ash", "at", "az", "ed", "el", "en", "er", "es", "il", "ud", "ul", "un", "ur", "us",
];
const PATRONYMICS: &[&str] =
    &["ben", "bin", "bint", "binte", "binti", "bn", "ibn", "oglu", "ogly", "ould", "qizi", "walad", "wald"];
const KUNYAS: &[&str] = &["aba", "abi", "abou", "abu", "bou", "om", "oum", "um", "umm"];
const NOBILIARY: &[&str] = &[
    "bar", "da", "das", "de", "del", "della", "den", "der", "des", "di", "do", "dos", "du", "el", "i", "la", "las",
    "le", "los", "ter", "van", "vom", "von", "y", "zu", "zum",
];
const SERVANTS: &[&str] =
    &["abd", "abdal", "abdel", "abdil", "abdol", "abdoul", "abdu", "abdul", "abdun", "abdur", "abdus", "abed"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_list_says_what_a_word_is() {
        for (word, want) in [
            ("minister", WordKind::Title),
            ("prime", WordKind::Qualifier),
            ("jr", WordKind::Suffix),
            ("el", WordKind::Article),
            ("ibn", WordKind::Patronymic),
            ("abu", WordKind::Kunya),
            ("van", WordKind::Nobiliary),
            ("abdul", WordKind::Servant),
            ("khan", WordKind::Word),
        ] {
            assert_eq!(kind(word), want, "{word}");
        }
    }

    #[test]
    fn the_lists_are_sorted_and_say_nothing_twice() {
        for (list, kind) in LISTS {
            assert_eq!(list.windows(2).find(|two| two[0] >= two[1]), None, "{kind:?}");
        }
    }
}
