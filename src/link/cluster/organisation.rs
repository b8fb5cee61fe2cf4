//! Are two names one organisation's?
//!
//! Of the organisations that six sets of news name by something else than their main name, 42 % are a shorter head and 8 % an
//! acronym. Only 36 % of the official abbreviations of 678 international bodies are plain initials, so that an acronym that
//! the text defines is looked at less strictly than one that merely fits.

use super::form::Form;
use super::reason::Reason;

/// What the words of an organisation's name say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    /// The words without a legal form at the end, where there is one.
    pub(super) without_legal_form: Option<String>,
    /// What a ministry or department is for, and whose it is: "foreign", "pakistan".
    pub(super) ministry: Option<(String, String)>,
    /// The first letters: of all words, and without those that acronyms leave out.
    pub(super) initials: Vec<String>,
}

impl Head {
    pub(super) fn of(text: &str) -> Self {
        let words: Vec<&str> = text.split(' ').collect();
        let n = words.len();
        let mut end = n;
        while end > 1 && LEGAL_FORMS.contains(&words[end - 1]) {
            end -= 1;
        }
        while end > 1 && end < n && words[end - 1] == "and" {
            end -= 1;
        }
        let without_legal_form = (end < n).then(|| words[..end].join(" "));
        Self { without_legal_form, ministry: ministry(&words), initials: initials(&words[..end]) }
    }

    /// The words without a legal form.
    pub(super) fn core<'a>(&'a self, form: &'a Form<'_>) -> &'a str {
        self.without_legal_form.as_deref().unwrap_or(&form.text)
    }
}

/// How sure it is that the shorter of two names, in one document, stands for the longer.
pub(super) fn compare(short: &Form<'_>, full: &Form<'_>) -> Option<(Reason, f32)> {
    if short.head.core(short) == full.head.core(full) {
        return Some((Reason::LegalForm, 0.97));
    }
    if short.is_acronym && full.head.initials.contains(&short.text) {
        return Some((Reason::Acronym, if short.text.len() > 2 { 0.95 } else { 0.85 }));
    }
    if let (Some((topic, whose)), Some((other, others))) = (&short.head.ministry, &full.head.ministry) {
        let fits = whose.is_empty() || others.is_empty() || whose == others;
        return (topic == other && fits).then_some((Reason::Ministry, 0.93));
    }
    part(short, full)
}

/// The first or last words of a longer name.
fn part(short: &Form<'_>, full: &Form<'_>) -> Option<(Reason, f32)> {
    // Many bodies begin with the name of their country, which is none of them.
    if short.known.is_land() {
        return None;
    }
    let (part, whole): (Vec<&str>, Vec<&str>) = (short.words().collect(), full.words().collect());
    if part.len() >= whole.len() || part.iter().all(|word| is_generic(word) || word.len() < 3) {
        return None;
    }
    let rest = if whole.starts_with(&part) {
        let rest = &whole[part.len()..];
        if JOINS.contains(&rest[0]) {
            return None;
        }
        let generic = rest.iter().all(|word| is_generic(word) || LEGAL_FORMS.contains(word));
        // A part, product or daughter has a name of its own (Apple and Apple Corps); a town that is labelled an organisation is short
        // for its team.
        let is_team = short.known.town().is_some() && short.known.body().is_none();
        return (generic || is_team).then_some((Reason::Head, if generic { 0.94 } else { 0.8 }));
    } else if whole.ends_with(&part) {
        &whole[..whole.len() - part.len()]
    } else {
        return None;
    };
    let joined = rest.last().is_some_and(|word| JOINS.contains(word));
    // Three words and more before a name describe it ("the aircraft manufacturer Boeing"); they say little of which it is.
    (!joined && rest.len() <= 2).then_some((Reason::Tail, 0.85))
}

/// Whether an acronym that the text defines can stand for a name: its letters stand in the name in their order, the first letter
/// begins a word, and at least half of the letters do.
pub(super) fn is_abbreviation(short: &str, full: &str) -> bool {
    let letters: Vec<char> = short.chars().filter(|c| c.is_alphanumeric()).collect();
    let n = letters.len();
    if n < 2 || full.chars().count() <= n + 1 {
        return false;
    }
    let words: Vec<Vec<char>> = full.split(' ').map(|word| word.chars().collect()).collect();
    let places: Vec<(usize, usize)> = (0..words.len()).flat_map(|w| (0..words[w].len()).map(move |c| (w, c))).collect();
    // best[p]: most word beginnings used by a match of the letters so far that ends at place p.
    let mut best: Vec<Option<usize>> = vec![None; places.len()];
    for (nth, letter) in letters.iter().enumerate() {
        let mut next = vec![None; places.len()];
        let mut before: Option<usize> = if nth == 0 { Some(0) } else { None };
        for (p, &(w, c)) in places.iter().enumerate() {
            let starts = c == 0;
            if words[w][c] == *letter && (nth > 0 || starts) {
                next[p] = before.map(|n| n + usize::from(starts));
            }
            if nth > 0 {
                before = before.max(best[p]);
            }
        }
        best = next;
    }
    best.into_iter().flatten().max().is_some_and(|starts| 2 * starts >= n)
}

/// Whether a word says what kind of body it is, and not which.
pub(super) fn is_generic(word: &str) -> bool {
    GENERIC.binary_search(&word).is_ok()
}

/// Whether a word is a legal form of companies.
pub(super) fn is_legal_form(word: &str) -> bool {
    LEGAL_FORMS.binary_search(&word).is_ok()
}

/// Whether a name says what body of a state it is and not of which: "Supreme Court", "Ministry of Foreign Affairs", "Army".
pub(super) fn is_relative(text: &str) -> bool {
    let is_plain = |word: &str| {
        [GENERIC, TOPICS, LEFT_OUT, RANKS, STATE_BODIES].iter().any(|list| list.binary_search(&word).is_ok())
    };
    text.split(' ').all(is_plain) && text.split(' ').any(|word| STATE_BODIES.binary_search(&word).is_ok())
}

/// What bodies of one state share that have the same task: what a ministry is for, of others the words.
pub(super) fn task(text: &str) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    ministry(&words).map_or_else(|| text.to_owned(), |(topic, _)| format!("ministry {topic}"))
}

fn initials(words: &[&str]) -> Vec<String> {
    if words.len() < 2 {
        return Vec::new();
    }
    let first = |words: &[&str]| words.iter().filter_map(|word| word.chars().next()).collect::<String>();
    let content: Vec<&str> = words.iter().copied().filter(|word| !LEFT_OUT.contains(word)).collect();
    let mut found = vec![first(words)];
    if content.len() >= 2 {
        found.push(first(&content));
    }
    found.dedup();
    found
}

/// What a ministry is for and whose it is.
fn ministry(words: &[&str]) -> Option<(String, String)> {
    let is_noun = |word: &&str| matches!(*word, "ministry" | "department" | "dept");
    if words.len() < 2 || !words.iter().any(is_noun) {
        return None;
    }
    let content = || words.iter().copied().filter(|word| !LEFT_OUT.contains(word) && !is_noun(word));
    let mut topics: Vec<&str> = content().filter(|word| TOPICS.binary_search(word).is_ok()).collect();
    let whose: Vec<&str> = content().filter(|word| TOPICS.binary_search(word).is_err()).collect();
    if topics.len() > 1 {
        topics.retain(|topic| *topic != "affairs");
    }
    if topics.is_empty() {
        return None;
    }
    topics.sort_unstable();
    Some((topics.join(" "), whose.join(" ")))
}

const LEFT_OUT: &[&str] = &[
    "a", "and", "da", "de", "des", "di", "do", "du", "e", "el", "et", "for", "in", "la", "of", "on", "the", "to",
    "und", "y",
];
const JOINS: &[&str] =
    &["and", "at", "by", "de", "di", "for", "from", "in", "of", "on", "to", "v", "versus", "vs", "with"];

/// Legal forms of companies, as news writes them at the end of a name (a choice of the ISO 20275 list).
const LEGAL_FORMS: &[&str] = &[
    "ab",
    "ag",
    "aktiengesellschaft",
    "as",
    "asa",
    "bhd",
    "bv",
    "co",
    "companies",
    "company",
    "corp",
    "corporation",
    "gmbh",
    "inc",
    "incorporated",
    "kg",
    "kgaa",
    "limited",
    "llc",
    "llp",
    "lp",
    "ltd",
    "nv",
    "oao",
    "ooo",
    "oy",
    "oyj",
    "plc",
    "pty",
    "pvt",
    "sa",
    "sab",
    "sarl",
    "sas",
    "sdn",
    "se",
    "spa",
    "srl",
    "zao",
];

/// Words that say what kind of body it is.
const GENERIC: &[&str] = &[
    "academy",
    "administration",
    "agency",
    "airline",
    "airlines",
    "airways",
    "alliance",
    "army",
    "assembly",
    "association",
    "authority",
    "bank",
    "beverages",
    "board",
    "breweries",
    "brewery",
    "broadcasting",
    "brothers",
    "bureau",
    "cabinet",
    "capital",
    "center",
    "chamber",
    "chemical",
    "chemicals",
    "church",
    "city",
    "club",
    "college",
    "commission",
    "committee",
    "communications",
    "companies",
    "company",
    "computer",
    "computers",
    "confederation",
    "conference",
    "congress",
    "cooperation",
    "corp",
    "corporation",
    "council",
    "county",
    "court",
    "department",
    "district",
    "division",
    "electric",
    "electronics",
    "energy",
    "enterprise",
    "enterprises",
    "entertainment",
    "exchange",
    "fc",
    "federation",
    "financial",
    "foods",
    "force",
    "forces",
    "foundation",
    "front",
    "fund",
    "government",
    "group",
    "hall",
    "holding",
    "holdings",
    "hospital",
    "house",
    "industries",
    "institute",
    "institution",
    "insurance",
    "international",
    "laboratories",
    "league",
    "media",
    "mining",
    "ministry",
    "motor",
    "motors",
    "movement",
    "museum",
    "national",
    "network",
    "news",
    "newspaper",
    "office",
    "oil",
    "organization",
    "parliament",
    "partners",
    "party",
    "petroleum",
    "pharmaceutical",
    "pharmaceuticals",
    "pictures",
    "police",
    "power",
    "press",
    "publishing",
    "radio",
    "railway",
    "railways",
    "republic",
    "resources",
    "school",
    "securities",
    "senate",
    "service",
    "services",
    "shipping",
    "society",
    "software",
    "state",
    "steel",
    "stores",
    "studios",
    "systems",
    "team",
    "technologies",
    "technology",
    "telecom",
    "telecommunications",
    "television",
    "treasury",
    "tribunal",
    "trust",
    "tv",
    "union",
    "united",
    "university",
];

/// What every state has one of.
const STATE_BODIES: &[&str] = &[
    "army",
    "assembly",
    "bank",
    "cabinet",
    "commission",
    "congress",
    "council",
    "court",
    "department",
    "dept",
    "forces",
    "government",
    "guard",
    "house",
    "ministry",
    "navy",
    "office",
    "parliament",
    "police",
    "senate",
    "treasury",
];

/// Words that tell the bodies of one state apart, and not those of two.
const RANKS: &[&str] = &[
    "air",
    "appeal",
    "appeals",
    "armed",
    "central",
    "chief",
    "coast",
    "constitutional",
    "election",
    "electoral",
    "federal",
    "general",
    "high",
    "human",
    "judicial",
    "lower",
    "military",
    "minister",
    "people",
    "president",
    "prime",
    "reserve",
    "rights",
    "special",
    "supreme",
    "upper",
];

const TOPICS: &[&str] = &[
    "affairs",
    "agriculture",
    "commerce",
    "communications",
    "culture",
    "defense",
    "development",
    "economic",
    "economy",
    "education",
    "energy",
    "environment",
    "external",
    "finance",
    "fisheries",
    "foreign",
    "health",
    "home",
    "housing",
    "immigration",
    "industry",
    "information",
    "interior",
    "internal",
    "justice",
    "labor",
    "oil",
    "petroleum",
    "planning",
    "power",
    "railways",
    "science",
    "security",
    "social",
    "state",
    "technology",
    "tourism",
    "trade",
    "transport",
    "transportation",
    "treasury",
    "water",
    "welfare",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted() {
        for list in [LEFT_OUT, JOINS, LEGAL_FORMS, GENERIC, TOPICS, STATE_BODIES, RANKS] {
            assert_eq!(list.windows(2).find(|two| two[0] >= two[1]), None);
        }
    }

    #[test]
    fn abbreviations_need_their_letters_in_order() {
        for (short, full, want) in [
            ("eco", "economic cooperation organization", true),
            ("interpol", "international criminal police organization", false),
            ("boa", "bank of america", true),
            ("unesco", "united nations educational scientific and cultural organization", true),
            ("eco", "statutory regulatory order", false),
            ("left", "pakistan muslim league", false),
        ] {
            assert_eq!(is_abbreviation(short, full), want, "{short} {full}");
        }
    }

    #[test]
    fn bodies_of_no_named_state_are_relative() {
        for (text, want) in [
            ("supreme court", true),
            ("ministry of foreign affairs", true),
            ("army", true),
            ("central bank", true),
            ("us treasury", false),
            ("european commission", false),
            ("bank of america", false),
            ("national league", false),
        ] {
            assert_eq!(is_relative(text), want, "{text}");
        }
    }

    #[test]
    fn ministries_say_what_they_are_for() {
        for (text, topic, whose) in [
            ("foreign ministry", "foreign", ""),
            ("ministry of foreign affairs of pakistan", "foreign", "pakistan"),
            ("us treasury department", "treasury", "us"),
        ] {
            assert_eq!(Head::of(text).ministry, Some((topic.to_owned(), whose.to_owned())), "{text}");
        }
        assert_eq!(Head::of("conservative party").ministry, None);
    }
}
