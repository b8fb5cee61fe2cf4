//! Words in the names of organisations.

/// Whether a word says what kind of organisation it is, and not which.
pub(in crate::link::cluster) fn is_generic(word: &str) -> bool {
    contains(GENERIC, word)
}

/// Whether a word is a legal form of companies.
pub(in crate::link::cluster) fn is_legal_form(word: &str) -> bool {
    contains(LEGAL_FORMS, word)
}

/// Whether a word joins two names to a third: "of" in "Bank of America".
pub(in crate::link::cluster) fn is_joining(word: &str) -> bool {
    contains(JOINING, word)
}

/// Whether acronyms leave a word out.
pub(super) fn is_left_out(word: &str) -> bool {
    contains(LEFT_OUT, word)
}

/// Whether a word says what a ministry or department is for.
pub(super) fn is_topic(word: &str) -> bool {
    contains(TOPICS, word)
}

/// Whether a name says which body of a state it is, and not of which state: "Supreme Court", "Ministry of Foreign Affairs", "Army".
pub(in crate::link::cluster) fn is_state_relative(text: &str) -> bool {
    let is_plain = |word| [GENERIC, TOPICS, LEFT_OUT, RANKS, STATE_BODIES].iter().any(|list| contains(list, word));
    text.split(' ').all(is_plain) && text.split(' ').any(|word| contains(STATE_BODIES, word))
}

fn contains(list: &[&str], word: &str) -> bool {
    list.binary_search(&word).is_ok()
}

const LEFT_OUT: &[&str] = &[
    "a", "and", "da", "de", "des", "di", "do", "du", "e", "el", "et", "for", "in", "la", "of", "on", "the", "to",
    "und", "y",
];
const JOINING: &[&str] =
    &["and", "at", "by", "de", "di", "for", "from", "in", "of", "on", "to", "v", "versus", "vs", "with"];

/// Legal forms of companies as news writes them at the end of a name, from the ISO 20275 list.
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

/// Bodies that every state has.
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

/// Words that tell the bodies of one state apart, but not those of two states.
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
        for list in [LEFT_OUT, JOINING, LEGAL_FORMS, GENERIC, TOPICS, STATE_BODIES, RANKS] {
            assert_eq!(list.windows(2).find(|two| two[0] >= two[1]), None);
        }
    }

    #[test]
    fn organisations_without_their_state() {
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
            assert_eq!(is_state_relative(text), want, "{text}");
        }
    }
}
