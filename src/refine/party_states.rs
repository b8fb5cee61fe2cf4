//! Parties and states behind the names of politicians: "(R-Texas)", "D-N.Y.", "(D., Ariz.)".

use super::limits::Limits;
use super::passage::{Passage, is_capitalised, is_word};
use crate::decode::Limit;
use crate::lexicon::Lexicon;
use crate::text::Kind;

/// Most words of a state's name.
const MOST_WORDS: usize = 3;

/// The party is in no mention, and the state is a place.
pub(super) fn limits(passage: Passage<'_>, limits: &mut Limits) {
    let english = Lexicon::english();
    for party in 0..passage.len() {
        if !english.is_party_letter(passage.word(party)) {
            continue;
        }
        let Some(opening) = passage.before(party).filter(|&at| matches!(passage.word(at), "(" | "," | "[")) else {
            continue;
        };
        let Some(joint) = passage.after(party) else { continue };
        let in_brackets = passage.word(opening) != ",";
        match passage.word(joint) {
            "-" | "–" | "‑" if passage.is_glued(joint) => {}
            "," if in_brackets && passage.word(party).ends_with('.') => {}
            _ => continue,
        }
        let Some(first) = passage.after(joint) else { continue };
        let ends = (first + 1..=(first + MOST_WORDS).min(passage.len())).rev();
        let is_state = |end: &usize| {
            (first..*end).all(|at| is_word(passage.word(at))) && english.is_state(passage.slice(&(first..*end)))
        };
        if let Some(end) = ends.into_iter().find(is_state) {
            limits.outside(party..first);
            limits.mention(first..end, Kind::Place);
        } else if in_brackets && is_capitalised(passage.word(first)) && passage.is_glued(first) {
            // A town: "(D-Laredo)".
            limits.outside(party..first);
            limits.add(first, Limit::Only(Kind::Place));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::segment::words_of_text;

    #[test]
    fn the_state_is_a_place_and_the_party_is_not() {
        for (text, want) in [
            ("Ted Cruz (R-Texas) voted", vec!["Texas"]),
            ("Liz Cheney, R-Wyo., spoke", vec!["Wyo."]),
            ("Mark Kelly (D., Ariz.) and Ann Lee (D-N.Y.)", vec!["Ariz.", "N.Y."]),
            ("Jim Roe (R-New Mexico)", vec!["New Mexico"]),
            ("On June 6, D-Day, they landed", vec![]),
        ] {
            let words = words_of_text(text);
            let passage = Passage::new(text, &words);
            let mut found = Limits::default();
            limits(passage, &mut found);
            assert_eq!(found.into_names(passage), want, "{text}");
        }
    }
}
