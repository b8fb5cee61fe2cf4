//! Sports reports.
//!
//! News calls a team by its country or city. Taggers that follow CoNLL-2003 label national teams as locations, and mentions without
//! labels do not tell at all. On AIDA dev without labels, the name of a country in a sports report is the team in 126 of 163 cases where
//! it stands alone, and in 39 of 289 where it is right after another name, as a person's country is ("Becker (Germany)").

use crate::lexicon::Lexicon;

/// Points that make a document a sports report: two for each name of a competition, one for each different word of such reports.
const ENOUGH: usize = 3;

/// Whether a document is a sports report; `surfaces` are those of its mentions.
pub(super) fn is_report(text: &str, surfaces: &[&str]) -> bool {
    let words = |text: &str| {
        let words = text.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| word.len() > 2);
        words.map(str::to_ascii_lowercase).collect::<Vec<_>>()
    };
    let lexicon = Lexicon::english();
    let is_competition = |name: &&&str| words(name).iter().any(|word| lexicon.is_competition(word));
    let competitions = surfaces.iter().filter(is_competition).count();
    if 2 * competitions >= ENOUGH {
        return true;
    }
    let mut found: Vec<String> = words(text);
    found.retain(|word| lexicon.is_sports_word(word));
    found.sort_unstable();
    found.dedup();
    2 * competitions + found.len() >= ENOUGH
}

#[cfg(test)]
mod tests {
    use super::*;

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
