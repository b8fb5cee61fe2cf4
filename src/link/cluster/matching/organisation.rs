//! Organisations: of those that six sets of news name by something else than their main name, 42 % are the first words of it and 8 % an
//! acronym.

use crate::lexicon::Lexicon;
use crate::link::cluster::form::Form;
use crate::link::cluster::organisation::{are_typos_in_document, romanised};
use crate::link::cluster::support::Support;
use crate::link::reason::MergeReason;

/// Most words after the first one of the name of a company that the first one may stand for, whatever they say.
const MOST_AFTER_HEAD: usize = 3;

/// What speaks for the shorter of two names of organisations standing for the longer.
pub(super) fn match_organisations(short: &Form<'_>, full: &Form<'_>) -> Option<Support> {
    if short.core() == full.core() {
        return Some(Support::new(MergeReason::LegalForm, 0.97));
    }
    if short.is_acronym
        && !Lexicon::english().is_agency(&short.text)
        && full.organisation.initials().any(|initials| *initials == *short.text)
    {
        return Some(Support::new(MergeReason::Acronym, if short.text.len() > 2 { 0.95 } else { 0.85 }));
    }
    if let (Some(one), Some(other)) = (&short.organisation.ministry, &full.organisation.ministry) {
        let fits = one.state.is_empty() || other.state.is_empty() || one.state == other.state;
        return (one.topic == other.topic && fits).then(|| Support::new(MergeReason::Ministry, 0.93));
    }
    let are_romanised = || romanised(&short.text).is_some_and(|key| romanised(&full.text) == Some(key));
    if are_romanised() {
        return Some(Support::new(MergeReason::Spelling, 0.95));
    }
    match_part(short, full)
        .or_else(|| are_typos_in_document(&short.text, &full.text).then(|| Support::new(MergeReason::Spelling, 0.85)))
}

/// What speaks for the first or last words of a longer name standing for it.
fn match_part(short: &Form<'_>, full: &Form<'_>) -> Option<Support> {
    // Many organisations begin with the name of their country, which stands for none of them.
    if short.known.is_land() {
        return None;
    }
    let (part, whole): (Vec<&str>, Vec<&str>) = (short.words().collect(), full.words().collect());
    let lexicon = Lexicon::english();
    if part.len() >= whole.len() || part.iter().all(|word| lexicon.is_generic(word) || word.len() < 3) {
        return None;
    }
    if let Some(rest) = whole.strip_prefix(part.as_slice()) {
        if lexicon.is_joining(rest[0]) {
            return None;
        }
        let is_generic = rest.iter().all(|word| lexicon.is_generic(word) || lexicon.is_legal_form(word));
        // A part, product or subsidiary has a name of its own (Apple and Apple Corps). A town labelled as an organisation is short for
        // its team.
        let is_team = short.known.town().is_some() && short.known.body().is_none();
        let probability = if is_generic { 0.94 } else { 0.8 };
        // "Dominion" for "Dominion Textile Inc": of a company, whatever it makes.
        let is_company = part.len() == 1
            && rest.len() <= MOST_AFTER_HEAD
            && full.organisation.is_company()
            && !short.known.is_known();
        return (is_generic || is_team || is_company).then(|| Support::new(MergeReason::Head, probability));
    }
    let rest = whole.strip_suffix(part.as_slice())?;
    let is_joined = rest.last().is_some_and(|word| lexicon.is_joining(word));
    // Three words or more before a name describe it ("the aircraft manufacturer Boeing") and hardly tell which it is.
    (!is_joined && rest.len() <= 2).then(|| Support::new(MergeReason::Tail, 0.85))
}
