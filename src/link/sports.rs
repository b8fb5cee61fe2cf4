//! Does a document report on sports, and which of its places are teams there?
//!
//! News names a team by its country or city. Taggers that follow CoNLL-2003 call national teams locations, and mentions without labels
//! say nothing. On AIDA dev without labels, the name of a country in a report on sports is the team in 126 of 163 cases where it
//! stands by itself, and in 39 of 289 where it stands right after another name, as the country of a person does ("Becker (Germany)").

use super::collection::Named;
use crate::text::Document;

/// From so many points on a document reports on sports: two for each name of a competition, one for each word of the trade.
const ENOUGH: usize = 3;

/// Closer to the name before it, a country is that of a person, or one in a list.
const GAP: u8 = 6;

/// Whether a document reports on sports.
pub(super) fn is_report(document: &Document) -> bool {
    let words = |text: &str| {
        let words = text.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| word.len() > 2);
        words.map(str::to_ascii_lowercase).collect::<Vec<_>>()
    };
    let names = document.mentions.iter().map(|mention| words(&document.text[mention.span.range()]));
    let is_competition =
        |name: &Vec<String>| name.iter().any(|word| COMPETITIONS.binary_search(&word.as_str()).is_ok());
    let competitions = names.filter(is_competition).count();
    if 2 * competitions >= ENOUGH {
        return true;
    }
    let mut trade: Vec<String> = words(&document.text);
    trade.retain(|word| TRADE.binary_search(&word.as_str()).is_ok());
    trade.sort_unstable();
    trade.dedup();
    2 * competitions + trade.len() >= ENOUGH
}

/// Whether the name of a country stands in such a report as its team does.
pub(super) fn stands_alone(named: &Named) -> bool {
    named.gap > GAP
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

/// Words of those who report on matches, races and players.
const TRADE: &[&str] = &[
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
    use crate::text::{Label, Mention, Span};

    #[test]
    fn the_lists_are_sorted() {
        for list in [COMPETITIONS, TRADE] {
            assert_eq!(list.windows(2).find(|two| two[0] >= two[1]), None);
        }
    }

    #[test]
    fn reports_on_sports() {
        for (text, names, want) in [
            ("Soccer: England beat Austria 2-0. The striker scored both goals.", &["England"][..], true),
            ("***** World Cup ***** European Cup *****", &["World Cup", "European Cup"], true),
            ("The prime minister of England went to a football match.", &["England"], false),
            ("Open Society met the World Bank.", &["Open Society", "World Bank"], false),
        ] {
            let mut document = Document::new("d", text);
            for name in names {
                let start = text.find(name).expect("the text has the name");
                document.mentions.push(Mention::new(Span::new(start, start + name.len()), Label::new("MISC")));
            }
            assert_eq!(is_report(&document), want, "{text}");
        }
    }
}
