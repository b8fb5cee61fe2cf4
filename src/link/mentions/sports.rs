//! Sports reports.
//!
//! News calls a team by its country or city. Taggers that follow CoNLL-2003 label national teams as locations, and mentions without
//! labels do not tell at all. On AIDA dev without labels, the name of a country in a sports report is the team in 126 of 163 cases where
//! it stands alone, and in 39 of 289 where it is right after another name, as a person's country is ("Becker (Germany)").

/// Points that make a document a sports report: two for each name of a competition, one for each different word of [`VOCABULARY`].
const ENOUGH: usize = 3;

/// Whether a document is a sports report; `surfaces` are those of its mentions.
pub(super) fn is_report(text: &str, surfaces: &[&str]) -> bool {
    let words = |text: &str| {
        let words = text.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| word.len() > 2);
        words.map(str::to_ascii_lowercase).collect::<Vec<_>>()
    };
    let is_competition =
        |name: &&&str| words(name).iter().any(|word| COMPETITIONS.binary_search(&word.as_str()).is_ok());
    let competitions = surfaces.iter().filter(is_competition).count();
    if 2 * competitions >= ENOUGH {
        return true;
    }
    let mut found: Vec<String> = words(text);
    found.retain(|word| VOCABULARY.binary_search(&word.as_str()).is_ok());
    found.sort_unstable();
    found.dedup();
    2 * competitions + found.len() >= ENOUGH
}

/// Words in the names of competitions, leagues and their bodies.
const COMPETITIONS: &[&str] = &[
    "ashes",
    "atp",
    "bundesliga",
    "championship",
    "championships",
    "cup",
    "division",
    "fifa",
    "league",
    "masters",
    "mlb",
    "nba",
    "nfl",
    "nhl",
    "olympic",
    "olympics",
    "open",
    "pga",
    "rugby",
    "tennis",
    "test",
    "tour",
    "trophy",
    "uefa",
    "wimbledon",
    "wta",
];

/// Words of reports on matches, races and players.
const VOCABULARY: &[&str] = &[
    "athletics",
    "baseball",
    "basketball",
    "batsman",
    "bowler",
    "championship",
    "coach",
    "cricket",
    "cup",
    "cyclist",
    "defender",
    "fixtures",
    "football",
    "goal",
    "goalkeeper",
    "goals",
    "golf",
    "halftime",
    "hockey",
    "innings",
    "league",
    "match",
    "midfielder",
    "olympic",
    "playoff",
    "playoffs",
    "qualifier",
    "quarterfinal",
    "referee",
    "rugby",
    "scored",
    "semifinal",
    "semifinals",
    "soccer",
    "standings",
    "striker",
    "tennis",
    "tournament",
    "umpire",
    "unbeaten",
    "wicket",
    "wickets",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted() {
        for list in [COMPETITIONS, VOCABULARY] {
            assert_eq!(list.windows(2).find(|two| two[0] >= two[1]), None);
        }
    }

    #[test]
    fn reports_on_sports() {
        for (text, names, want) in [
            ("Soccer: England beat Austria 2-0. The striker scored both goals.", &["England"][..], true),
            ("The World Cup is next year, and so is the European Cup.", &["World Cup", "European Cup"], true),
            ("The prime minister of England went to a football match.", &["England"], false),
            ("Open Society met the World Bank.", &["Open Society", "World Bank"], false),
        ] {
            assert!(names.iter().all(|name| text.contains(name)), "{text}");
            assert_eq!(is_report(text, names), want, "{text}");
        }
    }
}
