//! Places.

use crate::lexicon::Lexicon;
use crate::link::cluster::edit::Edit;
use crate::link::cluster::form::{Form, TypedForm};
use crate::link::cluster::support::Support;
use crate::link::kb::EntryKind;
use crate::link::reason::MergeReason;

/// Whether the knowledge base has two names as those of two entries.
pub(in crate::link::cluster) fn are_other_entries(a: TypedForm<'_>, b: TypedForm<'_>) -> bool {
    let entries = a.form.known.alone(a.kind).zip(b.form.known.alone(b.kind));
    entries.is_some_and(|(a, b)| a.entry.id != b.entry.id)
}

/// What speaks for the shorter of two names of places standing for the longer.
pub(super) fn match_places(short: &Form<'_>, full: &Form<'_>) -> Option<Support> {
    if short.known.is_land() {
        return None;
    }
    let (part, whole): (Vec<&str>, Vec<&str>) = (short.words().collect(), full.words().collect());
    let lexicon = Lexicon::english();
    let is_noun = |words: &[&str]| words.iter().all(|word| lexicon.is_feature(word));
    if let Some(rest) = whole.strip_prefix(part.as_slice()).filter(|rest| !rest.is_empty()) {
        // "Portland, Ore.": the knowledge base has the city there.
        if full.known.is_qualified() {
            return Some(Support::new(MergeReason::Head, 0.95));
        }
        // A province is not the city that it is named after.
        let is_city = || short.known.town().is_some_and(|town| town.kind == EntryKind::City);
        let is_other = || rest.iter().all(|word| lexicon.is_division(word)) && is_city();
        if is_noun(rest) && !is_noun(&part) && !is_other() {
            return Some(Support::new(MergeReason::Head, 0.93));
        }
    }
    let is_long = short.text.len() >= 7 && full.text.len() >= 7 && !full.known.is_land();
    (is_long && Edit::between(&short.text, &full.text) == Some(Edit::Letter))
        .then(|| Support::new(MergeReason::Spelling, 0.85))
}
